import { awsFiles, readAwsFile, settingsOf } from './aws-file.ts'
import type { Keys } from './client.ts'
import { badConfiguration, CommandFailure, exitCodes } from './failure.ts'
import type { RunningServer } from './home.ts'
import { shownArgument } from './output.ts'
import { callQuery, neededText } from './query.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/** The caller that the environment names: keys, or a profile whose roles are still to be assumed. */
export interface Named {
  /** The profile; undefined if the variables are keys. */
  readonly profile?: string
  readonly keys: Keys
  /** The roles of the profile and its sources, in the order in which they are assumed. */
  readonly roles: readonly Role[]
  /** The endpoint of the profile. */
  readonly endpoint?: string
}

interface Role {
  readonly RoleArn: string
  readonly RoleSessionName: string
  readonly ExternalId: string | undefined
  readonly DurationSeconds: number | undefined
}

/** No chain of profiles is longer. */
const longest = 8

/**
 * The caller that the environment names, as AWS clients find it (behaviour SHL-25): its keys, or else its profile.
 * Undefined if it names none. @throws CommandFailure if there is no such profile, or its credentials are of a kind that
 * is not read here
 */
export function callerNamed(environment: Environment): Named | undefined {
  const keys = keysIn(environment)
  if (keys !== undefined) return { keys, roles: [] }
  const profile = environment.AWS_PROFILE || environment.AWS_DEFAULT_PROFILE
  if (!profile) return undefined
  const files = awsFiles(environment)
  const config = readAwsFile(files.config)
  const credentials = readAwsFile(files.credentials)
  const roles: Role[] = []
  let endpoint: string | undefined
  for (let name = profile, depth = 0; depth < longest; depth++) {
    const settings = new Map([
      ...(settingsOf(config, name === 'default' ? name : `profile ${name}`) ?? []),
      ...(settingsOf(credentials, name) ?? []),
    ])
    if (settings.size === 0)
      throw new CommandFailure(`the profile ${name} (AWS_PROFILE) is not in ${files.config}`, exitCodes.other)
    if (depth === 0) endpoint = settings.get('endpoint_url')
    const source = settings.get('source_profile')
    const role = settings.get('role_arn')
    // a profile that is its own source has the keys of the role's caller
    if (role !== undefined && source !== undefined && !(source === name && depth > 0)) {
      if (settings.has('mfa_serial')) throw unread(profile, 'it wants MFA')
      roles.unshift({
        RoleArn: role,
        RoleSessionName: settings.get('role_session_name') ?? 'omen',
        ExternalId: settings.get('external_id'),
        DurationSeconds: Number(settings.get('duration_seconds')) || undefined,
      })
      if (source !== name) {
        name = source
        continue
      }
    }
    const profileKeys = keysOf(
      settings.get('aws_access_key_id'),
      settings.get('aws_secret_access_key'),
      settings.get('aws_session_token'),
    )
    if (profileKeys === undefined) throw unread(profile, `the profile ${name} has no key`)
    return { profile, keys: profileKeys, roles, ...(endpoint === undefined ? {} : { endpoint }) }
  }
  throw badConfiguration(`the profile ${profile} (AWS_PROFILE) has more than ${longest} profiles behind it`)
}

/** The caller's keys, once the roles of its profile are assumed. @throws ServiceRefusal if one is refused */
export async function keysOfNamed(
  { keys, roles }: Named,
  server: Pick<RunningServer, 'url' | 'partition'>,
): Promise<Keys> {
  let now = keys
  for (const role of roles) {
    const result = await callQuery(server, now, 'sts', 'AssumeRole', { ...role })
    now = {
      accessKeyId: neededText(result, 'Credentials', 'AccessKeyId'),
      secretAccessKey: neededText(result, 'Credentials', 'SecretAccessKey'),
      sessionToken: neededText(result, 'Credentials', 'SessionToken'),
    }
  }
  return now
}

/** The endpoint at which clients of this environment call IAM and STS; undefined for AWS's own. */
export function endpointNamed(environment: Environment, named: Named | undefined): string | undefined {
  const { AWS_ENDPOINT_URL_STS, AWS_ENDPOINT_URL_IAM, AWS_ENDPOINT_URL } = environment
  const isIgnored = environment.AWS_IGNORE_CONFIGURED_ENDPOINT_URLS?.toLowerCase() === 'true'
  if (isIgnored) return undefined
  return AWS_ENDPOINT_URL_STS || AWS_ENDPOINT_URL_IAM || AWS_ENDPOINT_URL || named?.endpoint
}

/** The keys of the environment's variables. */
export function keysIn(environment: Environment): Keys | undefined {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = environment
  return keysOf(AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN)
}

function keysOf(accessKeyId?: string, secretAccessKey?: string, sessionToken?: string): Keys | undefined {
  if (!accessKeyId || !secretAccessKey) return undefined
  return { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) }
}

function unread(profile: string, why: string): CommandFailure {
  return badConfiguration(
    `the credentials of the profile ${profile} (AWS_PROFILE) are not read here, for ${why}: eval "$(aws configure export-credentials --profile ${shownArgument(profile)} --format env)"`,
  )
}
