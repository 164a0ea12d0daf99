import type { Call } from '../../authorization/index.ts'
import { fault } from '../../base/index.ts'
import { organizationOf, type Trail } from '../../directory/index.ts'
import type { CloudTrail } from '../../model/index.ts'
import { notHere } from './faults.ts'
import { type FoundPlaces, logsOf } from './trail-places.ts'

type Settings = Pick<
  Trail,
  | 'bucket'
  | 'prefix'
  | 'multiRegion'
  | 'globalEvents'
  | 'validated'
  | 'validatedSince'
  | 'organization'
  | 'logs'
  | 'kmsKey'
  | 'recursive'
>

export type Given = Omit<CloudTrail.UpdateTrailRequest, 'Name'>

const defaults = { multiRegion: false, globalEvents: true, validated: false, organization: false }

/** Returns a trail's settings: given ones replace earlier ones. @throws Fault for invalid settings */
export function settingsOf(
  given: Given,
  before: Settings | undefined,
  call: Call,
  { kmsKey }: FoundPlaces,
): Settings {
  refuseElsewhere(given, call)
  const logs = logsOf(given, before?.logs, call)
  const old: Settings = before ?? { ...defaults, bucket: '' }
  const bucket = checkedBucket(given.S3BucketName ?? old.bucket)
  const prefix = checkedPrefix(given.S3KeyPrefix ?? old.prefix)
  const multiRegion = given.IsMultiRegionTrail ?? old.multiRegion
  const globalEvents = given.IncludeGlobalServiceEvents ?? old.globalEvents
  if (multiRegion && !globalEvents) {
    const message = 'Multi-Region trail must include global service events.'
    throw fault('InvalidParameterCombinationException', message, 400)
  }
  const organization = given.IsOrganizationTrail ?? old.organization
  if (organization && !old.organization) checkOrganization(call)
  const recursive = given.RecursiveLogging ?? old.recursive
  const validated = given.EnableLogFileValidation ?? old.validated
  return {
    bucket,
    ...(prefix === undefined ? {} : { prefix }),
    multiRegion,
    globalEvents,
    validated,
    ...(validated ? { validatedSince: (old.validated ? old.validatedSince : undefined) ?? call.now } : {}),
    organization,
    ...(recursive === undefined ? {} : { recursive }),
    ...(logs === undefined ? {} : { logs }),
    ...(kmsKey === undefined ? {} : { kmsKey }),
  }
}

/** Settings that Omen would not deliver are refused (behaviour CTR-10). */
export function refuseElsewhere(given: Given, { deps }: Call): void {
  if (given.SnsTopicName !== undefined && given.SnsTopicName !== '')
    throw notHere('Notifications through Amazon SNS are not sent')
  const hasUpstream = deps.trailUpstream !== undefined
  if (!hasUpstream && (given.CloudWatchLogsLogGroupArn || given.CloudWatchLogsRoleArn))
    throw notHere('Without an upstream of the guard, events are not sent to CloudWatch Logs')
  if (given.KmsKeyId && !(hasUpstream && deps.encryptsTrails === true))
    throw notHere(
      'Without an upstream of the guard and an S3 endpoint for trails, log files are not encrypted with AWS KMS',
    )
}

function checkedBucket(name: string): string {
  const problem =
    name.length < 3
      ? 'Bucket name is too short'
      : name.length > 63
        ? 'Bucket name is too long'
        : !/^[a-z0-9][a-z0-9.-]*[a-z0-9]$/.test(name) || name.includes('..')
          ? 'Bucket name is not valid'
          : undefined
  if (problem !== undefined) throw fault('InvalidS3BucketNameException', `${problem}: ${name}`, 400)
  return name
}

/** A prefix becomes folders: no part of it may lead out of them. */
function checkedPrefix(prefix: string | undefined): string | undefined {
  if (prefix === undefined || prefix === '') return undefined
  const isFit = (part: string) => /^[A-Za-z0-9!_.*'()=@:+ -]+$/.test(part) && !/^\.+$/.test(part)
  if (prefix.length > 200 || !prefix.split('/').every(isFit))
    throw fault('InvalidS3PrefixException', `S3 prefix is not valid: ${prefix}`, 400)
  return prefix
}

function checkOrganization({ account }: Call): void {
  const management = account.settings.managementAccount
  if (management === undefined) {
    const message = 'Your account is not a member of an organization.'
    throw fault('OrganizationsNotInUseException', message, 404)
  }
  const organization = organizationOf(account)
  if (management !== account.id || organization === undefined) {
    const message = 'Only the management account of the organization can do this.'
    throw fault('NotOrganizationMasterAccountException', message, 400)
  }
  if (organization.featureSet !== 'ALL') {
    const message = 'The organization does not have all features enabled.'
    throw fault('OrganizationNotInAllFeaturesModeException', message, 400)
  }
}
