import { type Served, serveApi } from '../../authorization/index.ts'
import type { AccountAccess } from '../../model/index.ts'
import { applications } from './applications.ts'
import { entitlements } from './entitlements.ts'
import { tags } from './tags.ts'

/** The account access manager: roles of accounts for users and groups of IAM Identity Center. */
export const accountAccess = serveApi('account-access', {
  ...applications,
  ...entitlements,
  ...tags,
} satisfies Served<AccountAccess.Operations>)
