import { type ActionInfo, actionInfo } from '../../authorization/catalogue/index.ts'
import type { ContextKeys } from '../../authorization/index.ts'

/** Returns whether a condition key, in lower case, is one of a kind of resource that a question is not about. */
export type IsOfOthers = (key: string) => boolean

const none: IsOfOthers = () => false
const known = new Map<string, IsOfOthers>()

/**
 * Which keys of an action are not those of a resource (behaviour GRD-473). AWS's reference lists the keys of each kind of
 * resource that an action takes: a key that it lists for other kinds alone is absent from the question. Of a resource whose
 * kind is not in its ARN nothing is said, nor of keys that the reference does not list, nor of `aws:` keys.
 */
export function keysOfOthers(action: string, resource: string): IsOfOthers {
  const kind = kindOf(resource)
  const name = `${action} ${kind}`
  let found = known.get(name)
  if (found === undefined) {
    found = kind === '' ? none : read(actionInfo(action), kind)
    if (known.size >= mostKept) known.clear()
    known.set(name, found)
  }
  return found
}

/** Kinds come from ARNs, and those from requests. */
const mostKept = 5_000

function read(info: ActionInfo | undefined, kind: string): IsOfOthers {
  const resources = info?.resources ?? []
  const own = resources.filter(({ arns }) => arns.some((arn) => kindOf(arn) === kind))
  if (info === undefined || own.length === 0 || own.length === resources.length) return none
  const lowered = (lists: readonly (readonly string[])[]) => lists.flat().map((key) => key.toLowerCase())
  const its = new Set(lowered([info.conditionKeys, ...own.map(({ conditionKeys }) => conditionKeys)]))
  const others = lowered(resources.map(({ conditionKeys }) => conditionKeys)).filter(
    (key) => !its.has(key) && !key.startsWith('aws:') && !key.includes('/'),
  )
  if (others.length === 0) return none
  const all = new Set(others)
  return (key) => all.has(key)
}

/** The keys of a call that are those of a resource. */
export function ownKeys(keys: ContextKeys, action: string, resource: string): ContextKeys {
  const isOfOthers = Object.keys(keys).length === 0 ? none : keysOfOthers(action, resource)
  if (isOfOthers === none) return keys
  return Object.fromEntries(Object.entries(keys).filter(([key]) => !isOfOthers(key.toLowerCase())))
}

/**
 * The kind of thing that an ARN names: `volume`. Empty if the ARN has a name in that place, as those of buckets have, which
 * are of no region and no account.
 */
export function kindOf(resource: string): string {
  let at = 0 // behind the third colon, and then behind the fifth
  for (let colon = 0; colon < 5; colon++) {
    at = resource.indexOf(':', at) + 1
    if (at === 0 || (colon === 2 && resource.startsWith('::', at))) return ''
  }
  const ends = [resource.indexOf(':', at), resource.indexOf('/', at)].filter((end) => end >= 0)
  const kind = ends.length === 0 ? '' : resource.slice(at, Math.min(...ends))
  return /[*?$]/.test(kind) ? '' : kind
}
