import { type Served, serveApi } from '../../authorization/index.ts'
import type { Organizations } from '../../model/index.ts'
import { createAccount } from './create-account.ts'
import { organization } from './organization.ts'

/** Operations that are not there yet; each gets an honest fault. */
export type Pending = Exclude<
  keyof Organizations.Operations,
  keyof typeof createAccount | keyof typeof organization
>

export const organizations = serveApi('organizations', {
  ...createAccount,
  ...organization,
} satisfies Served<Organizations.Operations, Pending>)
