import type { Asked, ContextInput } from '@omen-iam/policy'
import { conditionsAbout } from './statements.ts'

const tagKeys = 'aws:TagKeys'
const transitiveKeys = 'sts:TransitiveTagKeys'

/**
 * The same requests with the keys of the tags that they write in another case, if a condition on `aws:TagKeys` is about
 * one: that compares the case, whereas `aws:PrincipalTag/…` and `aws:ResourceTag/…` do not. Users, roles and sessions have one
 * tag of a key in any case. [POL-193, IAM-TAG-1, POL-055]
 */
export function* respelled(all: readonly Asked[]): Generator<readonly Asked[]> {
  const written = new Set(all.flatMap(writtenKeys))
  if (written.size === 0) return
  const named = new Set(all.flatMap(namedKeys))
  if (named.size === 0) return
  const done = new Set<string>()
  for (const spell of spellings(named)) {
    const keys = new Map([...written].map((key) => [key, spell(key)]))
    const name = [...keys.values()].join()
    if (done.has(name) || [...keys].every(([key, other]) => key === other)) continue
    done.add(name)
    yield all.map((asked) => withKeys(asked, keys))
  }
}

/** The keys of tags that a request writes in any case: not those that the resource may have in another case besides. */
function writtenKeys({ request }: Asked): readonly string[] {
  const keys = request.context[tagKeys]
  if (!Array.isArray(keys) || /:Untag|:Remove/i.test(request.action)) return []
  if (/^(?:sts:|iam:(?:Tag|Create)(?:User|Role)$)/i.test(request.action)) return keys
  const { context, open = {} } = request
  const tags = Object.keys(context).map((key) => key.toLowerCase())
  const isOpen = Object.keys(open).some((key) => /:ResourceTag\//i.test(key))
  return isOpen ? [] : keys.filter((key) => !tags.includes(`aws:resourcetag/${key.toLowerCase()}`))
}

/** The keys that conditions on `aws:TagKeys` about a request name. */
function namedKeys({ request, policies }: Asked): readonly string[] {
  if (!Array.isArray(request.context[tagKeys])) return []
  return [...conditionsAbout(policies, request.action)].flatMap(({ key, values }) =>
    key.toLowerCase() === 'aws:tagkeys' ? values.map(({ value }) => value) : [],
  )
}

/** Ways to spell a key: as a condition does, and as none does. */
function* spellings(named: ReadonlySet<string>): Generator<(key: string) => string> {
  for (const name of named) yield (key) => (key.toLowerCase() === name.toLowerCase() ? name : key)
  yield (key) =>
    [...key].map((each, place) => (place % 2 === 0 ? each.toLowerCase() : each.toUpperCase())).join('')
  yield (key) =>
    [...key].map((each, place) => (place % 2 === 0 ? each.toUpperCase() : each.toLowerCase())).join('')
}

function withKeys(asked: Asked, keys: ReadonlyMap<string, string>): Asked {
  const { request } = asked
  const context: Record<string, ContextInput | undefined> = { ...request.context }
  for (const name of [tagKeys, transitiveKeys]) {
    const value = context[name]
    if (Array.isArray(value)) context[name] = value.map((key) => keys.get(key) ?? key)
  }
  return { ...asked, request: { ...request, context } }
}
