import {
  type ActionInfo,
  actionInfo,
  passRoleRows,
} from '../../packages/server/src/authorization/catalogue/index.ts'
import type { Exactness } from '../../packages/server/src/guard/catalogue/index.ts'
import type { RawModel } from '../models/botocore.ts'
import { type Correction, type Corrections, correctionOf } from './corrections.ts'
import { hasPlace } from './input.ts'
import { keysOf, tagsOf } from './keys.ts'
import { type Mapping, type MappingSource, placesOf } from './mapping.ts'
import type { WrittenNeed, WrittenTags } from './notation.ts'
import { prefixesOf } from './prefix.ts'
import { isOpen, type RawOperation } from './raw.ts'
import { resourcesOf } from './resources.ts'
import { taggingNeeds } from './tagging.ts'

/** What an operation asks, and the places of its input that tell it. */
export interface Needs {
  readonly asks: readonly WrittenNeed[] | undefined
  readonly exactness: Exactness
  readonly keys: Readonly<Record<string, string>>
  readonly tags: readonly WrittenTags[]
  readonly places: readonly string[]
}

/** Derives what the operations of one service ask. */
export class NeedsOfService {
  readonly prefixes: readonly string[]
  /** Actions and places of the corrections that there are not. */
  readonly wrong: string[] = []
  readonly #model: RawModel
  readonly #folder: string
  readonly #source: MappingSource
  readonly #names: readonly string[]
  readonly #corrections: Corrections

  constructor(folder: string, model: RawModel, source: MappingSource, corrections: Corrections) {
    this.#folder = folder
    this.#model = model
    this.#source = source
    this.#corrections = corrections
    this.#names = source.namesOf(folder, model)
    const known = source.prefix(this.#names)
    this.prefixes = prefixesOf(folder, model, known === undefined ? [] : [known])
  }

  get #habits() {
    return this.#corrections.get(this.#folder)
  }

  /** What one operation asks. */
  of(name: string, operation: RawOperation): Needs {
    const correction = correctionOf(this.#corrections, this.#folder, name, operation, this.#model)
    if (correction !== undefined) return this.#corrected(name, operation, correction)
    const derived = this.#derived(name, operation)
    if (derived.length === 0) {
      // No policy is asked about what is called without a signature.
      const exactness = isOpen(operation) ? 'exact' : 'unknown'
      return { asks: undefined, exactness, keys: {}, tags: [], places: [] }
    }
    const exactness = derived.map((one) => one.exactness).reduce(worse)
    return this.#needs(
      name,
      operation,
      derived.map(({ need }) => need),
      exactness,
      {},
      [],
      [],
    )
  }

