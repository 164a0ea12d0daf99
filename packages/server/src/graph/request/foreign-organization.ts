import type { KeyDomain, Policy } from '@omen-iam/policy'
import { perObject } from '../../base/index.ts'
import {
  accountsIn,
  noOrganization,
  type Organization,
  resourceDocuments,
  type World,
} from '../world/world.ts'
import { organizationKeys } from './caller.ts'
import type { Outsider } from './outside.ts'
import type { CallerKeys } from './variant.ts'

type Keys = Pick<CallerKeys, 'context' | 'open'>

const idKey = 'aws:PrincipalOrgID'
const pathKey = 'aws:PrincipalOrgPaths'

/** The organization of an account that is not in view, if a tree says that the account belongs to it. */
export function memberOf(outsider: Outsider, { organization: { members } }: World): Organization | undefined {
  return 'account' in outsider ? members?.get(outsider.account) : undefined
}

/**
 * The known and the open keys about the organization of an outsider: of a member of the tree all are known. An
 * account that the tree does not have is in no organization, or in another one.
 */
export function foreignOrganization(outsider: Outsider, world: World): Keys {
  const member = memberOf(outsider, world)
  if (member !== undefined) return organizationKeys('aws:Principal', member)
  const keys = organizationKeys('aws:Principal', noOrganization)
  const { id, members } = world.organization
  if (id === undefined || members === undefined || !('account' in outsider)) return keys
  return { ...keys, open: { ...keys.open, ...othersOf(world) } }
}

/** The values of the keys for another organization: those that policies name. */
const othersOf = perObject((world: World): Record<string, KeyDomain> => {
  const { id } = world.organization
  const ids = new Set(['o-0000000000'])
  const paths = new Set(['o-0000000000/r-0000/ou-0000-00000000/'])
  for (const { statements } of policiesOf(world))
    for (const { condition } of statements)
      for (const { key, values } of condition) {
        const into = { [idKey.toLowerCase()]: ids, [pathKey.toLowerCase()]: paths }[key.toLowerCase()]
        for (const { value } of into === undefined ? [] : values)
          into?.add(value.replaceAll('*', '0').replaceAll('?', '0'))
      }
  return {
    [idKey]: { values: [...ids].filter((each) => each !== id), mayBeAbsent: true },
    [pathKey]: {
      values: [...paths].filter((each) => !each.startsWith(`${id}/`)),
      mayBeAbsent: true,
      isMultivalued: true,
    },
  }
})

/** The policies that may name an organization of a caller from outside. */
function* policiesOf(world: World): Generator<Policy> {
  for (const account of accountsIn(world)) {
    const { roles, organization } = account
    for (const { trust } of roles.values()) if (trust !== undefined) yield trust.policy
    for (const { policy } of resourceDocuments(account)) yield policy
    for (const { policy } of (organization.rcps ?? []).flat()) yield policy
  }
}
