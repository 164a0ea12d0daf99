import { lastPiece } from '../base/index.ts'
import type { Keys } from './client.ts'
import { ServiceRefusal } from './failure.ts'
import type { RunningServer } from './home.ts'
import { withNameHint } from './name-hint.ts'
import { callQuery, neededText, textAt } from './query.ts'
import type { Signer } from './signer.ts'

export interface Tag {
  readonly Key: string
  readonly Value: string
}

/** Which roles to assume, each with the session of the last, and with which options. */
export interface Wish {
  /** Names of the first account's roles, or ARNs; several are a chain. */
  readonly roles: readonly string[]
  readonly sessionName?: string
  readonly durationSeconds?: number
  /** The session policy's text. */
  readonly sessionPolicy?: string
  /** The text of a policy that the credentials are limited to in the end. */
  readonly scope?: string
  readonly tags: readonly Tag[]
  readonly transitiveTagKeys: readonly string[]
  readonly externalId?: string
  readonly mfa?: { readonly serial: string; readonly code: string }
  readonly sourceIdentity?: string
}

/** The credentials of the last role, and how one came to them. */
export interface RoleSession {
  readonly keys: Required<Keys>
  /** As STS writes it: `2027-01-01T11:42:00Z`. */
  readonly expiration: string
  readonly arn: string
  readonly assumedRoleId: string
  readonly packedPolicySize?: number
  readonly sourceIdentity?: string
  /** The original caller first, the new session last. */
  readonly chain: readonly string[]
  /** The requested seconds, if the hour of a chain shortened them. */
  readonly cutFrom?: number
}

/** AWS's own limit for a role that is put on out of another (behaviour POL-047). */
const chainedSeconds = 3_600
const sessionNameForm = /^[\w+=,.@-]{2,64}$/

/**
 * Assumes one role after the other. MFA, the source identity and transitive tags go to the first, which passes them
 * on; the duration, the session policy and the other tags to the last; the external id to each. @throws ServiceRefusal
 * if a role is refused
 */
export async function become(server: RunningServer, signer: Signer, wish: Wish): Promise<RoleSession> {
  const roleArns = []
  for (const role of wish.roles)
    roleArns.push(await withNameHint(roleArnOf(server, role), { server, keys: server.keys.root }, [role]))
  const sessionName = wish.sessionName ?? ownName(signer)
  let keys = signer.keys
  let chain = signer.me.chain
  let chained = isRoleSession(signer)
  let session: RoleSession | undefined
  for (const [i, roleArn] of roleArns.entries()) {
    const last = i === roleArns.length - 1
    const cut = last && chained && (wish.durationSeconds ?? 0) > chainedSeconds
    const result = await callQuery(server, keys, 'sts', 'AssumeRole', {
      RoleArn: roleArn,
      RoleSessionName: sessionName,
      ExternalId: wish.externalId,
      ...(i === 0 ? ofFirst(wish) : {}),
      ...(last
        ? { Policy: wish.sessionPolicy, DurationSeconds: cut ? chainedSeconds : wish.durationSeconds }
        : {}),
      Tags: tagsOf(wish, i === 0, last),
    })
    const next = keysIn(result)
    keys = next
    const arn = neededText(result, 'AssumedRoleUser', 'Arn')
    const packed = textAt(result, 'PackedPolicySize')
    const sourceIdentity = textAt(result, 'SourceIdentity')
    chain = [...chain, arn]
    chained = true
    session = {
      keys: next,
      expiration: neededText(result, 'Credentials', 'Expiration'),
      arn,
      assumedRoleId: neededText(result, 'AssumedRoleUser', 'AssumedRoleId'),
      chain,
      ...(packed === undefined ? {} : { packedPolicySize: Number(packed) }),
      ...(sourceIdentity === undefined ? {} : { sourceIdentity }),
      ...(cut ? { cutFrom: wish.durationSeconds! } : {}),
    }
  }
  return wish.scope === undefined ? session! : scoped(server, session!, wish.scope)
}

/** The same session with fewer permissions: for a program that needs less than its person (behaviour AGT-1). */
async function scoped(server: RunningServer, session: RoleSession, policy: string): Promise<RoleSession> {
  const result = await callQuery(server, session.keys, 'sts', 'GetScopedCredentials', { Policy: policy })
  return {
    ...session,
    keys: keysIn(result),
    expiration: neededText(result, 'Credentials', 'Expiration'),
  }
}

function keysIn(result: Awaited<ReturnType<typeof callQuery>>): Required<Keys> {
  return {
    accessKeyId: neededText(result, 'Credentials', 'AccessKeyId'),
    secretAccessKey: neededText(result, 'Credentials', 'SecretAccessKey'),
    sessionToken: neededText(result, 'Credentials', 'SessionToken'),
  }
}

/** An EC2 instance's own session makes no chain (behaviour POL-047). */
function isRoleSession({ me }: Signer): boolean {
  return me.kind === 'role' && me.session?.service !== 'ec2.amazonaws.com'
}

/** The role's ARN: as given, or found by its name with admin's key. */
async function roleArnOf(server: RunningServer, role: string): Promise<string> {
  if (role.startsWith('arn:')) return role
  const byName = `arn:${server.partition ?? 'aws'}:iam::${server.account}:role/${role}`
  if (role.includes('/')) return byName
  try {
    const result = await callQuery(server, server.keys.admin, 'iam', 'GetRole', { RoleName: role })
    return textAt(result, 'Role', 'Arn') ?? byName
  } catch (error) {
    if (!(error instanceof ServiceRefusal) || error.code === 'NoSuchEntity') throw error
    return byName // admin may no longer look: a role without a path is still found
  }
}

/** As the console's role switch does: the user's name, or the session's own. */
function ownName({ me }: Signer): string {
  const name = me.session?.sessionName ?? lastPiece(me.arn)
  return sessionNameForm.test(name) ? name : 'omen'
}

function ofFirst({ mfa, sourceIdentity, transitiveTagKeys }: Wish) {
  return {
    SerialNumber: mfa?.serial,
    TokenCode: mfa?.code,
    SourceIdentity: sourceIdentity,
    TransitiveTagKeys: transitiveTagKeys,
  }
}

function tagsOf({ tags, transitiveTagKeys }: Wish, first: boolean, last: boolean) {
  const handedOn = (tag: Tag) => transitiveTagKeys.includes(tag.Key)
  return tags.filter((tag) => (handedOn(tag) ? first : last)).map(({ Key, Value }) => ({ Key, Value }))
}
