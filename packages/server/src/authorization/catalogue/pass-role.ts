import { readFileSync } from 'node:fs'
import { dataFile } from './pack.ts'

/** Why an operation stands in the table; what each word means is said in the file itself. */
export type PassRoleEvidence = 'reference' | 'documentation' | 'observed' | 'dataset' | 'model'

/** A place in an operation's input that names a role to be handed on. */
export interface PassedRole {
  /** Where it stands, in the form that `valuesAt` reads; behind a dot within each element of `each`. */
  readonly at: string
  /** The list in whose elements it stands. */
  readonly each?: string
  /** What must hold of the input, or of the element, in the form of the guard's corrections: `.OptionName=ServiceRole`. */
  readonly when?: string
  /**
   * A role by ARN or name; an instance profile by ARN or name, whose role is meant; a launch template that may name one;
   * a launch constraint of AWS Service Catalog, a text in JSON with a role's ARN or name.
   */
  readonly is: 'role' | 'instanceProfile' | 'launchTemplate' | 'launchConstraint'
  /** The principals that it may be handed to, for iam:PassedToService. */
  readonly passedTo: readonly string[]
}

/** An operation that hands a role to a service. */
export interface PassRoleRow {
  /** The prefix of the service's actions. */
  readonly service: string
  readonly operation: string
  /** Empty where the role stands elsewhere than in the input; `note` says where. */
  readonly roles: readonly PassedRole[]
  /** All principals of the row. */
  readonly passedTo: readonly string[]
  readonly principals: 'documented' | 'assumed'
  readonly evidence: readonly PassRoleEvidence[]
  /** Whether AWS was read or seen to ask for iam:PassRole here. */
  readonly verified: boolean
  readonly note?: string
}

interface FileRow {
  readonly service: string
  readonly operation: string
  readonly roles: readonly (Omit<PassedRole, 'is'> & { readonly is?: PassedRole['is'] })[]
  readonly passedTo?: readonly string[]
  readonly principals: 'documented' | 'assumed'
  readonly evidence: readonly PassRoleEvidence[]
  readonly verified: boolean
  readonly note?: string
}

let table: ReadonlyMap<string, readonly PassRoleRow[]> | undefined

/** What is known of an operation that hands roles on: none where it hands on nothing. */
export function passRoleRows(service: string, operation: string): readonly PassRoleRow[] {
  return (
    byService()
      .get(service)
      ?.filter((row) => row.operation === operation) ?? []
  )
}

/** All operations of a service that hand roles on. */
export function passRoleRowsOf(service: string): readonly PassRoleRow[] {
  return byService().get(service) ?? []
}

/** The whole table, by service prefix. */
export function passRoleTable(): ReadonlyMap<string, readonly PassRoleRow[]> {
  return byService()
}

function byService(): ReadonlyMap<string, readonly PassRoleRow[]> {
  table ??= read()
  return table
}

function read(): ReadonlyMap<string, readonly PassRoleRow[]> {
  const text = readFileSync(dataFile('passrole.json'), 'utf8')
  const { rows } = JSON.parse(text) as { readonly rows: readonly FileRow[] } // our own file, read whole by a test
  return Map.groupBy(rows.map(rowOf), (row) => row.service)
}

function rowOf({ roles, passedTo = [], ...row }: FileRow): PassRoleRow {
  const places = roles.map((role): PassedRole => ({ ...role, is: role.is ?? 'role' }))
  const principals = new Set([...places.flatMap((place) => place.passedTo), ...passedTo])
  return { ...row, roles: places, passedTo: [...principals].sort() }
}
