import { type Call, family } from '../../authorization/index.ts'
import { groups, type IamIdentity, roles, users } from '../../directory/index.ts'
import type { Iam } from '../../model/index.ts'
import { byName, nameKey } from './by-name.ts'
import { chained, type Listing, page, seenAs } from './page.ts'
import { getPolicy } from './policies.ts'
import { asks } from './target.ts'
import { thePolicy } from './targets.ts'

type Type = 'Group' | 'User' | 'Role'

interface Entity {
  readonly type: Type
  readonly identity: IamIdentity & { readonly boundaryArn?: string }
}

/** The entities that a managed policy is attached to. */
export const entitiesForPolicyFamily = family<Iam.Operations>()({
  ListEntitiesForPolicy: {
    ...asks(thePolicy),
    run(input, call) {
      const { arn } = getPolicy(input.PolicyArn, call)
      const prefix = input.PathPrefix ?? '/'
      const { items, rest } = page(entities(input.EntityFilter, call), entityKey, input, ({ identity }) => {
        if (!identity.path.startsWith(prefix)) return false
        const permits = identity.attached.includes(arn)
        const bounds = identity.boundaryArn === arn
        if (input.PolicyUsageFilter === 'PermissionsPolicy') return permits
        if (input.PolicyUsageFilter === 'PermissionsBoundary') return bounds
        return permits || bounds
      })
      const ofType = (type: Type) =>
        items.filter((item) => item.type === type).map(({ identity }) => identity)
      return {
        PolicyGroups: ofType('Group').map(({ name, id }) => ({ GroupName: name, GroupId: id })),
        PolicyUsers: ofType('User').map(({ name, id }) => ({ UserName: name, UserId: id })),
        PolicyRoles: ofType('Role').map(({ name, id }) => ({ RoleName: name, RoleId: id })),
        ...rest,
      }
    },
  },
})

/** Returns all entities that may have the policy: groups, roles, users; each kind by name. */
function entities(filter: Iam.EntityType | undefined, { account }: Call): Listing<Entity> {
  const isListed = (type: Type) => filter === undefined || filter === type
  return chained<Entity>([
    seenAs(isListed('Group') ? byName(account, groups) : [], (identity) => ({ type: 'Group', identity })),
    seenAs(isListed('Role') ? byName(account, roles) : [], (identity) => ({ type: 'Role', identity })),
    seenAs(isListed('User') ? byName(account, users) : [], (identity) => ({ type: 'User', identity })),
  ])
}

/** Returns the key that sorts like `entities`. */
function entityKey({ type, identity }: Entity): string {
  return `${type} ${nameKey(identity)}`
}
