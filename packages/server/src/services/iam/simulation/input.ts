import type { Policy } from '@omen-iam/policy'
import { actionInfo } from '../../../authorization/catalogue/index.ts'
import { parseArn } from '../../../base/index.ts'
import type { Iam } from '../../../model/index.ts'
import { unclearEntity } from '../entity.ts'
import { invalidInput } from '../faults.ts'

/** The common members of both simulations. */
export interface SimulationInput {
  readonly ActionNames: readonly string[]
  readonly ResourceArns?: readonly string[] | undefined
  readonly PolicyInputList?: readonly string[] | undefined
  readonly PermissionsBoundaryPolicyInputList?: readonly string[] | undefined
  readonly OrderedOrganizationPolicyInputList?: Iam.SimulateCustomPolicyRequest['OrderedOrganizationPolicyInputList']
  readonly ResourcePolicy?: string | undefined
  readonly ResourceOwner?: string | undefined
  readonly ContextEntries?: readonly Iam.ContextEntry[] | undefined
  readonly MaxItems?: number | undefined
  readonly Marker?: string | undefined
}

const resourcesMost = 1_000
const actionsMost = 1_000

/**
 * Returns the resources of a simulation, each as often as it is named; `*` if none is. @throws Fault InvalidInput for what is no ARN,
 * and for `*` beside a resource policy (behaviours SIM-23 and SIM-51)
 */
export function resourcesOf({
  ResourceArns: given = [],
  ResourcePolicy: policy,
}: SimulationInput): readonly string[] {
  if (given.length > resourcesMost) throw invalidInput(`More than ${resourcesMost} resources.`)
  const resources = given.length === 0 ? ['*'] : given
  if (policy !== undefined && resources.includes('*')) throw unclearEntity('*')
  for (const resource of resources) if (resource !== '*') checkArn(resource)
  return resources
}

/** @throws Fault InvalidInput if a resource policy is about what is no ARN, such as `*` (behaviour SIM-51) */
export function checkResourcePolicy({ statements }: Policy): void {
  for (const { resource } of statements) for (const { value } of resource?.values ?? []) checkArn(value)
}

function checkArn(text: string): void {
  if (parseArn(text) === undefined) {
    throw invalidInput(`ResourceNames are not in a valid ARN format: ${text}.`)
  }
}

/**
 * Any text with a colon is an action, also one with wildcards, which are literal then. @throws Fault InvalidInput if an action
 * has no service, if resources are named for actions that AWS knows together with others (behaviour SIM-52), or if `*` is
 * among them (behaviour GRD-304)
 */
export function checkActions(actions: readonly string[], resources: readonly string[]): void {
  if (actions.length > actionsMost) throw invalidInput(`More than ${actionsMost} actions.`)
  for (const action of actions) {
    if (!action.includes(':')) throw invalidInput(`Invalid action name: ${action}`)
  }
  if (resources.every((resource) => resource === '*')) return
  const catalogued = actions.filter((action) => actionInfo(action) !== undefined)
  if (catalogued.length === 0 || catalogued.length === actions.length) {
    if (!resources.includes('*')) return
    throw invalidInput(
      'Invalid resource input list: you cannot include both * and individual resources in the resource list for a simulation.',
    )
  }
  const unknown = actions.filter((action) => actionInfo(action) === undefined)
  throw invalidInput(
    `Invalid Input Actions: [${catalogued}] and [${unknown}] require different authorization information. `, // with AWS's blank
  )
}

const ownerForm = /^arn:aws[\w-]*:iam::(\d{12}):(root|(user|group|role)\/.+)$/

/** Returns the account of an owner: that of the root user or of any entity. @throws Fault InvalidInput (behaviour SIM-23) */
export function ownerOf(arn: string | undefined): string | undefined {
  if (arn === undefined) return undefined
  const account = ownerForm.exec(arn)?.[1]
  if (account === undefined) throw invalidInput(`'${arn}' is not a valid as a Resource Owner.`) // as AWS spells it
  return account
}

/** Returns the characters of the documents in the request. */
export function lengthOf(input: SimulationInput): number {
  const lists = [input.PolicyInputList, input.PermissionsBoundaryPolicyInputList]
  const levels = (input.OrderedOrganizationPolicyInputList ?? []).map(
    (level) => level.ServiceControlPolicyInputList,
  )
  return [...lists, ...levels, [input.ResourcePolicy ?? '']]
    .flatMap((documents) => documents ?? [])
    .reduce((sum, { length }) => sum + length, 0)
}
