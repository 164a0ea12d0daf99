import type { Call } from '../../authorization/index.ts'
import { type Fault, fault, parseArn } from '../../base/index.ts'
import { findRole, type Trail, type TrailLogs, trailArn } from '../../directory/index.ts'
import type { CloudTrail } from '../../model/index.ts'

type Given = Omit<CloudTrail.UpdateTrailRequest, 'Name'>

/** The findings about the places of a trail before it is stored. */
export interface FoundPlaces {
  /** The ARN of the key that encrypts its files. */
  readonly kmsKey?: string
}

/** Returns the log group of a trail and its role: given ones replace earlier ones, and empty texts remove them. @throws Fault */
export function logsOf(given: Given, before: TrailLogs | undefined, call: Call): TrailLogs | undefined {
  const { CloudWatchLogsLogGroupArn: givenGroup, CloudWatchLogsRoleArn: givenRole } = given
  // what a call does not name stays, whatever became of it
  if (givenGroup === undefined && givenRole === undefined) return before
  const groupArn = givenGroup ?? before?.groupArn ?? ''
  const roleArn = givenRole ?? before?.roleArn ?? ''
  if (groupArn === '' && roleArn === '') return undefined
  if (roleArn === '') throw badRole('You must specify a role ARN as well as a log group.')
  if (groupArn === '') throw badGroup('You must specify a log group as well as a role ARN.')
  const group = parseArn(groupArn)
  const isGroup =
    group !== undefined &&
    group.service === 'logs' &&
    group.region === call.region &&
    group.account === call.account.id &&
    /^log-group:[\w./#-]{1,512}:\*$/.test(group.resource)
  if (!isGroup) throw unknownGroup()
  if (findRole(call.account, roleArn) === undefined) throw untrusting()
  return { groupArn, roleArn, since: before?.groupArn === groupArn ? before.since : call.now }
}

/**
 * Asks the upstream about the places that a call gives a trail: the role makes a stream in the log group, and the key's policy is
 * read (behaviours CTR-25 to CTR-28). @throws Fault if one of them cannot be used
 */
export async function checkPlaces(
  given: Given,
  trail: Pick<Trail, 'homeRegion' | 'name' | 'bucket'>,
  before: Trail | undefined,
  call: Call,
): Promise<FoundPlaces> {
  const { account, deps } = call
  const arn = trailArn(account, trail)
  const logs = logsOf(given, before?.logs, call)
  const { trailUpstream: upstream } = deps
  if (upstream !== undefined && logs !== undefined && isNew(logs, before?.logs)) {
    // CloudTrail acts on its own: what it does is no part of this call
    const refused = await deps.directory.afterAttempt(() =>
      upstream.callLogs({
        account: account.id,
        roleArn: logs.roleArn,
        trailArn: arn,
        region: trail.homeRegion,
        operation: 'CreateLogStream',
        input: {
          logGroupName: logs.groupArn.split(':')[6],
          logStreamName: `${account.id}_CloudTrail_${trail.homeRegion}`,
        },
      }),
    )
    if (refused?.at === 'trust') throw untrusting()
    if (refused?.at === 'permission') throw badGroup('Access denied. Check the permissions for your role.')
    if (refused?.at === 'group') throw unknownGroup()
    if (refused !== undefined)
      throw fault(
        'CloudWatchLogsDeliveryUnavailableException',
        `CloudWatch Logs does not take the log stream: ${refused.code}.`,
        400,
      )
  }
  const { KmsKeyId: keyId = before?.kmsKey } = given
  if (keyId === undefined || keyId === '') return {}
  if (upstream === undefined || keyId === before?.kmsKey) return { kmsKey: keyId }
  const place = { account: account.id, region: trail.homeRegion, trailArn: arn }
  const key = await deps.directory.afterAttempt(() => upstream.usableKey(keyId, place))
  if ('arn' in key) return { kmsKey: key.arn }
  throw keyFault(key.problem, keyId, trail.bucket)
}

function isNew(logs: TrailLogs, before: TrailLogs | undefined): boolean {
  return logs.groupArn !== before?.groupArn || logs.roleArn !== before.roleArn
}

function keyFault(problem: 'missing' | 'disabled' | 'denied' | 'silent', key: string, bucket: string): Fault {
  switch (problem) {
    case 'missing':
      return fault('KmsKeyNotFoundException', `KMS key ${key} does not exist.`, 400)
    case 'disabled':
      return fault('KmsException', `KMS key ${key} is disabled.`, 400)
    case 'denied': {
      const message = `Insufficient permissions to access S3 bucket ${bucket} or KMS key ${key}.`
      return fault('InsufficientEncryptionPolicyException', message, 400)
    }
    case 'silent':
      return fault('KmsException', 'AWS KMS does not answer.', 400)
  }
}

function badRole(message: string): Fault {
  return fault('InvalidCloudWatchLogsRoleArnException', message, 400)
}

function badGroup(message: string): Fault {
  return fault('InvalidCloudWatchLogsLogGroupArnException', message, 400)
}

function untrusting(): Fault {
  return badRole('Access denied. Check the trust relationships for your role.')
}

function unknownGroup(): Fault {
  return badGroup("Check the log group ARN: CloudTrail can't validate it.")
}
