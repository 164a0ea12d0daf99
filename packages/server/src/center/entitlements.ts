import { type AccountId, accountInArn } from '../base/index.ts'
import {
  type AccessApplication,
  type Account,
  accessApplicationOf,
  accessEntitlements,
  accessService,
  type CenterUser,
  organizationAccounts,
  organizationOf,
  trustsService,
} from '../directory/index.ts'
import { ownAndByGroup } from './lending.ts'
import type { CenterPlace } from './place.ts'

/** A role that a person may wear by the account access manager. */
export interface EntitledRole {
  readonly account: AccountId
  readonly accountName: string
  readonly roleArn: string
}

/** Returns the account access manager of an account, if its organization lets it into the accounts. */
export function workingAccess(owner: Account): AccessApplication | undefined {
  return trustsService(organizationOf(owner), accessService) ? accessApplicationOf(owner) : undefined
}

/**
 * Returns the roles that a user may wear, by itself or by a group, in accounts that are active, ordered by account and ARN. The
 * groups that count are those of assignments (behaviour SSO-132).
 */
export function entitledTo(
  user: Pick<CenterUser, 'id'>,
  place: Pick<CenterPlace, 'owner' | 'people'>,
): readonly EntitledRole[] {
  const { owner } = place
  if (workingAccess(owner) === undefined) return []
  const own = ownAndByGroup(owner.table(accessEntitlements), user, place)
  const accounts = owner.table(organizationAccounts)
  const arns = [...new Set(own.map(({ roleArn }) => roleArn))]
  return arns
    .flatMap((roleArn): readonly EntitledRole[] => {
      const account = accountInArn(roleArn)
      const member = account === undefined ? undefined : accounts.find(account)
      return member?.status === 'ACTIVE' ? [{ account: member.id, accountName: member.name, roleArn }] : []
    })
    .sort((a, b) => (entitledKey(a) < entitledKey(b) ? -1 : 1))
}

/** The place of a role in the list of those that a person may wear. */
export function entitledKey({ account, roleArn }: Pick<EntitledRole, 'account' | 'roleArn'>): string {
  return `${account} ${roleArn}`
}
