import { type Served, serveApi } from '../../authorization/index.ts'
import type { CognitoIdentity } from '../../model/index.ts'
import { credentials } from './credentials.ts'
import { developers } from './developers.ts'
import { identities } from './identities.ts'
import { poolRoles } from './pool-roles.ts'
import { pools } from './pools.ts'
import { tags } from './tags.ts'

/** Identity pools: roles for users of other providers, and for guests. */
export const cognitoIdentity = serveApi('cognito-identity', {
  ...credentials,
  ...developers,
  ...identities,
  ...poolRoles,
  ...pools,
  ...tags,
} satisfies Served<CognitoIdentity.Operations>)
