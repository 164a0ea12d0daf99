import { family } from '../../authorization/index.ts'
import { type CenterPlace, leave, pageIn, storeEntityId } from '../../center/index.ts'
import {
  type CenterUser,
  centerMfaDevices,
  centerQuotas,
  centerUsers,
  loginProfiles,
} from '../../directory/index.ts'
import type { IdentityStore } from '../../model/index.ts'
import { changedBy } from './attributes.ts'
import { conflict, getUser, invalid, notFound, tooMany, within } from './operation.ts'

const reserved = new Set(['administrator', 'awsadministrators'])

/** Users of a directory, with every member of the model as it was given. */
export const users = family<IdentityStore.Operations>()({
  CreateUser: within((input: IdentityStore.CreateUserRequest, place, call) => {
    const { IdentityStoreId, UserName: userName, ...given } = input
    const table = place.people.table(centerUsers)
    if (userName === undefined) throw invalid('UserName is required.')
    if (
      given.DisplayName === undefined ||
      given.Name?.GivenName === undefined ||
      given.Name.FamilyName === undefined
    )
      throw invalid('DisplayName and Name with GivenName and FamilyName are required.')
    if (table.size >= centerQuotas.users) throw tooMany('The directory has too many users.')
    const id = storeEntityId(place.center.storeId, call.deps.random)
    const user = { id, userName, given, enabled: true, createdAt: call.now, updatedAt: call.now }
    checkUser(user, place)
    table.put(user)
    return { IdentityStoreId, UserId: id }
  }),
  DescribeUser: within((input: IdentityStore.DescribeUserRequest, place) =>
    viewOf(getUser(place, input.UserId), place),
  ),
  UpdateUser: within((input: IdentityStore.UpdateUserRequest, place, call) => {
    const { id, userName, given, ...rest } = getUser(place, input.UserId)
    const changed = changedBy({ ...given, UserName: userName }, input.Operations)
    const { UserName: name, ...others } = changed
    if (typeof name !== 'string' || name === '' || name.length > 128) throw invalid('UserName is required.')
    const user = { ...rest, id, userName: name, given: others, updatedAt: call.now }
    checkUser(user, place)
    place.people.table(centerUsers).put(user)
    return {}
  }),
  DeleteUser: within((input: IdentityStore.DeleteUserRequest, place) => {
    const { id } = getUser(place, input.UserId)
    const { people } = place
    people.table(centerUsers).delete(id)
    people.table(loginProfiles).delete(id)
    people.table(centerMfaDevices).delete(id)
    leave(people, { id, by: 'user' })
    return {}
  }),
  ListUsers: within((input: IdentityStore.ListUsersRequest, place) => {
    const name = filterOf(input.Filters, 'UserName')
    const all = place.people.table(centerUsers)
    const user = name === undefined ? undefined : all.findBy('name', name.toLowerCase())
    const { items, NextToken } =
      name === undefined
        ? pageIn(all, { name: 'id', prefix: '', textOf: ({ id }) => id }, input)
        : { items: user === undefined ? [] : [user], NextToken: undefined }
    return { Users: items.map((user) => viewOf(user, place)), NextToken }
  }),
  GetUserId: within((input: IdentityStore.GetUserIdRequest, place) => {
    const unique = input.AlternateIdentifier.UniqueAttribute
    const value = String(unique?.AttributeValue ?? '').toLowerCase()
    const table = place.people.table(centerUsers)
    const path = unique?.AttributePath.toLowerCase()
    const user =
      path === 'username'
        ? table.findBy('name', value)
        : path === 'emails.value'
          ? table.range('email', `${value} `, undefined, 1)[0]
          : undefined
    if (user === undefined) throw notFound('USER', value)
    return { IdentityStoreId: input.IdentityStoreId, UserId: user.id }
  }),
})

/** The value of the one filter that there is. @throws Fault for another one */
export function filterOf(
  filters: readonly IdentityStore.Filter[] | undefined,
  path: string,
): string | undefined {
  if (filters === undefined || filters.length === 0) return undefined
  const [first, ...more] = filters
  if (more.length > 0 || first?.AttributePath.toLowerCase() !== path.toLowerCase())
    throw invalid(`The one filter is ${path}.`)
  return first.AttributeValue
}

/** @throws Fault if the name is taken or reserved, or there are several addresses */
function checkUser({ id, userName, given }: CenterUser, { people }: CenterPlace): void {
  const other = people.table(centerUsers).findBy('name', userName.toLowerCase())
  if (other !== undefined && other.id !== id) throw conflict('Duplicate UserName')
  if (reserved.has(userName.toLowerCase())) throw invalid('The user name is reserved.')
  const emails = given.Emails
  if (Array.isArray(emails) && emails.length > 1) throw invalid('A user has one e-mail address.')
}

function viewOf({ id, userName, given, enabled, createdAt, updatedAt }: CenterUser, { center }: CenterPlace) {
  return {
    ...given,
    IdentityStoreId: center.storeId,
    UserId: id,
    UserName: userName,
    UserStatus: enabled ? ('ENABLED' as const) : ('DISABLED' as const),
    CreatedAt: createdAt,
    UpdatedAt: updatedAt,
  }
}
