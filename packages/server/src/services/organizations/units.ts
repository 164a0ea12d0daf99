import { family } from '../../authorization/index.ts'
import { organizationAccounts, organizationalUnits, pathToRoot } from '../../directory/index.ts'
import type { Organizations } from '../../model/index.ts'
import { attachDefaults, detachAll } from './attachment.ts'
import { refuse, violates } from './faults.ts'
import { letters } from './ids.ts'
import { within } from './operation.ts'
import { page } from './page.ts'
import { getUnit, isParent, type Place } from './place.ts'
import { quotas, quotasOf } from './quotas.ts'
import { arnOf } from './resource.ts'
import { addTags, requestTags, tagging } from './tag.ts'
import { unitView } from './view.ts'
import { where } from './where.ts'

/** Organizational units. */
export const units = family<Organizations.Operations>()({
  CreateOrganizationalUnit: within('management', {
    on: (input) => input.ParentId,
    context: (input) => requestTags(input.Tags),
    also: (input, place) => tagging(input.Tags, arnOf(place, 'ou-*')),
    run(input, place, call) {
      const { management, organization } = place
      const { ParentId: parentId, Name: name } = input
      if (!isParent(place, parentId)) throw refuse('ParentNotFoundException')
      const table = management.table(organizationalUnits)
      checkName(place, parentId, name)
      if (table.size >= quotasOf(call).units) {
        throw violates('OU_NUMBER_LIMIT_EXCEEDED', 'You have exceeded the number of OUs that you can have.')
      }
      // the path contains the root, so its length is the depth of a unit below
      if (pathToRoot(management, parentId).length > quotas.depth) {
        throw violates(
          'OU_DEPTH_LIMIT_EXCEEDED',
          'You attempted to create an OU tree that is too many levels deep.',
        )
      }
      const unit = {
        id: `ou-${organization.rootId.slice(2)}-${letters(8, call.deps.random)}`,
        name,
        parentId,
        tags: addTags([], input.Tags ?? []),
      }
      table.put(unit)
      attachDefaults(place, unit.id)
      return { OrganizationalUnit: unitView(place, unit) }
    },
  }),

  UpdateOrganizationalUnit: within('management', {
    on: (input) => input.OrganizationalUnitId,
    run(input, place) {
      const unit = getUnit(place, input.OrganizationalUnitId)
      // a blank name changes nothing (behaviour ORG-115)
      const name = input.Name?.trim() ? input.Name : unit.name
      if (name !== unit.name) checkName(place, unit.parentId, name)
      const renamed = { ...unit, name }
      place.management.table(organizationalUnits).put(renamed)
      return { OrganizationalUnit: unitView(place, renamed) }
    },
  }),

  DeleteOrganizationalUnit: within('management', {
    on: (input) => input.OrganizationalUnitId,
    run(input, place) {
      const { id } = getUnit(place, input.OrganizationalUnitId)
      if (hasChildren(place, id)) throw refuse('OrganizationalUnitNotEmptyException')
      place.management.table(organizationalUnits).delete(id)
      detachAll(place, id)
    },
  }),

  DescribeOrganizationalUnit: within('administrators', {
    on: (input) => input.OrganizationalUnitId,
    run: (input, place) => ({
      OrganizationalUnit: unitView(place, getUnit(place, input.OrganizationalUnitId)),
    }),
  }),

  ListOrganizationalUnitsForParent: within('administrators', {
    on: (input) => input.ParentId,
    run(input, place) {
      if (!isParent(place, input.ParentId)) throw refuse('ParentNotFoundException')
      const { items, NextToken } = page(unitsIn(place, input.ParentId), (unit) => unit.id, input)
      return { OrganizationalUnits: items.map((unit) => unitView(place, unit)), NextToken }
    },
  }),
})

/** Returns the units directly under a root or unit. */
export function unitsIn({ management }: Place, parentId: string) {
  return where(management.table(organizationalUnits).values(), (unit) => unit.parentId === parentId)
}

/** Returns the accounts directly under a root or unit. */
export function accountsIn({ management }: Place, parentId: string) {
  return where(management.table(organizationAccounts).values(), (account) => account.parentId === parentId)
}

function hasChildren(place: Place, id: string): boolean {
  return unitsIn(place, id).next().done !== true || accountsIn(place, id).next().done !== true
}

/** Names are unique among the units of a parent. */
function checkName({ management }: Place, parentId: string, name: string): void {
  if (management.table(organizationalUnits).findBy('name', `${parentId}\n${name}`) !== undefined) {
    throw refuse('DuplicateOrganizationalUnitException')
  }
}
