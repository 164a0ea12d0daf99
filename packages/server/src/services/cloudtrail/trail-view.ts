import type { Trail as TrailRecord } from '../../directory/index.ts'
import { trailArn } from '../../directory/index.ts'
import type { CloudTrail } from '../../model/index.ts'
import type { FoundTrail } from './find-trail.ts'

/** The answer of CreateTrail and UpdateTrail. */
export function settingsOut({ trail, owner }: FoundTrail) {
  return {
    Name: trail.name,
    S3BucketName: trail.bucket,
    ...(trail.prefix === undefined ? {} : { S3KeyPrefix: trail.prefix }),
    IncludeGlobalServiceEvents: trail.globalEvents,
    IsMultiRegionTrail: trail.multiRegion,
    TrailARN: trailArn(owner, trail),
    LogFileValidationEnabled: trail.validated,
    CloudWatchLogsLogGroupArn: trail.logs?.groupArn,
    CloudWatchLogsRoleArn: trail.logs?.roleArn,
    KmsKeyId: trail.kmsKey,
    IsOrganizationTrail: trail.organization,
    // true unless the trail asked for the contrary (behaviour CTR-19)
    RecursiveLogging: trail.recursive ?? true,
  }
}

/** The answer of DescribeTrails and GetTrail. */
export function trailOut(found: FoundTrail): CloudTrail.Trail {
  const { trail } = found
  return {
    ...settingsOut(found),
    HomeRegion: trail.homeRegion,
    HasCustomEventSelectors: hasCustomSelectors(trail),
    HasInsightSelectors: false,
  }
}

function hasCustomSelectors(trail: TrailRecord): boolean {
  return trail.selectors !== undefined || trail.advancedSelectors !== undefined
}
