import type { ActionInfo, ActionResource } from '../../packages/server/src/authorization/catalogue/index.ts'
import type { RawModel } from '../models/botocore.ts'
import type { Habits } from './corrections.ts'
import { hasPlace } from './input.ts'
import { type Mapping, placesOf, plain, templateOf } from './mapping.ts'
import type { RawOperation } from './raw.ts'
import { type MemberFinder, memberFinder } from './variables.ts'

/** The ARNs that an action is asked on, as templates over the input. */
export interface Resources {
  /** Undefined: `*`. */
  readonly on?: readonly string[]
  readonly exactness: 'exact' | 'derived' | 'wildcard'
}

const given = /^(?:Partition|Region|Account)$/

/** Builds the templates of an action's resources from its ARN patterns, the data set's mapping and members' names. */
export function resourcesOf(
  action: ActionInfo,
  mapping: Mapping | undefined,
  model: RawModel,
  name: string,
  operation: RawOperation,
  habits: Habits = {},
): Resources {
  const builder = new TemplateBuilder(mapping, model, name, operation, habits)
  const override = builder.override()
  if (override !== undefined) return { on: [rewritten(override, habits)], exactness: 'derived' }
  if (action.resources.length === 0) return { exactness: 'exact' }
  const tried = action.resources.flatMap((type) => builder.of(type) ?? [])
  // Of kinds that the action may be about, one that the input names whole is meant rather than one half named.
  const sure = tried.some(({ missing }) => missing === 0)
  const meant = tried.filter(({ text, missing }) => !sure || missing === 0 || !text.startsWith('?'))
  // One that is the same whatever the input says is not, where the input names another.
  const isNamed = ({ text }: Template) => placesOf(text).length > 0
  const built = meant.filter((each) => !each.text.startsWith('?') || isNamed(each) || !meant.some(isNamed))
  if (built.length === 0) return { exactness: 'wildcard' }
  return {
    on: [...new Set(built.map(({ text }) => rewritten(text, habits)))],
    exactness: built.every(({ missing }) => missing === 0) ? 'derived' : 'wildcard',
  }
}

function rewritten(text: string, { rewrites = {} }: Habits): string {
  return Object.entries(rewrites).reduce((made, [part, better]) => made.replaceAll(part, better), text)
}

interface Template {
  readonly text: string
  /** Variables that stand for nothing in the input. */
  readonly missing: number
  readonly found: number
}

class TemplateBuilder {
  readonly #mapping: Mapping | undefined
  readonly #has: (place: string) => boolean
  readonly #members: MemberFinder
  readonly #habits: Habits
  readonly #requires: (member: string) => boolean

  constructor(
    mapping: Mapping | undefined,
    model: RawModel,
    name: string,
    operation: RawOperation,
    habits: Habits,
  ) {
    this.#mapping = mapping
    this.#habits = habits
    const required = (operation.input && model.shapes[operation.input.shape]?.required) ?? []
    this.#requires = (member) => required.includes(member)
    this.#has = (place) => hasPlace(model, operation, place)
    this.#members = memberFinder(model, name, operation, habits.ignore)
  }

  /** The data set's own template for the whole ARN. */
  override(): string | undefined {
    const text = this.#mapping?.arn_override?.template
    return text === undefined || text === '*' ? undefined : this.#usable(text)
  }

  of(type: ActionResource): Template | undefined {
    const arn = this.#mapping?.resourcearn_mappings?.[type.type]
    const direct = arn === undefined ? undefined : this.#usable(arn)
    if (direct !== undefined && isArnPlace(direct))
      return this.#marked({ text: direct, missing: 0, found: 1 }, type)
    const best = type.arns
      .map((pattern) => this.#fill(pattern, type))
      .toSorted((a, b) => a.missing - b.missing || a.found - b.found)[0]
    if (best === undefined) return undefined
    return type.required || best.missing === 0 || best.found > 0 ? this.#marked(best, type) : undefined
  }

  /** What may be left out is asked about only where it is there, such as one of two ways to name a thing. */
  #marked(template: Template, type: ActionResource): Template {
    const place = /^\$\{([^}|[]+)(?:\[\])?\}$/.exec(template.text)?.[1]
    const optional = !type.required || (place !== undefined && !this.#requires(place))
    return optional ? { ...template, text: `?${template.text}` } : template
  }

  #fill(pattern: string, type: ActionResource): Template {
    const names = [...pattern.matchAll(/\$\{(\w+)\}/g)]
      .map(([, name]) => name!)
      .filter((name) => !given.test(name))
    const last = names.at(-1)
    const used = new Set<string>()
    let missing = 0
    let whole: string | undefined
    const text = pattern.replace(/\$\{(\w+)\}/g, (all, name: string) => {
      if (name === 'Account') return this.#account(all)
      if (given.test(name)) return all
      const place = this.#placeOf(name, type.type, name === last)
      if (place === undefined || used.has(place)) {
        if (/^(?:AccountId|OwnerAccountId|ResourceAccount)$/i.test(name)) return this.#account('${Account}')
        missing++
        return '*'
      }
      used.add(place)
      if (isArnPlace(place)) {
        // what is named after the kind is the thing itself, however many names its ARN has
        if (name === last || isNamedAfter(place, type.type)) whole ??= place
        else return place.replace(/\}$/, '|last}')
      }
      return this.#withDefault(name === last ? this.#withArn(place) : place)
    })
    const found = used.size
    return whole === undefined ? { text, missing, found } : { text: whole, missing: 0, found }
  }

  #placeOf(name: string, type: string, last: boolean): string | undefined {
    const mapped = this.#mapping?.resource_mappings?.[name]?.template
    const template = mapped === undefined || mapped === '*' ? undefined : this.#usable(mapped)
    if (template !== undefined) return template
    const own = this.#habits.variables?.[name]
    const place = own !== undefined && this.#has(own) ? own : this.#members.find(name, type, last)
    return place === undefined ? undefined : `\${${place}}`
  }

  /** Where a name may be given or an ARN instead, both are asked about: `StreamName` and `StreamARN`. */
  #withArn(template: string): string {
    const member = /^\$\{(\w+)\}$/.exec(template)?.[1]
    const arn = member === undefined ? undefined : this.#members.arnBeside(member)
    return arn === undefined ? template : `\${${member},${arn}}`
  }

  /** A template of the data set, where the input has every place that it reads. */
  #usable(text: string): string | undefined {
    const template = templateOf(text)
    if (template === undefined || template === '*') return undefined
    const places = placesOf(template)
    return places.every(this.#has) && !template.includes('${aws:') ? template : undefined
  }

  #account(standing: string): string {
    const { account } = this.#habits
    return account !== undefined && this.#has(account) ? `\${${account}>Account}` : standing
  }

  #withDefault(template: string): string {
    const place = placesOf(template)[0] ?? ''
    const value = this.#habits.defaults?.[place]
    return value === undefined ? template : template.replace(/\}$/, `=${value}}`)
  }
}

/** Whether a place of ARNs is called as a kind of resource is: `ClusterArn` of a cluster. */
function isNamedAfter(template: string, kind: string): boolean {
  const member = /^\$\{(\w+?)arns?(?:\[\])?\}$/i.exec(template)?.[1]
  return member !== undefined && plain(member) === plain(kind)
}

/** Whether a template is one place, or several, that hold ARNs. */
function isArnPlace(template: string): boolean {
  const places = /^\$\{([^}|]*)\}$/.exec(template)?.[1]?.split(',') ?? []
  return places.length > 0 && places.every((place) => /arns?(?:\[\])?$/i.test(place))
}
