import { family } from '../../authorization/index.ts'
import { type CenterPlace, pageIn, storeEntityId } from '../../center/index.ts'
import { type CenterMembership, centerMemberships, centerQuotas } from '../../directory/index.ts'
import type { IdentityStore } from '../../model/index.ts'
import { conflict, getGroup, getUser, notFound, tooMany, within } from './operation.ts'

/** The members of groups. */
export const memberships = family<IdentityStore.Operations>()({
  CreateGroupMembership: within((input: IdentityStore.CreateGroupMembershipRequest, place, call) => {
    const [group, user] = [getGroup(place, input.GroupId).id, getUser(place, input.MemberId.UserId ?? '').id]
    const table = place.owner.table(centerMemberships)
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
    place.owner.table(centerMemberships).delete(get(place, input.MembershipId).id)
    return {}
  }),
  GetGroupMembershipId: within((input: IdentityStore.GetGroupMembershipIdRequest, place) => {
    const found = pair(place, input.GroupId, input.MemberId.UserId)
    if (found === undefined) throw notFound('GROUP_MEMBERSHIP', '')
    return { MembershipId: found.id, IdentityStoreId: input.IdentityStoreId }
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

function get({ owner }: CenterPlace, id: string): CenterMembership {
  const found = owner.table(centerMemberships).find(id)
  if (found === undefined) throw notFound('GROUP_MEMBERSHIP', id)
  return found
}

function pair({ owner }: CenterPlace, group: string, user: string | undefined): CenterMembership | undefined {
  return owner.table(centerMemberships).findBy('pair', `${group} ${user}`)
}

function listed(
  place: CenterPlace,
  by: 'group' | 'user',
  id: string,
  paged: { readonly MaxResults?: number | undefined; readonly NextToken?: string | undefined },
) {
  const order = { name: by, prefix: `${id} `, textOf: (each: CenterMembership) => `${each[by]} ${each.id}` }
  const { items, NextToken } = pageIn(place.owner.table(centerMemberships), order, paged)
  return { GroupMemberships: items.map((each) => viewOf(each, place)), NextToken }
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
