import { type Served, serveApi } from '../../authorization/index.ts'
import type { AccountAccessRuntime } from '../../model/index.ts'
import { roles } from './roles.ts'

/** The account access manager as people use it: the roles that they may wear, and credentials of them. */
export const accountAccessRuntime = serveApi('account-access-runtime', {
  ...roles,
} satisfies Served<AccountAccessRuntime.Operations>)
