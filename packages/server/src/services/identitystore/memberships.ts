import { family } from '../../authorization/index.ts'
import { type CenterPlace, pageIn, storeEntityId } from '../../center/index.ts'
import {
  type Account,
  type CenterMembership,
  centerGroups,
  centerMemberships,
  centerQuotas,
  centerUsers,
} from '../../directory/index.ts'
import type { IdentityStore } from '../../model/index.ts'
import { conflict, getGroup, getUser, notFound, tooMany, within } from './operation.ts'

/** The members of groups. */
export const memberships = family<IdentityStore.Operations>()({
  CreateGroupMembership: within((input: IdentityStore.CreateGroupMembershipRequest, place, call) => {
    const [group, user] = [getGroup(place, input.GroupId).id, getUser(place, input.MemberId.UserId ?? '').id]
    const table = place.people.table(centerMemberships)
    if (table.findBy('pair', `${group} ${user}`) !== undefined)
      throw conflict('Member and Group relationship already exists')
    if (table.size >= centerQuotas.memberships) throw tooMany('The directory has too many memberships.')
    const id = storeEntityId(place.center.storeId, call.deps.random)
    table.put({ id, group, user, createdAt: call.now })
    return { MembershipId: id, IdentityStoreId: input.IdentityStoreId }
  }),
  DescribeGroupMembership: within((input: IdentityStore.DescribeGroupMembershipRequest, place) =>
    viewOf(get(place, input.MembershipId), place),
  ),
  DeleteGroupMembership: within((input: IdentityStore.DeleteGroupMembershipRequest, place) => {
    place.people.table(centerMemberships).delete(get(place, input.MembershipId).id)
    return {}
  }),
  GetGroupMembershipId: within((input: IdentityStore.GetGroupMembershipIdRequest, place) => {
    const membership = pair(place, input.GroupId, input.MemberId.UserId)
    if (membership === undefined) throw notFound('GROUP_MEMBERSHIP', '')
    return { MembershipId: membership.id, IdentityStoreId: input.IdentityStoreId }
  }),
  IsMemberInGroups: within((input: IdentityStore.IsMemberInGroupsRequest, place) => ({
    Results: input.GroupIds.map((group) => ({
      GroupId: group,
      MemberId: input.MemberId,
      MembershipExists: pair(place, group, input.MemberId.UserId) !== undefined,
    })),
  })),
  ListGroupMemberships: within((input: IdentityStore.ListGroupMembershipsRequest, place) => {
    const { id } = getGroup(place, input.GroupId)
    return listed(place, 'group', id, input)
  }),
  ListGroupMembershipsForMember: within(
    (input: IdentityStore.ListGroupMembershipsForMemberRequest, place) => {
      const { id } = getUser(place, input.MemberId.UserId ?? '')
      return listed(place, 'user', id, input)
    },
  ),
})

function get({ people }: CenterPlace, id: string): CenterMembership {
  const membership = people.table(centerMemberships).find(id)
  if (membership === undefined || !isLive(membership, people)) throw notFound('GROUP_MEMBERSHIP', id)
  return membership
}

function pair(
  { people }: CenterPlace,
  group: string,
  user: string | undefined,
): CenterMembership | undefined {
  const membership = people.table(centerMemberships).findBy('pair', `${group} ${user}`)
  return membership !== undefined && isLive(membership, people) ? membership : undefined
}

/** Whether the group and the user are there; memberships of others are being deleted. */
function isLive({ group, user }: CenterMembership, people: Account): boolean {
  const [groups, users] = [people.table(centerGroups), people.table(centerUsers)]
  return groups.find(group) !== undefined && users.find(user) !== undefined
}

function listed(
  place: CenterPlace,
  by: 'group' | 'user',
  id: string,
  paged: { readonly MaxResults?: number | undefined; readonly NextToken?: string | undefined },
) {
  const order = { name: by, prefix: `${id} `, textOf: (each: CenterMembership) => `${each[by]} ${each.id}` }
  const { items, NextToken } = pageIn(place.people.table(centerMemberships), order, paged)
  const live = items.filter((each) => isLive(each, place.people))
  return { GroupMemberships: live.map((each) => viewOf(each, place)), NextToken }
}

function viewOf({ id, group, user, createdAt }: CenterMembership, { center }: CenterPlace) {
  return {
    IdentityStoreId: center.storeId,
    MembershipId: id,
    GroupId: group,
    MemberId: { UserId: user },
    CreatedAt: createdAt,
    UpdatedAt: createdAt,
  }
}
