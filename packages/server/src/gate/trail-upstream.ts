import { allowsService, type Dependencies } from '../authorization/index.ts'
import { type AccountId, putNewest, Secret } from '../base/index.ts'
import type { TrailTarget } from '../delivery/index.ts'
import {
  findRole,
  type LogsCall,
  type LogsRefusal,
  type Role,
  type TrailUpstream,
} from '../directory/index.ts'
import type { Guard, UpstreamOptions } from '../guard/index.ts'
import type { MintedCredentials } from '../session/index.ts'
import { signedHeaders } from '../wire/sigv4/index.ts'
import { loadManagement, withAccounts } from './admission.ts'
import { callOf } from './assume-for-service.ts'

/** The principal that trails act as. */
const cloudtrail = 'cloudtrail.amazonaws.com'
/** The name of CloudTrail's sessions that write to log groups. */
const sessionName = 'CLOUDWATCH_LOGS_DELIVERY_SESSION'
const lifetimeSeconds = 3_600
/** A session is used until so long before its end, in milliseconds. */
const spare = 300_000
/** The most sessions that are remembered: the trails of twenty accounts. */
const sessionsMost = 100
/** The time limit of a call, in milliseconds, and the most bytes that are read of its answer. */
const patience = 30_000
const answerBytes = 16_384

interface Session {
  readonly trust: string
  readonly credentials: MintedCredentials
}

/** A server, as far as CloudTrail's own calls go through it. */
interface Reach {
  readonly deps: Dependencies
  readonly guard: Guard | undefined
  /** Undefined before the port is open. */
  readonly url: string | undefined
}

/** Returns what a server knows of the places of trails. */
export function trailFacts(
  { trailTarget, upstream }: { readonly trailTarget?: TrailTarget; readonly upstream?: UpstreamOptions },
  reach: () => Reach,
): Pick<Dependencies, 'deliversTrails' | 'encryptsTrails' | 'trailUpstream'> {
  return {
    deliversTrails: trailTarget !== undefined,
    encryptsTrails: trailTarget?.encrypts === true,
    ...(upstream !== undefined && { trailUpstream: trailUpstream(reach) }),
  }
}

/** CloudTrail's own calls to the services behind the guard: as a role by the server's port, or as itself. */
function trailUpstream(reach: () => Reach): TrailUpstream {
  const sessions = new Map<string, Session>()

  async function sessionOf(call: LogsCall, role: Role): Promise<MintedCredentials | undefined> {
    const { deps } = reach()
    const key = `${call.trailArn} ${role.id}`
    const session = sessions.get(key)
    const isFresh = session !== undefined && session.credentials.expiresAt - spare > deps.clock.now()
    if (isFresh && session.trust === role.trust) return session.credentials
    sessions.delete(key)
    const account = await deps.directory.find(call.account)
    const credentials =
      account &&
      (await deps.assumeForService({
        account,
        role,
        service: cloudtrail,
        sessionName,
        lifetimeSeconds,
        region: call.region,
        context: { 'aws:SourceArn': call.trailArn, 'aws:SourceAccount': call.account },
      }))
    if (credentials === undefined) return undefined
    putNewest(sessions, sessionsMost, key, { trust: role.trust, credentials })
    return credentials
  }

  return {
    async callLogs(call) {
      const { deps, url } = reach()
      if (url === undefined) return { code: 'ServiceUnavailable', at: 'answer' }
      const account = await deps.directory.decided(() => deps.directory.find(call.account))
      const role = account && findRole(account, call.roleArn)
      const credentials = role && (await sessionOf(call, role))
      if (credentials === undefined) return { code: 'AccessDenied', at: 'trust' }
      const code = await sent(url, call, credentials, deps.clock.now())
      if (code === undefined || (call.operation === 'CreateLogStream' && code === existing)) return undefined
      return { code, at: placeOf(code) }
    },
    async usableKey(keyId, { account, region, trailArn }) {
      const { deps, guard } = reach()
      if (guard === undefined) return { problem: 'silent' }
      const asks = (operation: string, input: object) =>
        guard.ask({
          account,
          region,
          service: 'kms',
          method: 'POST',
          path: '/',
          headers: { 'content-type': json, 'x-amz-target': `TrentService.${operation}` },
          body: JSON.stringify(input),
        })
      try {
        const described = await asks('DescribeKey', { KeyId: keyId })
        if (described.status !== 200) return { problem: 'missing' }
        const { KeyMetadata: key } = JSON.parse(described.text) as DescribedKey // the answer of AWS KMS
        if (key?.Arn === undefined) return { problem: 'missing' }
        if (key.Enabled === false) return { problem: 'disabled' }
        const answered = await asks('GetKeyPolicy', { KeyId: key.Arn, PolicyName: 'default' })
        if (answered.status !== 200) return { problem: 'denied' }
        const { Policy: policy } = JSON.parse(answered.text) as { Policy?: string } // the answer of AWS KMS
        const allows =
          policy !== undefined &&
          (await mayEncrypt({ policy, keyArn: key.Arn, account, region, trailArn }, deps))
        return allows ? { arn: key.Arn } : { problem: 'denied' }
      } catch (error) {
        const { NoReply } = await import('../guard/index.ts') // it is loaded: there is a guard
        if (error instanceof NoReply || error instanceof SyntaxError) return { problem: 'silent' }
        throw error
      }
    },
  }
}

