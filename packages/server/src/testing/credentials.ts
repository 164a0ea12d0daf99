import { type Dependencies, hypotheticalCaller } from '../authorization/index.ts'
import { type AccountId, parseAccountId, parseArn } from '../base/index.ts'
import { type Account, accessKeys, type Tag } from '../directory/index.ts'
import { accessKeyPurpose, mint, newAccessKeyId, newSecretKey } from '../session/index.ts'
import type { ClientCredentials } from './in-process.ts'

/** Options of a role session; all are optional. */
export interface SessionOptions {
  /** The account's number. Default: the one in the ARN, otherwise the first account. */
  readonly account?: string
  /** Default `test`. */
  readonly sessionName?: string
  /** Default: one hour. */
  readonly durationSeconds?: number
  /** Session tags by key. */
  readonly tags?: Readonly<Record<string, string>>
  /** A session policy: the document, or its text. */
  readonly policy?: object | string
  /** ARNs of managed policies that limit the session. */
  readonly policyArns?: readonly string[]
  readonly sourceIdentity?: string
  /** Whether the session began with MFA. For a role or a user. */
  readonly mfa?: boolean
}

const hour = 3_600

/**
 * Returns credentials of a role, a user or root without a permission check: for a role, a session that begins now; for
 * a user, an access key, or with `mfa` a session. @throws Fault NoSuchEntity if there is no such identity
 */
export function credentialsFor(who: string, options: SessionOptions, deps: Dependencies): ClientCredentials {
  const account = accountOf(who, options.account, deps)
  const now = deps.clock.now()
  const caller = hypotheticalCaller(who, account, now)
  if (caller.kind === 'user' || caller.kind === 'root') {
    const owner = caller.kind === 'user' ? caller.user.id : 'root'
    const key = keyOf(owner, account, deps)
    return options.mfa === true ? sessionOf(owner, key.accessKeyId, options, account, deps) : key
  }
  if (caller.kind !== 'role') throw new TypeError(`${who} is no role, no user and not root`)
  const { sessionName = 'test', durationSeconds = hour, policy, policyArns = [], sourceIdentity } = options
  const tags: readonly Tag[] = Object.entries(options.tags ?? {}).map(([Key, Value]) => ({ Key, Value }))
  const inline = typeof policy === 'object' ? JSON.stringify(policy) : policy
  return plain(
    mint(
      {
        kind: 'role',
        account: account.id,
        roleId: caller.role.id,
        sessionName,
        origin: 'user',
        chain: [],
        tags,
        issuedAt: now,
        expiresAt: now + durationSeconds * 1000,
        ...(inline === undefined && policyArns.length === 0
          ? {}
          : { policies: { ...(inline === undefined ? {} : { inline }), arns: policyArns } }),
        ...(sourceIdentity === undefined ? {} : { sourceIdentity }),
        ...(options.mfa === true ? { mfaAt: now } : {}),
      },
      deps.tokens,
      deps.random,
    ).credentials,
  )
}

function accountOf(who: string, given: string | undefined, deps: Dependencies): Account {
  const named = given ?? parseArn(who)?.account ?? deps.firstAccount
  const id: AccountId | undefined = parseAccountId(named)
  const account = id && deps.directory.loaded(id)
  if (account === undefined) throw new TypeError(`there is no account ${named} in this server`)
  return account
}

/** Returns an active key of the owner, or a new one. */
function keyOf(owner: string, account: Account, deps: Dependencies): ClientCredentials {
  const table = account.table(accessKeys)
  for (const { id, owner: of, active, sealedSecret } of table.values()) {
    const secret = of === owner && active ? deps.credentials.openSecret(sealedSecret) : undefined
    if (secret !== undefined) return { accessKeyId: id, secretAccessKey: secret.reveal() }
  }
  const accessKeyId = newAccessKeyId(account.id, deps.random)
  const secretAccessKey = newSecretKey(deps.random)
  const sealedSecret = deps.vault.sealText(accessKeyPurpose, secretAccessKey)
  table.put({ id: accessKeyId, owner, active: true, createdAt: deps.clock.now(), sealedSecret })
  // visible at once; a store in memory never fails
  void deps.directory.commit([])
  return { accessKeyId, secretAccessKey }
}

function sessionOf(
  userId: string,
  keyId: string,
  { durationSeconds = hour }: SessionOptions,
  account: Account,
  { clock, tokens, random }: Dependencies,
): ClientCredentials {
  const now = clock.now()
  const claims = {
    kind: 'user' as const,
    account: account.id,
    userId,
    keyId,
    issuedAt: now,
    expiresAt: now + durationSeconds * 1000,
    mfaAt: now,
  }
  return plain(mint(claims, tokens, random).credentials)
}

function plain({
  accessKeyId,
  secretAccessKey,
  sessionToken,
}: Required<ClientCredentials>): Required<ClientCredentials> {
  return { accessKeyId, secretAccessKey, sessionToken }
}
