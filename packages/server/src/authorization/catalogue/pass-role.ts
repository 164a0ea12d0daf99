import { readFileSync } from 'node:fs'
import { dataFile } from './pack.ts'

/** Why an operation is in the table; the file explains each word. */
export type PassRoleEvidence = 'reference' | 'documentation' | 'observed' | 'dataset' | 'model'

/** A place in an operation's input that names a role to pass. */
export interface PassedRole {
  /** Its place, in the notation of tools/guard/notation.ts; it begins with a dot if it is in an element of `each`. */
  readonly at: string
  /** The list whose elements contain it. */
  readonly each?: string
  /** The condition of the input, or of the element, in the same notation: `.OptionName=ServiceRole`. */
  readonly when?: string
  /**
   * A role by ARN or name; an instance profile by ARN or name, whose role is passed; a launch template that may name
   * one; a launch constraint of AWS Service Catalog, a JSON text with a role's ARN or name.
   */
  readonly is: 'role' | 'instanceProfile' | 'launchTemplate' | 'launchConstraint'
  /** The principals that it may be passed to, for iam:PassedToService. */
  readonly passedTo: readonly string[]
  /** The value of iam:AssociatedResourceArn, in the same notation; absent if it is not known. */
  readonly associated?: string
}

/** An operation that passes a role to a service. */
export interface PassRoleRow {
  /** The prefix of the service's actions. */
  readonly service: string
  readonly operation: string
  /** Empty if the role is not in the input; `note` says where it is. */
  readonly roles: readonly PassedRole[]
  /** All principals of the row. */
  readonly passedTo: readonly string[]
  readonly principals: 'documented' | 'assumed'
  readonly evidence: readonly PassRoleEvidence[]
  /** Whether AWS documents, or was observed, to ask for iam:PassRole here. */
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

/** Returns what is known of an operation that passes roles; empty if it passes none. */
export function passRoleRows(service: string, operation: string): readonly PassRoleRow[] {
  return (
    byService()
      .get(service)
      ?.filter((row) => row.operation === operation) ?? []
  )
}

/** Returns all operations of a service that pass roles. */
export function passRoleRowsOf(service: string): readonly PassRoleRow[] {
  return byService().get(service) ?? []
}

/** Returns the whole table, by service prefix. */
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
