import type { ContextKeys } from '../../authorization/index.ts'
import type { HttpRequest } from '../../base/index.ts'
import { textFunctions } from './functions.ts'
import { asRecord, type Input, partsAt, textsAt, textsWithin, Unreadable } from './input.ts'
import type { PackedKeySource, PackedTags } from './packed.ts'
import { eachStep } from './path.ts'
import type { Place } from './place.ts'
import { hoisted, queryOf } from './query.ts'
import { fillTemplate } from './template.ts'

/** The condition keys whose places hold something (behaviour GRD-13). */
export function keysFrom(
  sources: Readonly<Record<string, PackedKeySource>> | undefined,
  input: Input,
  element: unknown,
  request: HttpRequest,
  where: Place,
): ContextKeys {
  const keys: Record<string, string | readonly string[]> = {}
  for (const [key, source] of Object.entries(sources ?? {})) {
    const texts = textsOf(source, input, element, request, where)
    if (texts.length === 0) continue
    const many = 'many' in source && source.many === true
    keys[key] = many || texts.length > 1 ? [...new Set(texts)] : texts[0]!
  }
  return keys
}

function textsOf(
  source: PackedKeySource,
  input: Input,
  element: unknown,
  request: HttpRequest,
  where: Place,
): readonly string[] {
  if ('header' in source) return headerTexts(source.header, request)
  if ('constant' in source) return [source.constant]
  if ('template' in source) {
    const made = fillTemplate(source.template, input, element, where)
    const others = [...(made?.whole.values() ?? [])].flatMap((each) => each.others)
    return [...(made?.arns ?? []), ...others]
  }
  const texts = source.at.flatMap((path) => textsWithin(input, element, path))
  if (texts.length === 0) return source.fallback === undefined ? [] : [source.fallback]
  const apply = source.function === undefined ? undefined : textFunctions[source.function]
  return apply === undefined ? texts : texts.flatMap((text) => apply(text, where))
}

/** A header, or its equivalent parameter in a presigned URL. */
function headerTexts(name: string, request: HttpRequest): readonly string[] {
  const value = request.headers[name] ?? hoisted(name, queryOf(request.rawQuery) ?? new Map())
  return value === undefined ? [] : [value]
}

/** A service's own keys for the tags of a request, and for tag names if it has one. */
export interface OwnTagKeys {
  readonly tag: string
  readonly names?: string
}

/** The tags that a request brings: aws:RequestTag/KEY and aws:TagKeys, and a service's own names for them. */
export function tagKeys(
  places: readonly PackedTags[] | undefined,
  input: Input,
  own: OwnTagKeys | undefined,
): ContextKeys {
  const tags = (places ?? []).flatMap((place) => {
    const found = tagsAt(place, input)
    // if resources are tagged separately, one key may have several values
    if (!place.at.slice(0, -1).includes(eachStep) && new Set(found.map(([key]) => key)).size < found.length)
      throw new Unreadable('A tag is given more than once')
    return found
  })
  if (tags.length === 0) return {}
  // of names that differ in case alone the last in the order of characters counts (behaviour GRD-146)
  tags.sort(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0))
  const names = [...new Set(tags.map(([key]) => key))]
  const keys: Record<string, string | readonly string[]> = { 'aws:TagKeys': names }
  if (own?.names !== undefined) keys[own.names] = names
  for (const [key, value] of valuesByName(tags)) {
    keys[`aws:RequestTag/${key}`] = value
    if (own !== undefined) keys[`${own.tag}/${key}`] = value
  }
  return keys
}

/**
 * All values given for each name: if they differ, no condition on one value holds with certainty (behaviour GRD-98).
 */
function valuesByName(
  pairs: Iterable<readonly [name: string, value: unknown]>,
): ReadonlyMap<string, string | readonly string[]> {
  const byName = new Map<string, string | readonly string[]>()
  for (const [name, value] of pairs) {
    if (typeof value !== 'string') continue
    const values = new Set([...[byName.get(name) ?? []].flat(), value])
    byName.set(name, values.size === 1 ? value : [...values])
  }
  return byName
}

type Tag = readonly [key: string, value: string | undefined]

function tagsAt({ at, key = ['Key'], value, form }: PackedTags, input: Input): readonly Tag[] {
  switch (form) {
    case 'keys':
      return textsAt(input, at).map((name): Tag => [name, undefined])
    case 'map':
      return partsAt(input, at).flatMap((map) =>
        Object.entries(asRecord(map) ?? {}).map(
          ([name, text]): Tag => [name, typeof text === 'string' ? text : ''],
        ),
      )
    case 'query':
      return textsAt(input, at).flatMap((text) =>
        [...(queryOf(text) ?? [])].flatMap(([name, values]) => values.map((value): Tag => [name, value])),
      )
    default:
      return partsAt(input, at).flatMap((tag): readonly Tag[] => {
        const [name] = textsAt(tag, key)
        const [text = ''] = value === undefined ? [] : textsAt(tag, value)
        return name === undefined ? [] : [[name, text]]
      })
  }
}

/** The constraints of a grant, one of them at most. */
const grantConstraints = ['EncryptionContextEquals', 'EncryptionContextSubset']

/**
 * kms:EncryptionContext of every context in a call, the constraints of a grant, and kms:CallerAccount (behaviour
 * GRD-16).
 */
export function kmsKeys(input: Input, { account }: Place): ContextKeys {
  const contexts = ['EncryptionContext', 'SourceEncryptionContext', 'DestinationEncryptionContext']
  const pairs = contexts.flatMap((name) => Object.entries(asRecord(input[name]) ?? {}))
  const keys: Record<string, string | readonly string[]> = { 'kms:CallerAccount': account }
  for (const [name, value] of valuesByName(pairs)) keys[`kms:EncryptionContext:${name}`] = value
  const bound = grantConstraints.filter((name) => partsAt(input, ['Constraints', name]).length > 0)
  if (bound.length > 0) keys['kms:GrantConstraintType'] = bound.length === 1 ? bound[0]! : bound
  if (pairs.length > 0) keys['kms:EncryptionContextKeys'] = [...new Set(pairs.map(([name]) => name))]
  return keys
}
