import { type Call, family } from '../../authorization/index.ts'
import { type Bearer, groups, roles, users } from '../../directory/index.ts'
import type { Iam } from '../../model/index.ts'
import { byName, nameKey } from './by-name.ts'
import { chained, type Listing, page, seenAs } from './page.ts'
import { getPolicy } from './policies.ts'
import { asks } from './target.ts'
import { thePolicy } from './targets.ts'

type Type = 'Group' | 'User' | 'Role'

interface Entity {
  readonly type: Type
  readonly bearer: Bearer & { readonly boundaryArn?: string }
}

/** The entities that a managed policy is attached to. */
export const entitiesForPolicyFamily = family<Iam.Operations>()({
  ListEntitiesForPolicy: {
    ...asks(thePolicy),
    run(input, call) {
      const { arn } = getPolicy(input.PolicyArn, call)
      const prefix = input.PathPrefix ?? '/'
      const { items, rest } = page(entities(input.EntityFilter, call), entityKey, input, ({ bearer }) => {
        if (!bearer.path.startsWith(prefix)) return false
        const permits = bearer.attached.includes(arn)
        const bounds = bearer.boundaryArn === arn
        if (input.PolicyUsageFilter === 'PermissionsPolicy') return permits
        if (input.PolicyUsageFilter === 'PermissionsBoundary') return bounds
        return permits || bounds
      })
      const ofType = (type: Type) => items.filter((item) => item.type === type).map(({ bearer }) => bearer)
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
  const wanted = (type: Type) => filter === undefined || filter === type
  return chained<Entity>([
    seenAs(wanted('Group') ? byName(account, groups) : [], (bearer) => ({ type: 'Group', bearer })),
    seenAs(wanted('Role') ? byName(account, roles) : [], (bearer) => ({ type: 'Role', bearer })),
    seenAs(wanted('User') ? byName(account, users) : [], (bearer) => ({ type: 'User', bearer })),
  ])
}

/** Returns the key that sorts like `entities`. */
function entityKey({ type, bearer }: Entity): string {
  return `${type} ${nameKey(bearer)}`
}
