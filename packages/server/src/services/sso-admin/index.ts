import { type Served, serveApi } from '../../authorization/index.ts'
import type { SsoAdmin } from '../../model/index.ts'
import { assignments } from './assignments.ts'
import { attributes } from './attributes.ts'
import { instances } from './instances.ts'
import { sets } from './permission-sets.ts'
import { policiesOfSets } from './policies.ts'
import { provisioning } from './provisioning.ts'
import { tags } from './tags.ts'

export { newCenter } from './instances.ts'

/** IAM Identity Center: instances, permission sets and their assignments. */
export const ssoAdmin = serveApi('sso-admin', {
  ...assignments,
  ...attributes,
  ...instances,
  ...policiesOfSets,
  ...provisioning,
  ...sets,
  ...tags,
} satisfies Served<SsoAdmin.Operations>)
