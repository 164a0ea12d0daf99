import { type Call, family, otherAccount } from '../../authorization/index.ts'
import { type AccountId, accountInArn, peopleBeside, uuid } from '../../base/index.ts'
import { ownPlace, pageIn } from '../../center/index.ts'
import {
  type AccessEntitlement,
  accessApplicationArn,
  accessEntitlements,
  accessQuotas,
  centerGroups,
  centerUsers,
  entitlementByPlace,
  entitlementByPrincipal,
  findRole,
  organizationAccounts,
} from '../../directory/index.ts'
import type { AccountAccess } from '../../model/index.ts'
import { invalid, notFound, tooMany } from './faults.ts'
import { type AccessPlace, getPlace, managedOwner, onApplication } from './place.ts'

/** Entitlements: which user or group may wear which role. */
export const entitlements = family<AccountAccess.Operations>()({
  CreateEntitlement: onApplication(
    ({ applicationArn }: AccountAccess.CreateEntitlementRequest) => applicationArn,
    (input, call) => {
      const place = getPlace(input.applicationArn, call)
      const wantedEntitlement = givenIn(input, place, call)
      const table = place.owner.table(accessEntitlements)
      const existing = table.findBy('thing', entitlementByPrincipal(wantedEntitlement))
      if (existing !== undefined) return { entitlementId: existing.id }
      if (table.size >= accessQuotas.entitlements)
        throw tooMany(`The application has at most ${accessQuotas.entitlements} entitlements.`)
      const entitlement = { id: uuid(call.deps.random), ...wantedEntitlement, createdAt: call.now }
      table.put(entitlement)
      return { entitlementId: entitlement.id }
    },
    {
      accounts: (input, call) => {
        const owner = managedOwner(call)
        const target = accountInArn(input.entitlement.principalRole?.roleArn ?? '')
        const others: readonly AccountId[] = target === undefined ? [] : [target]
        return owner === undefined ? others : [...others, peopleBeside(owner.id)]
      },
    },
  ),
  GetEntitlement: onApplication(
    ({ applicationArn }: AccountAccess.GetEntitlementRequest) => applicationArn,
    (input, call) => {
      const place = getPlace(input.applicationArn, call)
      const entitlement = place.owner.table(accessEntitlements).find(input.entitlementId)
      if (entitlement === undefined) throw notFound(`The entitlement ${input.entitlementId} was not found.`)
      return {
        applicationArn: accessApplicationArn(place.application, place.owner),
        ...viewOf(entitlement, place),
      }
    },
  ),
  DeleteEntitlement: onApplication(
    ({ applicationArn }: AccountAccess.DeleteEntitlementRequest) => applicationArn,
    (input, call) => {
      getPlace(input.applicationArn, call).owner.table(accessEntitlements).delete(input.entitlementId)
      return {}
    },
  ),
  ListEntitlements: onApplication(
    ({ applicationArn }: AccountAccess.ListEntitlementsRequest) => applicationArn,
    (input, call) => {
      const place = getPlace(input.applicationArn, call)
      const order = orderOf(input.filter.principalRole ?? {})
      if (order === undefined) return { entitlements: [] }
      const { items, NextToken } = pageIn(place.owner.table(accessEntitlements), order, {
        MaxResults: input.maxResults,
        NextToken: input.nextToken,
      })
      return { entitlements: items.map((each) => viewOf(each, place)), nextToken: NextToken }
    },
  ),
})

type Given = Omit<AccessEntitlement, 'id' | 'createdAt'>

/** @throws Fault ValidationException if the user, the group, the account or the role is not there (behaviour SSO-175) */
function givenIn(
  { entitlement: { principalRole } }: AccountAccess.CreateEntitlementRequest,
  { owner }: AccessPlace,
  call: Call,
): Given {
  const roleArn = principalRole?.roleArn ?? ''
  const { userId, groupId } = principalRole?.principal.identityCenter ?? {}
  const { people } = ownPlace(owner, call.deps) ?? {}
  const isThere =
    userId === undefined
      ? people?.table(centerGroups).find(groupId ?? '') !== undefined
      : people?.table(centerUsers).find(userId) !== undefined
  if (!isThere) throw invalid(`The principal ${userId ?? groupId ?? ''} was not found.`)
  const account = accountInArn(roleArn)
  const member = account && owner.table(organizationAccounts).find(account)
  if (member?.status !== 'ACTIVE') throw invalid(`The account of ${roleArn} is not one of the organization.`)
  const target = otherAccount(call, member.id)
  if (target === undefined || findRole(target, roleArn) === undefined)
    throw invalid(`The role ${roleArn} was not found.`)
  const type = userId === undefined ? 'GROUP' : 'USER'
  return { type, principal: userId ?? groupId ?? '', account: member.id, roleArn }
}

/** The order in which what a filter means is one range; undefined if it means nothing. */
function orderOf({ principal, roleArn, account: wanted }: AccountAccess.PrincipalRoleEntitlementFilter) {
  const inRole = roleArn === undefined ? undefined : accountInArn(roleArn)
  if (wanted !== undefined && inRole !== undefined && inRole !== wanted) return undefined
  const account = inRole ?? wanted
  const place = [account, roleArn].flatMap((part) => (part === undefined ? [] : [`${part} `])).join('')
  const { userId, groupId } = principal?.identityCenter ?? {}
  const by = userId === undefined ? groupId && `GROUP ${groupId} ` : `USER ${userId} `
  return by === undefined
    ? { name: 'place', prefix: place, textOf: entitlementByPlace }
    : { name: 'principal', prefix: `${by}${place}`, textOf: entitlementByPrincipal }
}

function viewOf(
  { id, type, principal, account, roleArn, createdAt }: AccessEntitlement,
  { owner }: AccessPlace,
) {
  const accountName = owner.table(organizationAccounts).find(account)?.name
  return {
    entitlementId: id,
    entitlement: {
      principalRole: {
        principal: { identityCenter: type === 'USER' ? { userId: principal } : { groupId: principal } },
        roleArn,
        account,
        ...(accountName !== undefined && { accountName }),
      },
    },
    createdAt,
  }
}