  #derived(
    name: string,
    operation: RawOperation,
  ): readonly { readonly need: WrittenNeed; readonly exactness: Exactness }[] {
    const mappings = this.#mappings(name)
    const named = this.prefixes
      .map((prefix) => actionInfo(`${prefix}:${name}`))
      .find((found) => found !== undefined)
    const actions: readonly (readonly [ActionInfo, Mapping | undefined])[] =
      named !== undefined
        ? [[named, mappings.find(({ action }) => sameAction(action, named))]]
        : mappings.map((mapping) => [actionInfo(mapping.action)!, mapping] as const)
    return actions.map(([action, mapping]) => {
      const { on, exactness } = resourcesOf(
        action,
        mapping,
        this.#model,
        name,
        operation,
        this.#corrections.get(this.#folder),
      )
      return {
        need: { action: `${action.service}:${action.name}`, ...(on !== undefined && { on }) },
        exactness,
      }
    })
  }

  /** The data set's mappings to actions of the service itself that there still are. */
  #mappings(name: string): readonly Mapping[] {
    const found = this.#source.find(this.#names, name)
    if (found.some(({ conditions }) => conditions !== undefined)) return []
    return found.filter(
      ({ action }) =>
        actionInfo(action) !== undefined && this.prefixes.includes(action.slice(0, action.indexOf(':'))),
    )
  }

  #corrected(name: string, operation: RawOperation, { asks, keys, tags, reads }: Correction): Needs {
    for (const { action } of asks) {
      if (actionInfo(action) === undefined) this.wrong.push(`${this.#folder} ${name}: no action ${action}`)
    }
    for (const place of [...asks.flatMap(placesOfNeed), ...tags.flatMap(placesOfTags)]) {
      if (!hasPlace(this.#model, operation, place))
        this.wrong.push(`${this.#folder} ${name}: no place ${place}`)
    }
    return this.#needs(name, operation, asks, 'exact', keys, tags, reads)
  }

  #needs(
    name: string,
    operation: RawOperation,
    asks: readonly WrittenNeed[],
    exactness: Exactness,
    ownKeys: Readonly<Record<string, string>>,
    ownTags: readonly WrittenTags[],
    reads: readonly string[],
  ): Needs {
    const actions = asks.flatMap(({ action }) => actionInfo(action) ?? [])
    const named = keysOf(actions, this.#model, operation)
    const habits = Object.entries(this.#habits?.keys ?? {}).filter(([key]) => named[key] !== undefined)
    const told = Object.entries(this.#habits?.keysOf ?? {})
      .filter(([names]) => names.split(' ').includes(name))
      .flatMap(([, keys]) => Object.entries(keys))
    for (const place of told.flatMap(([, source]) => placesOfKey(source))) {
      if (!hasPlace(this.#model, operation, place))
        this.wrong.push(`${this.#folder} ${name}: no place ${place}`)
    }
    const keys = { ...named, ...Object.fromEntries([...habits, ...told]), ...ownKeys }
    const tags = ownTags.length > 0 ? ownTags : tagsOf(actions, this.#model, operation)
    const all = [...asks, ...taggingNeeds(name, asks, tags, this.#habits ?? {})]
    const passed = this.prefixes.flatMap((prefix) => passRoleRows(prefix, name)).flatMap(({ roles }) => roles)
    return {
      asks: all,
      exactness,
      keys,
      tags,
      places: [
        ...all.flatMap(placesOfNeed),
        ...Object.values(keys).flatMap(placesOfKey),
        ...reads,
        ...tags.flatMap(placesOfTags),
        ...passed.flatMap(({ at, is, ...place }) => [
          ...placesOfNeed(place),
          ...(is === 'launchTemplate' ? templateMembers : ['']).map(
            (member) => (place.each ?? '') + at + member,
          ),
        ]),
      ],
    }
  }
}

/** What names a launch template, and which version of it. */
const templateMembers = ['.LaunchTemplateId', '.LaunchTemplateName', '.Version']

const order: readonly Exactness[] = ['exact', 'derived', 'wildcard', 'unknown']

function worse(a: Exactness, b: Exactness): Exactness {
  return order.indexOf(a) > order.indexOf(b) ? a : b
}

function sameAction(action: string, { service, name }: ActionInfo): boolean {
  return action.toLowerCase() === `${service}:${name}`.toLowerCase()
}

function placesOfNeed({ on = [], each, when, keys = {} }: Omit<WrittenNeed, 'action'>): readonly string[] {
  const within = (place: string) => (place.startsWith('.') ? `${each}${place === '.' ? '' : place}` : place)
  return [
    ...(each === undefined ? [] : [each]),
    ...on.flatMap((template) => placesOf(template.replace(/^\?/, ''))).map(within),
    ...(when === undefined ? [] : when.split(' & ').map((test) => /^!?([^=!^~]+)/.exec(test)![1]!)).map(
      within,
    ),
    ...Object.values(keys).flatMap(placesOfKey).map(within),
  ]
}

/** The places that a key's value is read from; headers and constants are none of the input. */
function placesOfKey(source: string): readonly string[] {
  if (/^[#=]/.test(source)) return []
  return source.includes('$') ? placesOf(source.replace(/^\?/, '')) : source.split(/[|=]/, 1)[0]!.split(',')
}

function placesOfTags({ at, key, value, form }: WrittenTags): readonly string[] {
  if (form === 'map') return [`${at}{}`]
  if (form !== undefined) return [at]
  return [key, value].flatMap((member) => (member === undefined ? [] : [`${at}.${member}`]))
}
