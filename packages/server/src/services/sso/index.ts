import { type Served, serveApi } from '../../authorization/index.ts'
import type { Sso } from '../../model/index.ts'
import { portal } from './portal.ts'
import { roleCredentials } from './role-credentials.ts'

/** The access portal: what is lent to a person, and credentials of it. */
export const sso = serveApi('sso', { ...portal, ...roleCredentials } satisfies Served<Sso.Operations>)
