import { readFileSync } from 'node:fs'
import { actionInfo } from '../../packages/server/src/authorization/catalogue/index.ts'
import type { RawModel } from '../models/botocore.ts'
import type { WrittenNeed, WrittenTags } from './notation.ts'
import type { RawOperation } from './raw.ts'

/** One row of guard-corrections.json: what operations ask, where no data set has it right. */
export interface Correction {
  readonly asks: readonly WrittenNeed[]
  readonly keys: Readonly<Record<string, string>>
  readonly tags: readonly WrittenTags[]
  /** Places that are read beside those. */
  readonly reads: readonly string[]
}

interface Need extends Omit<WrittenNeed, 'on' | 'action'> {
  readonly action: string | readonly string[]
  /** A template, or the name of one of the service's. */
  readonly on?: string | readonly string[]
}
interface Row {
  readonly asks: readonly Need[] | Need
  readonly keys?: Readonly<Record<string, string>>
  readonly tags?: readonly WrittenTags[]
  readonly reads?: readonly string[]
}
/** What holds for all derived templates of a service. */
export interface Habits {
  /** What a member means that is left out. */
  readonly defaults?: Readonly<Record<string, string>>
  /** The member that names another account. */
  readonly account?: string
  /** Members that stand for a variable of an ARN whose name is another. */
  readonly variables?: Readonly<Record<string, string>>
  /** Parts of derived templates, and what stands there instead. */
  readonly rewrites?: Readonly<Record<string, string>>
  /** Members that name no resource. */
  readonly ignore?: readonly string[]
  /** How the values of condition keys are made, of operations that can bring them. */
  readonly keys?: Readonly<Record<string, string>>
  /** Keys of operations whose members have other names than theirs. */
  readonly keysOf?: Readonly<Record<string, Readonly<Record<string, string>>>>
  /** The action that puts tags on what operations make, where the reference does not list it beside theirs. */
  readonly tagging?: Readonly<Record<string, string>>
}
interface Service extends Habits {
  readonly why: string
  readonly templates?: Readonly<Record<string, string>>
  /** Rows by operation; a name may list several, with blanks between. */
  readonly operations: Readonly<Record<string, Row>>
  /** For services whose actions are HTTP methods on paths: what is taken off the path. */
  readonly byPath?: { readonly prefix: string; readonly drop: string }
}

interface File {
  readonly services: Readonly<Record<string, Service>>
}

/** guard-corrections.json, by service and operation. */
export type Corrections = ReadonlyMap<string, Service & { readonly rows: ReadonlyMap<string, Row> }>

/** Reads the corrections that are kept by hand. */
export function readCorrections(path: URL | string): Corrections {
  const { services } = JSON.parse(readFileSync(path, 'utf8')) as File // our own, kept by hand
  return new Map(
    Object.entries(services).map(([id, service]) => [
      id,
      {
        ...service,
        rows: new Map(
          Object.entries(service.operations).flatMap(([names, row]) =>
            names.split(' ').map((name): [string, Row] => [name, row]),
          ),
        ),
      },
    ]),
  )
}

/** What the corrections say of an operation. */
export function correctionOf(
  corrections: Corrections,
  folder: string,
  name: string,
  operation: RawOperation,
  model: RawModel,
): Correction | undefined {
  const service = corrections.get(folder)
  if (service === undefined) return undefined
  const row = service.rows.get(name)
  if (row === undefined) return byPath(service, name, operation, model)
  const needs = Array.isArray(row.asks) ? (row.asks as readonly Need[]) : [row.asks as Need] // one of the two
  return {
    asks: needs.flatMap(({ action, on, ...more }) =>
      [action].flat().map((one): WrittenNeed => {
        const templates = on === undefined ? undefined : [on].flat().map((text) => expand(service, text))
        return { action: one, ...(templates !== undefined && { on: templates }), ...more }
      }),
    ),
    keys: row.keys ?? {},
    tags: row.tags ?? [],
    reads: row.reads ?? [],
  }
}

function expand({ templates = {} }: Service, text: string): string {
  const optional = text.startsWith('?') ? '?' : ''
  const name = text.slice(optional.length)
  return optional + (templates[name] ?? name)
}

/** API Gateway's actions are methods, and its resources paths. */
function byPath(
  { byPath: rule }: Service,
  name: string,
  { http, input }: RawOperation,
  { shapes }: RawModel,
): Correction | undefined {
  // Newer operations have actions of their own names.
  if (rule === undefined || actionInfo(`${rule.prefix}:${name}`) !== undefined) return undefined
  const members = Object.entries((input && shapes[input.shape]?.members) ?? {})
  const labels = new Map(members.map(([member, { locationName = member }]) => [locationName, member]))
  const path = http.requestUri.split('?', 1)[0]!.replace(rule.drop, '')
  const filled = path.replace(/\{([\w-]+)\+?\}/g, (_all, label: string) => `\${/${labels.get(label)}}`)
  const on = `arn:\${Partition}:${rule.prefix}:\${Region}::${filled}`
  return { asks: [{ action: `${rule.prefix}:${http.method}`, on: [on] }], keys: {}, tags: [], reads: [] }
}
