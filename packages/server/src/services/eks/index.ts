import { type Served, serveApi } from '../../authorization/index.ts'
import type { Eks } from '../../model/index.ts'
import { podIdentity } from './pod-identity.ts'
import { tags } from './tags.ts'

/** Roles of the pods of clusters. */
export const eks = serveApi('eks', { ...podIdentity, ...tags } satisfies Served<Eks.Operations>)
