import { type Served, serveApi } from '../../authorization/index.ts'
import type { CloudTrail } from '../../model/index.ts'
import { lookUp } from './look-up.ts'

/** Operations that are not there yet; each gets an honest fault. */
export type Pending = Exclude<keyof CloudTrail.Operations, 'LookupEvents'>

export const cloudtrail = serveApi('cloudtrail', { ...lookUp } satisfies Served<
  CloudTrail.Operations,
  Pending
>)
