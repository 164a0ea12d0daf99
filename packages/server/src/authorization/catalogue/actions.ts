import { openPack } from './pack.ts'
import { recent } from './recent.ts'

/** AWS's access level of an action. */
export type AccessLevel = 'List' | 'Read' | 'Write' | 'Tagging' | 'Permissions management'

/** A resource type on which an action is authorised. */
export interface ActionResource {
  /** The resource type's name, for example `role`. */
  readonly type: string
  readonly required: boolean
  /** ARN patterns with `${Partition}`, `${Account}` and so on. */
  readonly arns: readonly string[]
  /** Keys of requests that ask about this type. */
  readonly conditionKeys: readonly string[]
}

/** An action's entry in AWS's service authorization reference. */
export interface ActionInfo {
  /** The prefix, for example `iam`. */
  readonly service: string
  readonly name: string
  readonly description: string
  readonly accessLevel: AccessLevel
  /** Whether no API operation has this name: it is asked together with others, like iam:PassRole. */
  readonly permissionOnly: boolean
  /** Empty if only `*` matches. */
  readonly resources: readonly ActionResource[]
  readonly conditionKeys: readonly string[]
  /** Actions that the caller needs in addition. */
  readonly dependentActions: readonly string[]
}

/** A condition key of a service. */
export interface ConditionKeyInfo {
  readonly key: string
  /** AWS's word for its type: `String`, `ArrayOfString`, `Bool`, `ARN`, `Numeric`, `Date` … */
  readonly type: string
  readonly description: string
}

/** A service as policies see it. */
export interface ServiceInfo {
  readonly prefix: string
  readonly title: string
  readonly actions: readonly ActionInfo[]
  /** ARN patterns by resource type. */
  readonly resourceTypes: ReadonlyMap<string, readonly string[]>
  readonly conditionKeys: readonly ConditionKeyInfo[]
}

/** The index of actions.pack: prefix and title of each section's service. */
export type ActionIndex = readonly (readonly [prefix: string, title: string])[]

/** A section of actions.pack; empty and false members are left out. */
export interface PackedService {
  readonly actions: Readonly<Record<string, PackedAction>>
  readonly types: Readonly<Record<string, readonly string[]>>
  /** Type and description by key. */
  readonly keys: Readonly<Record<string, readonly [string, string]>>
}
interface PackedAction {
  readonly text: string
  readonly level: AccessLevel
  readonly permission?: true
  /** Type (with `*` at its end if it is required) and its keys. */
  readonly on?: readonly (readonly [string, ...string[]])[]
  readonly keys?: readonly string[]
  readonly needs?: readonly string[]
}

interface Service extends ServiceInfo {
  readonly byName: ReadonlyMap<string, ActionInfo>
}

interface Catalogue {
  readonly services: ReadonlyMap<string, string>
  readonly service: (prefix: string) => Service | undefined
}
let catalogue: Catalogue | undefined

/** Returns every service that policies can name: title by prefix. */
export function services(): ReadonlyMap<string, string> {
  return opened().services
}

/** Returns a service by its prefix, ignoring case, or undefined if AWS has none of that name. */
export function serviceInfo(prefix: string): ServiceInfo | undefined {
  return opened().service(prefix.toLowerCase())
}

/** Returns the actions of a service by name; none if AWS has no such service. */
export function serviceActions(prefix: string): readonly ActionInfo[] {
  return serviceInfo(prefix)?.actions ?? []
}

/** Returns what is before the first colon: the service of an action or a condition key. Empty if there is none. */
export function prefixOf(name: string): string {
  return name.slice(0, Math.max(name.indexOf(':'), 0))
}

/** Returns an action such as `iam:CreateRole`, ignoring case, or undefined if AWS has none of that name. */
export function actionInfo(action: string): ActionInfo | undefined {
  const prefix = prefixOf(action)
  return opened()
    .service(prefix.toLowerCase())
    ?.byName.get(action.slice(prefix.length + 1).toLowerCase())
}

function opened(): Catalogue {
  catalogue ??= open()
  return catalogue
}

function open(): Catalogue {
  const pack = openPack<ActionIndex>('actions.pack')
  const sections = new Map(pack.index.map(([prefix, title], number) => [prefix, { title, number }]))
  // all of them take 15 MB
  const unpacked = recent(sections.size, (prefix: string): Service | undefined => {
    const section = sections.get(prefix)
    if (section === undefined) return undefined
    const packed = JSON.parse(pack.section(section.number)) as PackedService // written by the tool for this reader
    return unpack(prefix, section.title, packed)
  })
  return { services: new Map(pack.index), service: unpacked }
}

function unpack(prefix: string, title: string, packed: PackedService): Service {
  const actions = Object.entries(packed.actions).map(
    ([name, { text, level, permission, on = [], keys = [], needs = [] }]): ActionInfo => ({
      service: prefix,
      name,
      description: text,
      accessLevel: level,
      permissionOnly: permission === true,
      resources: on.map(([marked, ...conditionKeys]) => {
        const required = marked.endsWith('*')
        const type = required ? marked.slice(0, -1) : marked
        return { type, required, arns: packed.types[type] ?? [], conditionKeys }
      }),
      conditionKeys: keys,
      dependentActions: needs,
    }),
  )
  return {
    prefix,
    title,
    actions,
    byName: new Map(actions.map((action) => [action.name.toLowerCase(), action])),
    resourceTypes: new Map(Object.entries(packed.types)),
    conditionKeys: Object.entries(packed.keys).map(([key, [type, description]]) => ({
      key,
      type,
      description,
    })),
  }
}
