import { readFileSync } from 'node:fs'
import { dataFile } from './pack.ts'

/** A role that IAM creates for a service on request, and that only this service uses. */
export interface ServiceLinkedRole {
  /** The service principal, for example `autoscaling.amazonaws.com`. */
  readonly service: string
  /** Without a suffix, for example `AWSServiceRoleForAutoScaling`. */
  readonly name: string
  /** `/aws-service-role/PRINCIPAL/`. */
  readonly path: string
  /** Paths and names of the managed policies attached to it. */
  readonly policies: readonly string[]
  /** Whether the caller may set a suffix, and so have more than one (behaviour CAT-4). */
  readonly suffixAllowed: boolean
  readonly description?: string
}

interface Row {
  readonly service: string
  readonly name: string
  readonly policies: readonly string[]
  readonly suffix: boolean
  readonly description?: string
}

let table: ReadonlyMap<string, ServiceLinkedRole> | undefined

/** The known service-linked roles, by service principal; others are unknown (behaviours CAT-4, CAT-7). */
export function serviceLinkedRoles(): ReadonlyMap<string, ServiceLinkedRole> {
  table ??= read()
  return table
}

function read(): ReadonlyMap<string, ServiceLinkedRole> {
  const text = readFileSync(dataFile('service-linked-roles.json'), 'utf8')
  const { roles, documented } = JSON.parse(text) as Record<'roles' | 'documented', readonly Row[]> // our own file, read whole by a test
  return new Map(
    [...roles, ...documented].map(({ service, name, policies, suffix, description }) => [
      service,
      {
        service,
        name,
        path: `/aws-service-role/${service}/`,
        policies,
        suffixAllowed: suffix,
        ...(description === undefined ? {} : { description }),
      },
    ]),
  )
}
