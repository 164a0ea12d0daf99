import { family } from '../../authorization/index.ts'
import { type CenterPlace, leave, pageIn, storeEntityId } from '../../center/index.ts'
import { type CenterGroup, centerGroups, centerQuotas } from '../../directory/index.ts'
import type { IdentityStore } from '../../model/index.ts'
import { changedBy } from './attributes.ts'
import { conflict, getGroup, invalid, notFound, tooMany, within } from './operation.ts'
import { filterOf } from './users.ts'

/** Groups of a directory. */
export const groups = family<IdentityStore.Operations>()({
  CreateGroup: within((input: IdentityStore.CreateGroupRequest, place, call) => {
    const { IdentityStoreId, DisplayName: displayName, Description: description } = input
    if (displayName === undefined) throw invalid('DisplayName is required.')
    const table = place.people.table(centerGroups)
    if (table.size >= centerQuotas.groups) throw tooMany('The directory has too many groups.')
    const id = storeEntityId(place.center.storeId, call.deps.random)
    const group = {
      id,
      displayName,
      createdAt: call.now,
      updatedAt: call.now,
      ...(description !== undefined && { description }),
    }
    checkName(group, place)
    table.put(group)
    return { IdentityStoreId, GroupId: id }
  }),
  DescribeGroup: within((input: IdentityStore.DescribeGroupRequest, place) =>
    viewOf(getGroup(place, input.GroupId), place),
  ),
  UpdateGroup: within((input: IdentityStore.UpdateGroupRequest, place, call) => {
    const { displayName, description, ...rest } = getGroup(place, input.GroupId)
    const changed = changedBy({ DisplayName: displayName, Description: description }, input.Operations)
    const { DisplayName: name, Description: text } = changed
    if (typeof name !== 'string' || name === '' || name.length > 1_024)
      throw invalid('DisplayName is required.')
    const group = {
      ...rest,
      displayName: name,
      updatedAt: call.now,
      ...(typeof text === 'string' && { description: text }),
    }
    checkName(group, place)
    place.people.table(centerGroups).put(group)
    return {}
  }),
  DeleteGroup: within((input: IdentityStore.DeleteGroupRequest, place) => {
    const { id } = getGroup(place, input.GroupId)
    place.people.table(centerGroups).delete(id)
    leave(place.people, { id, by: 'group' })
    return {}
  }),
  ListGroups: within((input: IdentityStore.ListGroupsRequest, place) => {
    const name = filterOf(input.Filters, 'DisplayName')
    const all = place.people.table(centerGroups)
    const group = name === undefined ? undefined : all.findBy('name', name.toLowerCase())
    const { items, NextToken } =
      name === undefined
        ? pageIn(all, { name: 'id', prefix: '', textOf: ({ id }) => id }, input)
        : { items: group === undefined ? [] : [group], NextToken: undefined }
    return { Groups: items.map((group) => viewOf(group, place)), NextToken }
  }),
  GetGroupId: within((input: IdentityStore.GetGroupIdRequest, place) => {
    const unique = input.AlternateIdentifier.UniqueAttribute
    const value = String(unique?.AttributeValue ?? '')
    const group =
      unique?.AttributePath.toLowerCase() === 'displayname'
        ? place.people.table(centerGroups).findBy('name', value.toLowerCase())
        : undefined
    if (group === undefined) throw notFound('GROUP', value)
    return { IdentityStoreId: input.IdentityStoreId, GroupId: group.id }
  }),
})

function checkName({ id, displayName }: CenterGroup, { people }: CenterPlace): void {
  const other = people.table(centerGroups).findBy('name', displayName.toLowerCase())
  if (other !== undefined && other.id !== id) throw conflict('Duplicate GroupDisplayName')
}

function viewOf(
  { id, displayName, description, createdAt, updatedAt }: CenterGroup,
  { center }: CenterPlace,
) {
  return {
    IdentityStoreId: center.storeId,
    GroupId: id,
    DisplayName: displayName,
    Description: description,
    CreatedAt: createdAt,
    UpdatedAt: updatedAt,
  }
}
