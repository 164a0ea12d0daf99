import { given } from '../../base/index.ts'
import type { AccountImage, PermissionSetImage } from '../../image/index.ts'
import { parsed } from './losses.ts'
import { named, some, tagsOf } from './seed-forms.ts'

/** The member `identityCenter` of a seed; undefined if the account owns no instance. */
export function seedOfCenter(account: AccountImage): unknown {
  const { center, centerGroups, centerUsers, centerMemberships, permissionSets, centerAssignments } = account
  if (center === undefined) return undefined
  const groupNames = new Map(centerGroups.map(({ id, name }) => [id, name]))
  const userNames = new Map(centerUsers.map(({ id, name }) => [id, name]))
  const setNames = new Map(permissionSets.map(({ id, name }) => [id, name]))
  const memberships = Map.groupBy(centerMemberships, ({ user }) => user)
  return given({
    region: center.region,
    groups: named(centerGroups, ({ description }) => given({ description })),
    users: named(centerUsers, ({ id, given: members }) => {
      const { Name, Emails, DisplayName: _, ...others } = Object(parsed(members))
      const texts = Object.entries(others).filter(([, value]) => typeof value === 'string')
      return given({
        name: Name?.GivenName === undefined ? undefined : [Name.GivenName, Name.FamilyName],
        email: Emails?.[0]?.Value,
        groups: some((memberships.get(id) ?? []).flatMap(({ group }) => groupNames.get(group) ?? [])),
        attributes:
          texts.length === 0
            ? undefined
            : Object.fromEntries(
                texts.map(([name, value]) => [`${name[0]?.toLowerCase()}${name.slice(1)}`, value]),
              ),
      })
    }),
    attributes:
      center.attributes === undefined || center.attributes.length === 0
        ? undefined
        : Object.fromEntries(center.attributes.map(({ key, sources }) => [key, sources[0]])),
    permissionSets: named(permissionSets, setOf),
    assignments: some(
      centerAssignments.map(({ account: id, set, type, principal }) => ({
        ...(type === 'USER' ? { user: userNames.get(principal) } : { group: groupNames.get(principal) }),
        set: setNames.get(set),
        accounts: [id],
      })),
    ),
    entitlements: some(
      (center.entitlements ?? []).map(({ type, principal, role }) => ({
        ...(type === 'USER' ? { user: userNames.get(principal) } : { group: groupNames.get(principal) }),
        role,
      })),
    ),
  })
}

function setOf(set: PermissionSetImage) {
  const { boundary } = set
  return given({
    description: set.description,
    managed: some(set.managed),
    customerManaged: some(set.referred?.map(({ path, name }) => `${path}${name}`)),
    inline: set.inline === undefined ? undefined : parsed(set.inline),
    boundary:
      boundary === undefined
        ? undefined
        : 'arn' in boundary
          ? boundary.arn
          : `${boundary.reference.path}${boundary.reference.name}`,
    session: set.duration === 'PT1H' ? undefined : set.duration,
    relayState: set.relayState,
    tags: tagsOf(set.tags),
  })
}
