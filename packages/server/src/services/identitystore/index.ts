import { type Served, serveApi } from '../../authorization/index.ts'
import type { IdentityStore } from '../../model/index.ts'
import { groups } from './groups.ts'
import { memberships } from './memberships.ts'
import { users } from './users.ts'

/** Directories of IAM Identity Center: users, groups, and who is in which. */
export const identityStore = serveApi('identitystore', {
  ...groups,
  ...memberships,
  ...users,
} satisfies Served<IdentityStore.Operations>)
