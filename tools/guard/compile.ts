import type { PassRoleRow } from '../../packages/server/src/authorization/catalogue/index.ts'
import type {
  PackedKey,
  PackedKeySource,
  PackedNeed,
  PackedOperation,
  PackedPass,
  PackedTags,
  PackedTemplate,
} from '../../packages/server/src/guard/catalogue/index.ts'
import { conditionsOf } from './condition.ts'
import type { WrittenKey, WrittenKeys, WrittenNeed, WrittenOperation, WrittenTags } from './notation.ts'
import { pathOf } from './place.ts'
import { functionNamed, templateOf } from './template.ts'

/** The templates of a service, each once. */
export class Templates {
  readonly all: PackedTemplate[] = []
  readonly #numbers = new Map<string, number>()

  /** The number of a template, which is read when it is first met. */
  number(written: string): number {
    const known = this.#numbers.get(written)
    if (known !== undefined) return known
    const number = this.all.push(templateOf(written)) - 1
    this.#numbers.set(written, number)
    return number
  }
}

/**
 * Translates one operation into the form that the guard reads.
 * @throws Error where the notation is wrong; the message says what
 */
export function compiledOperation(
  { asks, keys, tags, ...operation }: WrittenOperation,
  rows: readonly PassRoleRow[],
  templates: Templates,
): PackedOperation {
  const passes = rows.flatMap(({ roles }) => roles).map(passOf)
  return {
    ...operation,
    ...(asks !== undefined && { asks: asks.map((need) => needOf(need, templates)) }),
    ...(keys !== undefined && { keys: keysOf(keys) }),
    ...(tags !== undefined && { tags: tags.map(tagsOf) }),
    ...(passes.length > 0 && { passes }),
  }
}

function needOf({ on, each, when, keys, key, ...need }: WrittenNeed, templates: Templates): PackedNeed {
  const places = [...(on ?? []), ...(when === undefined ? [] : [when]), ...Object.values(keys ?? {})]
  if (each === undefined && places.some((text) => /(?:^|[{,>!]|& )\.[\w}]|^\.$/.test(text)))
    throw new Error(`a place of an element, and no list: ${places.join(' ')}`)
  return {
    ...need,
    ...(on !== undefined && { on: on.map((written) => templates.number(written)) }),
    ...(each !== undefined && { each: pathOf(each) }),
    ...(when !== undefined && { when: conditionsOf(when) }),
    ...(keys !== undefined && { keys: keysOf(keys) }),
    ...(key !== undefined && { key: kmsKeyOf(key) }),
  }
}

function kmsKeyOf({ at, ...key }: WrittenKey): PackedKey {
  return { ...key, ...(at !== undefined && { at: pathOf(at) }) }
}

function passOf({
  at,
  each,
  when,
  is,
  associated,
  passedTo: [to],
}: PassRoleRow['roles'][number]): PackedPass {
  return {
    at: pathOf(at),
    ...(each !== undefined && { each: pathOf(each) }),
    ...(when !== undefined && { when: conditionsOf(when) }),
    is,
    ...(to !== undefined && { to }),
    ...(associated !== undefined && { associated: templateOf(associated) }),
  }
}

function tagsOf({ at, key, value, ...more }: WrittenTags): PackedTags {
  return {
    at: pathOf(at),
    ...(key !== undefined && { key: pathOf(key) }),
    ...(value !== undefined && { value: pathOf(value) }),
    ...more,
  }
}

function keysOf(keys: WrittenKeys): Readonly<Record<string, PackedKeySource>> {
  return Object.fromEntries(Object.entries(keys).map(([key, source]) => [key, sourceOf(source)]))
}

/** Reads the source of a condition key's value; a pattern of EventBridge is a list, also of one text. */
export function sourceOf(source: string): PackedKeySource {
  const isMany = /\[\]|\{\}|,/.test(source)
  if (source.startsWith('#')) {
    if (!/^#[a-z0-9-]+$/.test(source)) throw new Error(`no header: ${source}`)
    return { header: source.slice(1) }
  }
  if (source.startsWith('=') && source.length > 1) return { constant: source.slice(1) }
  if (source.includes('$')) return { template: templateOf(source), ...(isMany && { many: true }) }
  const [, places, name, fallback] = /^([^|=]+)(?:\|(\w+))?(?:=(.+))?$/.exec(source) ?? []
  if (places === undefined) throw new Error(`no source of a key: ${source}`)
  const made = functionNamed(name)
  return {
    at: places.split(',').map(pathOf),
    ...(made !== undefined && { function: made }),
    ...(fallback !== undefined && { fallback }),
    ...((isMany || /^pattern/.test(name ?? '')) && { many: true }),
  }
}
