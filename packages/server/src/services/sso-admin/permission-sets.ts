import { family } from '../../authorization/index.ts'
import { fault } from '../../base/index.ts'
import { type CenterPlace, hex, pageOf, permissionSetArn, secondsOf } from '../../center/index.ts'
import { centerQuotas, type PermissionSet, permissionSets, provisionings } from '../../directory/index.ts'
import type { SsoAdmin } from '../../model/index.ts'
import { getSet, invalid, tooMany, within } from './operation.ts'
import { checkTags, requestTags } from './tag.ts'

/** Permission sets: what a role is made of, in each account that one is lent in. */
export const sets = family<SsoAdmin.Operations>()({
  CreatePermissionSet: within({
    context: (input: SsoAdmin.CreatePermissionSetRequest) => requestTags(input.Tags),
    run(input: SsoAdmin.CreatePermissionSetRequest, place, call) {
      ofOrganization(place)
      const table = place.owner.table(permissionSets)
      if (table.findBy('name', input.Name.toLowerCase()) !== undefined)
        throw fault('ConflictException', `PermissionSet with name ${input.Name} already exists.`, 400)
      if (table.size >= centerQuotas.sets) throw tooMany('The instance has too many permission sets.')
      const set: PermissionSet = {
        id: `ps-${hex(16, call.deps.random)}`,
        name: input.Name,
        duration: checkedDuration(input.SessionDuration ?? 'PT1H'),
        createdAt: call.now,
        managed: [],
        referred: [],
        tags: checkTags(input.Tags ?? []),
        ...(input.Description !== undefined && { description: input.Description }),
        ...(input.RelayState !== undefined && { relayState: input.RelayState }),
      }
      table.put(set)
      return { PermissionSet: viewOf(set, place) }
    },
  }),
  DescribePermissionSet: within({
    run: (input: SsoAdmin.DescribePermissionSetRequest, place) => ({
      PermissionSet: viewOf(getSet(place, input.PermissionSetArn), place),
    }),
  }),
  UpdatePermissionSet: within({
    run(input: SsoAdmin.UpdatePermissionSetRequest, place) {
      const set = getSet(place, input.PermissionSetArn)
      place.owner.table(permissionSets).put({
        ...set,
        ...(input.Description !== undefined && { description: input.Description }),
        ...(input.RelayState !== undefined && { relayState: input.RelayState }),
        ...(input.SessionDuration !== undefined && { duration: checkedDuration(input.SessionDuration) }),
      })
      return {}
    },
  }),
  DeletePermissionSet: within({
    run(input: SsoAdmin.DeletePermissionSetRequest, place) {
      const set = getSet(place, input.PermissionSetArn)
      for (const { set: used } of place.owner.table(provisionings).values())
        if (used === set.id)
          throw fault(
            'ConflictException',
            'Could not delete because PermissionSet has ApplicationProfile associated with it.',
            400,
          )
      place.owner.table(permissionSets).delete(set.id)
      return {}
    },
  }),
  ListPermissionSets: within({
    run(input: SsoAdmin.ListPermissionSetsRequest, place) {
      const { center, owner } = place
      const { items, NextToken } = pageOf(owner.table(permissionSets).values(), ({ id }) => id, input)
      return { PermissionSets: items.map(({ id }) => permissionSetArn(center.id, id, owner)), NextToken }
    },
  }),
})

/** An instance of one account has no permission sets. @throws Fault */
export function ofOrganization({ center }: CenterPlace): void {
  if (center.kind !== 'organization')
    throw invalid('The instance is of one account, and has no permission sets.')
}

function viewOf(set: PermissionSet, { center, owner }: CenterPlace) {
  return {
    Name: set.name,
    PermissionSetArn: permissionSetArn(center.id, set.id, owner),
    Description: set.description,
    CreatedDate: set.createdAt,
    SessionDuration: set.duration,
    RelayState: set.relayState,
  }
}

/** @throws Fault if it is not between one hour and twelve */
function checkedDuration(text: string): string {
  const seconds = secondsOf(text)
  if (seconds < 3_600 || seconds > 43_200) throw invalid('SessionDuration must be between PT1H and PT12H.')
  return text
}
