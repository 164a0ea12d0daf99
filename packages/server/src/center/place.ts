import { actionInfo } from '../authorization/catalogue/index.ts'
import {
  type AccessRequest,
  type Call,
  type ContextKeys,
  type Dependencies,
  otherAccount,
} from '../authorization/index.ts'
import { fault } from '../base/index.ts'
import {
  type Account,
  type Center,
  centerOf,
  type Organization,
  organizationAccounts,
  organizationOf,
  trustsService,
} from '../directory/index.ts'

/** The service's name in an organization. */
export const centerService = 'sso.amazonaws.com'

/** An instance in view of a caller, with the account that owns it. */
export interface CenterPlace {
  readonly center: Center
  readonly owner: Account
  /** Users, groups and memberships, with passwords and MFA devices. @throws AccountNotLoaded */
  readonly people: Account
}

/** Returns the instance that an account owns, if any. Its people are looked for when they are asked for. */
export function ownPlace(
  owner: Account,
  { directory }: Pick<Dependencies, 'directory'>,
): CenterPlace | undefined {
  const center = centerOf(owner)
  return (
    center && {
      center,
      owner,
      get people() {
        return directory.people(owner.id)
      },
    }
  )
}

/** The instances that a caller sees: that of its account, and that of its organization. */
export function centersInView(call: Pick<Call, 'account' | 'deps'>): readonly CenterPlace[] {
  const management = call.account.settings.managementAccount
  const owners = [call.account]
  const other = management === undefined ? undefined : otherAccount(call, management)
  if (other !== undefined && other !== call.account) owners.push(other)
  return owners.flatMap((owner) => ownPlace(owner, call.deps) ?? [])
}

/** Returns whether a caller may manage an instance: its owner, or the delegated administrator of the organization's. */
export function manages({ center, owner }: CenterPlace, account: Account): boolean {
  if (owner.id === account.id) return true
  if (center.kind !== 'organization') return false
  const member = owner.table(organizationAccounts).find(account.id)
  return member?.administers.some(({ service }) => service === centerService) === true
}

/** @throws Fault AccessDeniedException if the caller only sees the instance, or the organization no longer trusts the service */
export function checkManages(place: CenterPlace, call: Call): void {
  if (!manages(place, call.account)) throw notAllowed()
  if (place.center.kind === 'organization' && !isTrustedIn(organizationOf(place.owner))) throw notAllowed()
}

/** Returns whether an organization lets Identity Center into its accounts. */
export function isTrustedIn(organization: Organization | undefined): boolean {
  return trustsService(organization, centerService)
}

/** The refusal of what policies would allow. */
export function notAllowed() {
  return fault('AccessDeniedException', 'You do not have sufficient access to perform this action.', 400)
}

/**
 * Returns a question for each resource that the service authorization reference names for an action. @param variables the
 * parts of its ARNs; a part that is not known is any
 */
export function catalogueRequests(
  action: string,
  variables: Readonly<Record<string, string | undefined>>,
  context: ContextKeys,
  { id, partition }: Account,
): readonly AccessRequest[] {
  const resources = (actionInfo(action)?.resources ?? []).filter(({ required }) => required)
  if (resources.length === 0) return [{ action, resource: '*', context }]
  const values: Readonly<Record<string, string | undefined>> = { Partition: partition, ...variables }
  return resources.map(({ arns: [arn = '*'] }) => ({
    action,
    resource: arn.replace(/\$\{(\w+)\}/g, (_whole, name: string) => values[name] ?? '*'),
    context,
    // a delegated administrator needs no permission of the account that owns the directory (behaviour SSO-39)
    decidedIn: id,
  }))
}

/** `arn:PARTITION:sso:::instance/ssoins-…`. */
export function instanceArn({ id }: Pick<Center, 'id'>, { partition }: Pick<Account, 'partition'>): string {
  return `arn:${partition}:sso:::instance/${id}`
}

/** `arn:PARTITION:sso:::permissionSet/ssoins-…/ps-…`. */
export function permissionSetArn(
  center: string,
  set: string,
  { partition }: Pick<Account, 'partition'>,
): string {
  return `arn:${partition}:sso:::permissionSet/${center}/${set}`
}

/** `arn:PARTITION:identitystore::ACCOUNT:identitystore/d-…`. */
export function identityStoreArn(
  { storeId, owner }: Center,
  { partition }: Pick<Account, 'partition'>,
): string {
  return `arn:${partition}:identitystore::${owner}:identitystore/${storeId}`
}
