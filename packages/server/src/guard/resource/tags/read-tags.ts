import type { Reply } from '../../ask.ts'
import { elementsIn, isObject, membersOf, objectIn } from '../answers.ts'

/** Tags by key. */
export type Tags = ReadonlyMap<string, string>

/** The resource does not exist, so it has no tags. */
const missing =
  /NotFound|NonExistent|DoesNotExist|\bNoSuch(?:TagSet(?:Error)?|Bucket|Key|Version|Entity|AccessPoint)\b/

/**
 * The tags in an answer: none of a resource that does not exist, undefined of an answer that does not give them.
 * @param at the members of a JSON answer that lead to them
 * @param arn the resource that is meant, where the answer may be about several
 */
export function tagsIn(
  { status, text }: Pick<Reply, 'status' | 'text'>,
  at: readonly string[],
  arn?: string,
): Tags | undefined {
  if (status !== 200) return missing.test(text) ? new Map() : undefined
  return at.length === 0 ? inXml(text, arn) : inObject(objectIn(text), at, arn)
}

/** A list that is left out is empty; an answer without any form is none. */
function inObject(answer: unknown, at: readonly string[], arn: string | undefined): Tags | undefined {
  if (!isObject(answer)) return undefined
  let value: unknown = answer
  for (const [place, step] of at.entries()) {
    // the tagging API lists nothing of what it does not know, and an upstream may list more than it was asked for
    const next: unknown = Array.isArray(value)
      ? value.find((each: unknown) => membersOf(each)[step.slice(1)] === arn)
      : membersOf(value)[step]
    if (next === undefined || next === null) return place === at.length - 1 ? new Map() : undefined
    value = next
  }
  if (!Array.isArray(value)) return new Map(Object.entries(membersOf(value)).flatMap(asPair))
  return new Map(value.flatMap((tag: unknown) => pairOf(membersOf(tag))))
}

function asPair([key, value]: readonly [string, unknown]): readonly (readonly [string, string])[] {
  return typeof value === 'string' ? [[key, value]] : []
}

function pairOf(tag: Readonly<Record<string, unknown>>): readonly (readonly [string, string])[] {
  const key = tag.Key ?? tag.key ?? tag.TagKey
  const value = tag.Value ?? tag.value ?? tag.TagValue ?? ''
  return typeof key === 'string' && typeof value === 'string' ? [[key, value]] : []
}

function inXml(text: string, arn = ''): Tags | undefined {
  if (!/^\s*<(?:\?xml[^>]*>\s*<)?[\w:]*(?:Tag|Response)/.test(text)) return undefined
  const tags = new Map<string, string>()
  for (const { children } of elementsIn(text)) {
    const part = (name: string) => children.find((child) => child.name.toLowerCase() === name)?.text
    const key = part('key')
    // an upstream may list the tags of more than it was asked for
    const of = part('resourceid')
    if (of !== undefined && !arn.endsWith(`/${of}`)) continue
    if (key !== undefined && part('value') !== undefined) tags.set(key, part('value')!)
  }
  return tags
}

/**
 * Condition keys for tags. Their names ignore case: of two that differ in case alone, the one that is last in the order of their
 * characters counts (behaviour GRD-146).
 */
export function keysOfTags(tags: Tags, families: readonly string[]): Readonly<Record<string, string>> {
  const sorted = [...tags].sort(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0))
  const last = new Map(sorted.map(([key, value]) => [key.toLowerCase(), [key, value] as const]))
  return Object.fromEntries(
    [...last.values()].flatMap(([key, value]) =>
      families.map((family) => [`${family}${key}`, value] as const),
    ),
  )
}
