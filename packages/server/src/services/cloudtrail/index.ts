import { type Served, serveApi } from '../../authorization/index.ts'
import type { CloudTrail } from '../../model/index.ts'
import { eventSelectors } from './event-selectors.ts'
import { insightSelectors } from './insight-selectors.ts'
import { logging } from './logging.ts'
import { lookUp } from './look-up.ts'
import { publicKeys } from './public-keys.ts'
import { tags } from './tags.ts'
import { trailFamily } from './trails.ts'

/** Operations that are missing; each returns an explicit fault. */
export type Pending = Exclude<
  keyof CloudTrail.Operations,
  | 'AddTags'
  | 'CreateTrail'
  | 'DeleteTrail'
  | 'DescribeTrails'
  | 'GetEventSelectors'
  | 'GetInsightSelectors'
  | 'GetTrail'
  | 'GetTrailStatus'
  | 'ListPublicKeys'
  | 'ListTags'
  | 'ListTrails'
  | 'LookupEvents'
  | 'PutEventSelectors'
  | 'PutInsightSelectors'
  | 'RemoveTags'
  | 'StartLogging'
  | 'StopLogging'
  | 'UpdateTrail'
>

export const cloudtrail = serveApi('cloudtrail', {
  ...eventSelectors,
  ...insightSelectors,
  ...logging,
  ...lookUp,
  ...publicKeys,
  ...tags,
  ...trailFamily,
} satisfies Served<CloudTrail.Operations, Pending>)
