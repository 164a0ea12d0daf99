import type { Call } from '../../authorization/index.ts'
import type { AccountId } from '../../base/index.ts'
import {
  type Account,
  type Organization,
  type OrganizationAccount,
  type OrganizationalUnit,
  organizationAccounts,
  organizationalUnits,
  organizationOf,
} from '../../directory/index.ts'
import { refuse } from './faults.ts'

/** An organization and the account that holds it. */
export interface Place {
  readonly management: Account
  readonly organization: Organization
}

/** Returns the organization of the caller's account, if any. */
export function findPlace(call: Call): Place | undefined {
  const id = call.account.settings.managementAccount
  return id === undefined ? undefined : placeOf(id as AccountId, call) // written by this service, always an account's number
}

/** @throws Fault if the caller's account belongs to no organization */
export function getPlace(call: Call): Place {
  const place = findPlace(call)
  if (place === undefined) throw refuse('AWSOrganizationsNotInUseException')
  return place
}

/** Returns the organization that an account manages; the account must be loaded. */
export function placeOf(managementId: AccountId, call: Call): Place | undefined {
  const management =
    managementId === call.account.id ? call.account : call.deps.directory.loaded(managementId)
  const organization = management && organizationOf(management)
  return organization && { management, organization }
}

/** Returns a member, or the management account itself. @throws Fault AccountNotFoundException */
export function getMember({ management }: Place, id: string): OrganizationAccount {
  const account = management.table(organizationAccounts).find(id)
  if (account === undefined) throw refuse('AccountNotFoundException')
  return account
}

/** The kind of an id in the tree. */
export type NodeType = 'ROOT' | 'ORGANIZATIONAL_UNIT' | 'ACCOUNT'

/** Returns the kind of the tree's node with this id, if there is one. */
export function nodeType({ management, organization }: Place, id: string): NodeType | undefined {
  if (id === organization.rootId) return 'ROOT'
  if (management.table(organizationalUnits).find(id) !== undefined) return 'ORGANIZATIONAL_UNIT'
  return management.table(organizationAccounts).find(id) === undefined ? undefined : 'ACCOUNT'
}

/** Returns whether the id is of a node that can have children. */
export function isParent(place: Place, id: string): boolean {
  const type = nodeType(place, id)
  return type === 'ROOT' || type === 'ORGANIZATIONAL_UNIT'
}

/** @throws Fault OrganizationalUnitNotFoundException */
export function getUnit({ management }: Place, id: string): OrganizationalUnit {
  const unit = management.table(organizationalUnits).find(id)
  if (unit === undefined) throw refuse('OrganizationalUnitNotFoundException')
  return unit
}
