import type { Call, ContextKeys, Operation } from '../../authorization/index.ts'
import { type Fault, fault, peopleBeside } from '../../base/index.ts'
import {
  type CenterPlace,
  catalogueRequests,
  centersInView,
  manages,
  notAllowed,
  swept,
} from '../../center/index.ts'
import {
  type CenterGroup,
  type CenterUser,
  centerGroups,
  centerMemberships,
  centerUsers,
} from '../../directory/index.ts'

/** The members that name what an operation is about. */
interface About {
  readonly IdentityStoreId: string
  readonly UserId?: string | undefined
  readonly GroupId?: string | undefined
  readonly MembershipId?: string | undefined
  readonly MemberId?: { readonly UserId?: string | undefined } | undefined
}

/** An operation on a directory. @param event whether personal data is left out of its event, as AWS does */
export function within<Input extends About, Output>(
  run: (input: Input, place: CenterPlace, call: Call) => Output,
): Operation<Input, Output extends void ? undefined : Output> {
  return {
    requests: (input, call) =>
      catalogueRequests(
        `identitystore:${call.operation.name}`,
        variablesOf(input, call),
        keysOf(input, call),
        call.account,
      ),
    accounts: (input, call) => {
      const place = placeOf(input.IdentityStoreId, call)
      return place === undefined ? [] : [peopleBeside(place.owner.id)]
    },
    async afterwards(input, _output, call) {
      const place = /^(?:Create|Delete)/.test(call.operation.name)
        ? placeOf(input.IdentityStoreId, call)
        : undefined
      if (place !== undefined) await swept(place.owner.id, call.deps)
    },
    run(input, call) {
      const place = placeOf(input.IdentityStoreId, call)
      if (place === undefined) throw notFound('IDENTITY_STORE', input.IdentityStoreId)
      if (!manages(place, call.account)) throw notAllowed()
      return run(input, place, call) as Output extends void ? undefined : Output // one that returns nothing returns undefined
    },
  }
}

function placeOf(id: string, call: Call): CenterPlace | undefined {
  return centersInView(call).find(
    ({ center }) => center.storeId === id || center.storeId === id.replace(/^.*\//, ''),
  )
}

function variablesOf(input: About, call: Call) {
  const place = placeOf(input.IdentityStoreId, call)
  const known =
    input.MembershipId === undefined
      ? undefined
      : place?.people.table(centerMemberships).find(input.MembershipId)
  return {
    Account: place?.center.owner ?? call.account.id,
    IdentityStoreId: input.IdentityStoreId,
    UserId: input.UserId ?? input.MemberId?.UserId ?? known?.user,
    GroupId: input.GroupId ?? known?.group,
    MembershipId: input.MembershipId,
  }
}

function keysOf(input: About, call: Call): ContextKeys {
  const place = placeOf(input.IdentityStoreId, call)
  return { 'identitystore:PrimaryRegion': place?.center.region }
}

/** @throws Fault ResourceNotFoundException */
export function getUser({ people }: CenterPlace, id: string): CenterUser {
  const user = people.table(centerUsers).find(id)
  if (user === undefined) throw notFound('USER', id)
  return user
}

/** @throws Fault ResourceNotFoundException */
export function getGroup({ people }: CenterPlace, id: string): CenterGroup {
  const group = people.table(centerGroups).find(id)
  if (group === undefined) throw notFound('GROUP', id)
  return group
}

export function notFound(type: 'GROUP' | 'USER' | 'IDENTITY_STORE' | 'GROUP_MEMBERSHIP', id: string): Fault {
  const members = { ResourceType: type, ...(/^[\w-]{1,47}$/.test(id) && { ResourceId: id }) }
  return fault('ResourceNotFoundException', `${type} not found.`, 400, members)
}

export function conflict(message: string): Fault {
  return fault('ConflictException', message, 400, { Reason: 'UNIQUENESS_CONSTRAINT_VIOLATION' })
}

export function invalid(message: string): Fault {
  return fault('ValidationException', message, 400)
}

export function tooMany(message: string): Fault {
  return fault('ServiceQuotaExceededException', message, 400)
}
