import type {
  AccessLevel,
  ActionIndex,
  PackedService,
} from '../../packages/server/src/authorization/catalogue/index.ts'
import { packOf } from './pack.ts'
import { source } from './sources.ts'

interface Action {
  readonly name: string
  readonly description: string
  readonly accessLevel: string
  readonly isPermissionOnly?: boolean
  readonly resourceTypes: readonly {
    readonly name: string
    readonly required: boolean
    readonly conditionKeys: readonly string[]
    readonly dependentActions: readonly string[]
  }[]
  readonly conditionKeys: readonly string[]
  readonly dependentActions: readonly string[]
}
interface ResourceType {
  readonly key: string
  readonly arn: string
}
interface ConditionKey {
  readonly key: string
  readonly type: string
  readonly description: string
}
type Keyed<Value> = Readonly<Record<string, Value>>

/**
 * What the newest data say of every action, with what only older data say: the actions needed beside it,
 * and whether it is a permission without an operation.
 */
export function actionPack(): {
  readonly bytes: Buffer
  readonly services: number
  readonly actions: number
} {
  const newest = source('actions')
  const older = source('dependents')
  const olderPrefixes = new Set(older.read('data/services.json') as readonly string[]) // a list of prefixes
  const titles = newest.read('data/serviceNames.json') as Keyed<string> // titles by prefix
  const prefixes = newest.read('data/services.json') as readonly string[] // a list of prefixes
  const index: ActionIndex[number][] = []
  const sections: string[] = []
  let actions = 0
  for (const prefix of [...prefixes].sort()) {
    const known = read<Action>(newest.read, 'actions', prefix)
    const before = olderPrefixes.has(prefix) ? read<Action>(older.read, 'actions', prefix) : {}
    const packed: PackedService = {
      actions: Object.fromEntries(
        byName(Object.values(known), ({ name }) => name).map((action) => [
          action.name,
          packAction(action, before[action.name.toLowerCase()]),
        ]),
      ),
      types: packTypes(Object.values(read<ResourceType>(newest.read, 'resourceTypes', prefix))),
      keys: Object.fromEntries(
        byName(Object.values(read<ConditionKey>(newest.read, 'conditionKeys', prefix)), ({ key }) => key).map(
          ({ key, type, description }) => [key, [type, description]],
        ),
      ),
    }
    index.push([prefix, titles[prefix] ?? prefix])
    sections.push(JSON.stringify(packed))
    actions += Object.keys(packed.actions).length
  }
  return { bytes: packOf(index, sections), services: index.length, actions }
}

function read<Value>(from: (path: string) => unknown, kind: string, prefix: string): Keyed<Value> {
  return from(`data/${kind}/${prefix}.json`) as Keyed<Value> // the package's own form, one file a service
}

function packAction(action: Action, before: Action | undefined): PackedService['actions'][string] {
  const on = action.resourceTypes.map(
    ({ name, required, conditionKeys }) => [required ? `${name}*` : name, ...conditionKeys] as const,
  )
  const needs = new Set(before?.dependentActions)
  for (const type of before?.resourceTypes ?? [])
    for (const needed of type.dependentActions) needs.add(needed)
  return {
    text: action.description,
    level: levelOf(action.accessLevel),
    ...(before?.isPermissionOnly === true && { permission: true }),
    ...(on.length > 0 && { on }),
    ...(action.conditionKeys.length > 0 && { keys: action.conditionKeys }),
    ...(needs.size > 0 && { needs: [...needs].sort() }),
  }
}

/** `Tagging, Write` is Tagging: the reference has one word an action. */
function levelOf(text: string): AccessLevel {
  const [first] = text.split(', ')
  switch (first) {
    case 'List':
    case 'Read':
    case 'Write':
    case 'Tagging':
    case 'Permissions management':
      return first
    default:
      throw new Error(`unknown access level ${text}`)
  }
}

/** A type may have several ARN patterns; they stand under its name in turn. */
function packTypes(types: readonly ResourceType[]): PackedService['types'] {
  const arns = new Map<string, string[]>()
  for (const { key, arn } of byName(types, (type) => type.key)) arns.set(key, [...(arns.get(key) ?? []), arn])
  return Object.fromEntries(arns)
}

function byName<Value>(values: readonly Value[], nameOf: (value: Value) => string): readonly Value[] {
  return [...values].sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1))
}