/** Whether a key's policy lets CloudTrail generate data keys for a trail (behaviour CTR-27). */
function mayEncrypt(
  asked: {
    readonly policy: string
    readonly keyArn: string
    readonly account: AccountId
    readonly region: string
    readonly trailArn: string
  },
  deps: Dependencies,
): Promise<boolean> {
  const { policy, keyArn, region, trailArn } = asked
  return deps.directory.decided(async () => {
    const account = await deps.directory.find(asked.account)
    if (account === undefined) return false
    await loadManagement(account, deps)
    const question = {
      action: 'kms:GenerateDataKey',
      resource: keyArn,
      policy: { document: policy, grant: 'explicit', arn: keyArn } as const,
      keys: {
        'aws:SourceArn': trailArn,
        'aws:SourceAccount': account.id,
        'kms:EncryptionContext:aws:cloudtrail:arn': trailArn,
        'kms:EncryptionContextKeys': ['aws:cloudtrail:arn', 'aws:s3:arn'],
      },
    }
    const call = callOf({ account, service: cloudtrail, region }, deps)
    return withAccounts(deps, async () => allowsService(question, cloudtrail, call))
  })
}

interface DescribedKey {
  readonly KeyMetadata?: { readonly Arn?: string; readonly Enabled?: boolean }
}

const json = 'application/x-amz-json-1.1'
const existing = 'ResourceAlreadyExistsException'

function placeOf(code: string): LogsRefusal['at'] {
  if (code === 'ResourceNotFoundException') return 'group'
  return /^AccessDenied/.test(code) ? 'permission' : 'answer'
}

/** Sends a call to this server, signed as the role. Returns the code of the error, if there is one. */
async function sent(
  url: string,
  { region, operation, input }: LogsCall,
  credentials: MintedCredentials,
  now: number,
): Promise<string | undefined> {
  const body = JSON.stringify(input)
  const given = {
    host: new URL(url).host,
    'content-type': json,
    'x-amz-target': `Logs_20140328.${operation}`,
  }
  const { host: _, ...headers } = signedHeaders(
    { method: 'POST', rawPath: '/', rawQuery: '', headers: given, body: Buffer.from(body) },
    {
      region,
      service: 'logs',
      accessKeyId: credentials.accessKeyId,
      secret: new Secret(credentials.secretAccessKey),
      sessionToken: credentials.sessionToken,
    },
    now,
  )
  try {
    const signal = AbortSignal.timeout(patience)
    const response = await fetch(url, { method: 'POST', headers, body, signal, redirect: 'manual' })
    const text = (await response.text()).slice(0, answerBytes)
    if (response.ok) return undefined
    return (
      /"(?:__type|code)"\s*:\s*"(?:[^"#]*#)?([A-Za-z0-9]{1,64})/.exec(text)?.[1] ?? String(response.status)
    )
  } catch {
    return 'ServiceUnavailable'
  }
}
