import { type Served, serveApi } from '../../authorization/index.ts'
import type { EksAuth } from '../../model/index.ts'
import { assumeRoleForPod } from './assume-role-for-pod.ts'

/** Credentials for pods, asked for by the agent of a node. */
export const eksAuth = serveApi('eks-auth', { ...assumeRoleForPod } satisfies Served<EksAuth.Operations>)
