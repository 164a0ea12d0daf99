import { type Call, family } from '../../authorization/index.ts'
import { type Account, organizationAccounts, organizationArn, settings } from '../../directory/index.ts'
import type { Organizations } from '../../model/index.ts'
import { attachDefaults } from './attachment.ts'
import { handshakeViolates, invalid, refuse } from './faults.ts'
import { checkRate, type Found, forgetOld, handshakeView, isOpen, send } from './handshake.ts'
import { findInvited } from './invited.ts'
import { accountsCounted, leave } from './members.ts'
import { within } from './operation.ts'
import { getMember, getPlace, type Place } from './place.ts'
import { checkMayLink, serviceLinkedRole } from './preconfigured-roles.ts'
import { quotasOf } from './quotas.ts'
import { type Handshake, handshakes } from './records.ts'
import { recordDeparted, recordJoined } from './service-events.ts'
import { addTags, requestTags, tagging } from './tag.ts'

/** Invites an account to join. */
export const invitation = family<Organizations.Operations>()({
  InviteAccountToOrganization: within('management', {
    on: ({ Target: { Type, Id } }, place) =>
      Type === 'ACCOUNT' ? organizationArn(place.organization, 'account', Id) : '*',
    context: (input) => requestTags(input.Tags),
    also: (input, place) => tagging(input.Tags, organizationArn(place.organization, 'account', '*')),
    prepare: (input, call) => findInvited(input.Target, call),
    run(input, place, call, invited) {
      const { management, organization } = place
      const { Type, Id } = input.Target
      checkTarget(input.Target)
      const tags = addTags([], input.Tags ?? [])
      if (invited === undefined && Type === 'EMAIL') {
        throw invalid(
          'INVALID_EMAIL_ADDRESS_TARGET',
          'You specified an invalid email address for the invited account owner.',
        )
      }
      if (invited === undefined) {
        throw invalid('INVALID_PARTY_TYPE_TARGET', 'You specified an account that this server does not have.')
      }
      // by its address a member can be invited (behaviour ORG-113)
      if (Type === 'ACCOUNT' && isMember(place, invited)) throw alreadyMember()
      forgetOld(place, call.now)
      for (const handshake of management.table(handshakes).values()) {
        if (!isOpen(handshake, call.now)) continue
        if (handshake.action === 'ENABLE_ALL_FEATURES') {
          throw handshakeViolates(
            'INVITE_DISABLED_DURING_ENABLE_ALL_FEATURES',
            'You cannot issue new invitations to join an organization while it is in the process of enabling all features.',
          )
        }
        if (handshake.action === 'INVITE' && handshake.recipient === invited.id)
          throw refuse('DuplicateHandshakeException')
      }
      if (accountsCounted(place, call.now) >= quotasOf(call).accounts) {
        throw handshakeViolates(
          'ACCOUNT_NUMBER_LIMIT_EXCEEDED',
          'You have exceeded the allowed number of AWS accounts.',
        )
      }
      checkRate(place, 'INVITE', call)
      const handshake = send(
        place,
        invited,
        {
          action: 'INVITE',
          state: 'OPEN',
          parties: [
            { Id: organization.id, Type: 'ORGANIZATION' },
            { Id, Type },
          ],
          resources: [
            {
              Type: 'ORGANIZATION',
              Value: organization.id,
              Resources: [
                { Type: 'MASTER_EMAIL', Value: organization.managementEmail },
                { Type: 'MASTER_NAME', Value: management.settings.name },
                { Type: 'ORGANIZATION_FEATURE_SET', Value: organization.featureSet },
              ],
            },
            { Type: Type === 'EMAIL' ? 'EMAIL' : 'ACCOUNT', Value: Id },
            ...(input.Notes === undefined ? [] : [{ Type: 'NOTES' as const, Value: input.Notes }]),
          ],
          tags,
        },
        call,
      )
      return { Handshake: handshakeView({ place, handshake }, call.now) }
    },
  }),
})

/** @throws Fault if the party is no account number and no address (behaviour ORG-111) */
function checkTarget({ Type, Id }: Organizations.HandshakeParty): void {
  if (Type === 'ORGANIZATION') {
    throw invalid('INVALID_PARTY_TYPE_TARGET', 'You specified an invalid party type as the target parameter.')
  }
  if (Type === 'ACCOUNT' && !/^\d{12}$/.test(Id)) {
    throw invalid('INVALID_PATTERN', 'You provided a value that does not match the required pattern.')
  }
}

function isMember({ management }: Place, { id }: Pick<Account, 'id'>): boolean {
  return management.table(organizationAccounts).find(id) !== undefined
}

function alreadyMember() {
  return handshakeViolates(
    'ALREADY_IN_AN_ORGANIZATION',
    'The AWS account is already a member of an organization.',
  )
}

/** A member that accepts an invitation of its own organization is refused, and has accepted it (behaviour ORG-113). */
export function acceptsInVain({ place, handshake }: Found, call: Call): boolean {
  return handshake.action === 'INVITE' && isMember(place, call.account)
}

/** The account that accepted joins, and leaves its former organization (behaviour ORG-82). */
export function join(place: Place, handshake: Handshake, call: Call): void {
  const { account } = call
  const { management, organization } = place
  const { managementAccount } = account.settings
  if (isMember(place, account)) throw alreadyMember()
  if (organization.featureSet === 'ALL') checkMayLink(call)
  if (managementAccount === account.id) throw refuse('MasterCannotLeaveOrganizationException')
  if (managementAccount !== undefined) {
    const left = getPlace(call)
    leave(left, getMember(left, account.id), account)
    recordDeparted(left.management.id, account.id, 'LEFT', call)
  }
  account.table(settings).put({ ...account.settings, managementAccount: management.id })
  management.table(organizationAccounts).put({
    id: account.id,
    name: account.settings.name,
    email: account.settings.email,
    parentId: organization.rootId,
    status: 'ACTIVE',
    joinedMethod: 'INVITED',
    joinedAt: call.now,
    administers: [],
    tags: handshake.tags,
  })
  attachDefaults(place, account.id)
  recordJoined(management.id, account.id, 'INVITED', call)
  if (organization.featureSet === 'ALL') serviceLinkedRole(account, call)
}
