import { json } from './aws.ts'

/** A trail as DescribeTrails returns it. */
export interface DescribedTrail {
  readonly Name: string
  readonly TrailARN: string
  readonly S3BucketName: string
  readonly S3KeyPrefix?: string
  readonly HomeRegion: string
  readonly IsMultiRegionTrail: boolean
  readonly IsOrganizationTrail: boolean
  readonly IncludeGlobalServiceEvents: boolean
  readonly LogFileValidationEnabled: boolean
}

/** Whether a trail logs, and what it delivered last. Times are seconds since the epoch. */
export interface TrailStatus {
  readonly IsLogging: boolean
  readonly LatestDeliveryTime?: number
  readonly LatestDeliveryError?: string
  readonly LatestDigestDeliveryTime?: number
  readonly StartLoggingTime?: number
  readonly StopLoggingTime?: number
}

/** A trail with its status. */
export interface Trail extends DescribedTrail {
  readonly status: TrailStatus
}

const withStatus = async (trail: DescribedTrail, signal: AbortSignal): Promise<Trail> => ({
  ...trail,
  status: await json<TrailStatus>('cloudtrail', 'GetTrailStatus', { Name: trail.TrailARN }, { signal }),
})

/** All trails with their status. */
export async function listTrails(signal: AbortSignal): Promise<readonly Trail[]> {
  const { trailList } = await json<{ trailList: readonly DescribedTrail[] }>(
    'cloudtrail',
    'DescribeTrails',
    {},
    { signal },
  )
  return Promise.all(trailList.map((trail) => withStatus(trail, signal)))
}

/** One trail. @throws AwsError if there is no such trail */
export async function getTrail(name: string, signal: AbortSignal): Promise<Trail> {
  const { Trail: found } = await json<{ Trail: DescribedTrail }>(
    'cloudtrail',
    'GetTrail',
    { Name: name },
    { signal },
  )
  return withStatus(found, signal)
}

/** Starts or stops logging. */
export function toggleLogging({ TrailARN, status }: Trail): Promise<unknown> {
  return json('cloudtrail', status.IsLogging ? 'StopLogging' : 'StartLogging', { Name: TrailARN })
}

/** Settings that a trail is created and changed with. */
export interface TrailSettings {
  readonly bucket: string
  readonly prefix: string
  readonly validation: boolean
}

const inputOf = (name: string, { bucket, prefix, validation }: TrailSettings) => ({
  Name: name,
  S3BucketName: bucket,
  ...(prefix === '' ? {} : { S3KeyPrefix: prefix }),
  EnableLogFileValidation: validation,
})

/** Creates a trail of all regions and starts it. */
export async function createTrail(name: string, settings: TrailSettings): Promise<void> {
  await json('cloudtrail', 'CreateTrail', { ...inputOf(name, settings), IsMultiRegionTrail: true })
  await json('cloudtrail', 'StartLogging', { Name: name })
}

/** Changes where a trail delivers, and whether it writes digests. */
export async function updateTrail(arn: string, settings: TrailSettings): Promise<void> {
  await json('cloudtrail', 'UpdateTrail', inputOf(arn, settings))
}

/** Which resources of a type data events are logged of. */
export interface DataResource {
  readonly Type: string
  readonly Values: readonly string[]
}

/** A basic event selector. */
export interface EventSelector {
  readonly ReadWriteType: 'All' | 'ReadOnly' | 'WriteOnly'
  readonly IncludeManagementEvents: boolean
  readonly DataResources: readonly DataResource[]
  readonly ExcludeManagementEventSources: readonly string[]
}

/** The event selectors of a trail: basic or advanced ones. */
export interface EventSelectors {
  readonly EventSelectors?: readonly EventSelector[]
  readonly AdvancedEventSelectors?: readonly unknown[]
}

export async function getSelectors(arn: string, signal: AbortSignal): Promise<EventSelectors> {
  const { EventSelectors: basic, AdvancedEventSelectors: advanced } = await json<EventSelectors>(
    'cloudtrail',
    'GetEventSelectors',
    { TrailName: arn },
    { signal },
  )
  return advanced === undefined ? { EventSelectors: basic ?? [] } : { AdvancedEventSelectors: advanced }
}

/** @throws SyntaxError if the text is not JSON, AwsError if CloudTrail does not take the selectors */
export async function putSelectors(arn: string, selectors: EventSelectors): Promise<void> {
  await json('cloudtrail', 'PutEventSelectors', { TrailName: arn, ...selectors })
}

/** The tags of a trail. */
export async function trailTags(
  arn: string,
  signal: AbortSignal,
): Promise<readonly { readonly key: string; readonly value: string }[]> {
  const { ResourceTagList } = await json<{
    ResourceTagList: readonly { TagsList?: readonly { Key: string; Value?: string }[] }[]
  }>('cloudtrail', 'ListTags', { ResourceIdList: [arn] }, { signal })
  return (ResourceTagList[0]?.TagsList ?? []).map(({ Key, Value = '' }) => ({ key: Key, value: Value }))
}
