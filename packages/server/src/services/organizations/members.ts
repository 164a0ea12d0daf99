import { type Call, family } from '../../authorization/index.ts'
import { type AccountId, assert } from '../../base/index.ts'
import {
  type Account,
  type OrganizationAccount,
  organizationAccounts,
  settings,
} from '../../directory/index.ts'
import type { Organizations } from '../../model/index.ts'
import { detachAll } from './attachment.ts'
import { needsAllFeatures, refuse, violates } from './faults.ts'
import { isOpen } from './handshake.ts'
import { within } from './operation.ts'
import { page } from './page.ts'
import { getMember, isParent, type Place } from './place.ts'
import { quotas } from './quotas.ts'
import { handshakes } from './records.ts'
import { recordClosed, recordDeparted } from './service-events.ts'
import { accountsIn } from './units.ts'
import { accountView } from './view.ts'

/** The accounts of an organization. */
export const members = family<Organizations.Operations>()({
  ListAccounts: within('administrators', {
    run: (input, place) => listed(place, place.management.table(organizationAccounts).values(), input),
  }),

  ListAccountsForParent: within('administrators', {
    on: (input) => input.ParentId,
    run(input, place) {
      if (!isParent(place, input.ParentId)) throw refuse('ParentNotFoundException')
      return listed(place, accountsIn(place, input.ParentId), input)
    },
  }),

  DescribeAccount: within('administrators', {
    on: (input) => input.AccountId,
    run: (input, place) => ({ Account: accountView(place, getMember(place, input.AccountId)) }),
  }),

  CloseAccount: within('management', {
    accounts: (input) => [input.AccountId as AccountId], // the model's pattern
    on: (input) => input.AccountId,
    run(input, place, call) {
      const member = getMember(place, input.AccountId)
      if (place.organization.featureSet !== 'ALL') throw needsAllFeatures()
      if (member.id === place.management.id) {
        throw violates(
          'CANNOT_CLOSE_MANAGEMENT_ACCOUNT',
          "You can't close the management account of an organization.",
        )
      }
      if (member.closedAt !== undefined) throw refuse('AccountAlreadyClosedException')
      checkClosable(place, call)
      place.management.table(organizationAccounts).put({ ...member, status: 'SUSPENDED', closedAt: call.now })
      const account = loadedMember(member, call.deps.directory.loaded(member.id))
      account.table(settings).put({ ...account.settings, closedAt: call.now })
      recordClosed(place.management.id, member.id, call)
    },
  }),

  RemoveAccountFromOrganization: within('management', {
    accounts: (input) => [input.AccountId as AccountId], // the model's pattern
    on: (input) => input.AccountId,
    run(input, place, call) {
      const member = getMember(place, input.AccountId)
      if (member.id === place.management.id) throw refuse('MasterCannotLeaveOrganizationException')
      leave(place, member, loadedMember(member, call.deps.directory.loaded(member.id)))
      recordDeparted(place.management.id, member.id, 'REMOVED', call)
    },
  }),

  LeaveOrganization: within('members', {
    run(_input, place, call) {
      if (place.management === call.account) throw refuse('MasterCannotLeaveOrganizationException')
      leave(place, getMember(place, call.account.id), call.account)
      recordDeparted(place.management.id, call.account.id, 'LEFT', call)
    },
  }),
})

/** Removes a member from its organization; the organization's policies no longer apply to it (behaviour ORG-24). */
export function leave(place: Place, member: OrganizationAccount, account: Account): void {
  if (member.administers.length > 0) {
    throw violates(
      'CANNOT_REMOVE_DELEGATED_ADMINISTRATOR_FROM_ORG',
      'You attempted to remove an account that is registered as a delegated administrator for a service integrated with your organization.',
    )
  }
  place.management.table(organizationAccounts).delete(member.id)
  detachAll(place, member.id)
  const { managementAccount: _, ...standalone } = account.settings
  account.table(settings).put(standalone)
}

/** Returns the accounts that count against the quota: members and invited ones (behaviour ORG-70). */
export function accountsCounted({ management }: Place, now: number): number {
  let invited = 0
  for (const handshake of management.table(handshakes).values()) {
    if (handshake.action === 'INVITE' && isOpen(handshake, now)) invited++
  }
  return management.table(organizationAccounts).size + invited
}

/** @throws Fault if the limit of accounts closed within the last 30 days is reached (behaviour ORG-71) */
function checkClosable({ management }: Place, { now }: Call): void {
  const all = management.table(organizationAccounts)
  const { share, least, most, days } = quotas.closedAccounts
  const closable = Math.min(Math.max(Math.floor((all.size - 1) * share), least), most)
  let closed = 0
  for (const { closedAt = 0 } of all.values()) if (closedAt > now - days * 86_400_000) closed++
  if (closed < closable) return
  throw violates(
    'CLOSE_ACCOUNT_QUOTA_EXCEEDED',
    'You have exceeded close account quota for the past 30 days.',
  )
}

function loadedMember(member: OrganizationAccount, account: Account | undefined): Account {
  assert(account !== undefined, `the member ${member.id} is not loaded`)
  return account
}

function listed(
  place: Place,
  accounts: Iterable<OrganizationAccount>,
  input: { readonly NextToken?: string | undefined; readonly MaxResults?: number | undefined },
) {
  const { items, NextToken } = page(accounts, (account) => account.id, input)
  return { Accounts: items.map((account) => accountView(place, account)), NextToken }
}
