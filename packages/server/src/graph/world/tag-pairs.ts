import type { Policy } from '@omen-iam/policy'
import { perObject } from '../../base/index.ts'
import { setIn } from './lists.ts'
import type { World } from './world.ts'

/** A key of a tag and its value. */
export type TagPair = readonly [key: string, value: string]

/** Whether a caller can write a tag: only AWS itself writes tags whose keys begin with `aws:`. */
export function isWritableTag(key: string): boolean {
  return !/^aws:/i.test(key)
}

/** The most pairs, and the most ARNs that are compared with one pattern. */
const most = { pairs: 50, arns: 2_000 }

/** A tag that a policy compares with something. */
export const comparedTag = /\$\{[a-z0-9-]+:(?:Principal|Resource)Tag\//i

const callerTag = /\$\{aws:PrincipalTag\/([^},]+)\}/i
const resourceTag = /\$\{[a-z0-9-]+:ResourceTag\/([^},]+)\}/i

/**
 * The tags with which a caller fits what exists, in its account or in another one: a condition compares a tag of the
 * resource with one of the caller, or the Resource of a statement has a tag of the caller in it. Of a tag that nothing has, any
 * value may be written on both. [GRD-751]
 */
export function comparedTags(policies: Iterable<Policy>, worlds: readonly World[]): readonly TagPair[] {
  const found = new Map<string, TagPair>()
  const add = (key: string, value: string): void => {
    if (found.size < most.pairs && isWritableTag(key)) found.set(`${key}=${value}`, [key, value])
  }
  const valuesOf = (key: string): Iterable<string> => {
    const values = worlds.flatMap((world) => [...(tagValues(world).get(key.toLowerCase()) ?? [])])
    return values.length === 0 ? ['omen'] : values
  }
  for (const { text, statements, version } of policies) {
    if (version !== '2012-10-17' || !comparedTag.test(text)) continue
    for (const { resource, condition } of statements) {
      for (const { value } of resource?.values ?? [])
        for (const [key, each] of inArns(value, worlds)) add(key, each)
      for (const { key, values: compared } of condition) {
        const [, of, tag = ''] = /^[a-z0-9-]+:(Principal|Resource)Tag\/(.+)$/i.exec(key) ?? []
        if (of === undefined) continue
        const isOfCaller = /^principal$/i.test(of)
        for (const { value } of compared) {
          const other = (isOfCaller ? resourceTag : callerTag).exec(value)?.[1]
          if (other === undefined) continue
          const [mine, its] = isOfCaller ? [tag, other] : [other, tag]
          for (const each of valuesOf(its)) add(mine, each)
        }
      }
    }
  }
  return [...found.values()]
}

/** The values of tags of what exists, by key in lower case. */
const tagValues = perObject(
  ({ users, roles, inventory }: World): ReadonlyMap<string, ReadonlySet<string>> => {
    const found = new Map<string, Set<string>>()
    for (const { tags = {} } of [...users.values(), ...roles.values(), ...(inventory.resources ?? [])])
      for (const [key, value] of Object.entries(tags)) {
        const values = setIn(found, key.toLowerCase())
        if (values.size < most.pairs) values.add(value)
      }
    return found
  },
)

/** The values of a caller's tag with which a Resource names something that exists. */
function* inArns(pattern: string, worlds: readonly World[]): Generator<TagPair> {
  const match = callerTag.exec(pattern)
  if (match === null) return
  const [variable, key = ''] = match
  const before = pattern.slice(0, match.index)
  const after = pattern.slice(match.index + variable.length)
  const [start, end] = [literalEnd(before), literalStart(after)]
  let count = 0
  for (const arn of arnsOf(worlds)) {
    if (++count > most.arns) return
    if (!isWild(before) && !arn.startsWith(before)) continue
    const from = isWild(before) ? arn.indexOf(start) + start.length : before.length
    if (from < start.length) continue
    const to = end === '' ? arn.length : arn.indexOf(end, from + 1)
    const value = to === -1 ? '' : arn.slice(from, to)
    if (value !== '' && /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,256}$/u.test(value)) yield [key.trim(), value]
  }
}

function isWild(text: string): boolean {
  return /[*?]|\$\{/.test(text)
}

/** The literal text right before the end. */
function literalEnd(text: string): string {
  return text.slice(Math.max(text.lastIndexOf('*'), text.lastIndexOf('?'), text.lastIndexOf('}')) + 1)
}

/** The literal text at the start. */
function literalStart(text: string): string {
  const at = text.search(/[*?]|\$\{/)
  return at === -1 ? text : text.slice(0, at)
}

function* arnsOf([own, ...others]: readonly World[]): Generator<string> {
  if (own === undefined) return
  const { users, roles, groups, policies, inventory } = own
  for (const { arn } of roles.values()) yield arn
  for (const { arn } of users.values()) yield arn
  for (const { arn } of groups.values()) yield arn
  for (const { arn, isCustomerManaged } of policies.values()) if (isCustomerManaged) yield arn
  for (const { arn } of inventory.resources ?? []) yield arn
  for (const other of others) for (const { arn } of other.roles.values()) yield arn
}
