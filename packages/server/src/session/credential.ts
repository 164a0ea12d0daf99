import {
  type AccountId,
  type ArnOwner,
  accountOfId,
  iamArn,
  perText,
  Secret,
  type Vault,
} from '../base/index.ts'
import { type Account, accessKeys, roles, users } from '../directory/index.ts'
import type { SignedCaller } from './caller.ts'
import type { SessionClaims } from './claims.ts'
import type { SessionTokens } from './token.ts'

/** A key that was found: the secret that verifies its signatures, and its owner. */
export interface Credential {
  readonly secret: Secret
  readonly caller: SignedCaller
}

/** Why a key or token is refused; the wire has the message. */
export type CredentialProblem = 'unknownKey' | 'invalidToken' | 'expiredToken'

/** The purpose of sealing long-term secrets in the store. */
export const accessKeyPurpose = 'access-key'

/**
 * Finds the owner of a key: long-term keys in their account, temporary ones in their sealed token. It needs one
 * account, already loaded; `accountOf` names it.
 */
export class Credentials {
  readonly #tokens: SessionTokens
  /** Returns a long-term secret in the clear. */
  readonly openSecret: (sealed: string) => Secret | undefined
  readonly #chosen: ReadonlyMap<string, AccountId>

  /** @param chosen the accounts of keys whose ids were chosen, and so do not contain them */
  constructor(vault: Vault, tokens: SessionTokens, chosen: ReadonlyMap<string, AccountId> = new Map()) {
    this.#chosen = chosen
    this.openSecret = perText(
      (sealed) => {
        const text = vault.openText(accessKeyPurpose, sealed)
        return text === undefined ? undefined : new Secret(text)
      },
      { texts: 10_000 },
    )
    this.#tokens = tokens
  }

  /** Returns the account of a key id that was chosen, or that the id contains, whether or not the key exists. */
  accountOf(accessKeyId: string): AccountId | undefined {
    return this.#chosen.get(accessKeyId) ?? accountOfId(accessKeyId)
  }

  find(
    account: Account,
    accessKeyId: string,
    sessionToken: string | undefined,
    now: number,
  ): Credential | CredentialProblem {
    if (account.settings.closedAt !== undefined) return 'unknownKey'
    if (accessKeyId.startsWith('ASIA')) {
      if (sessionToken === undefined) return 'unknownKey'
      return this.#session(account, accessKeyId, sessionToken, now)
    }
    if (sessionToken !== undefined && sessionToken !== '') return 'invalidToken'
    return this.#longTerm(account, accessKeyId)
  }

  #longTerm(account: Account, accessKeyId: string): Credential | CredentialProblem {
    const key = account.table(accessKeys).find(accessKeyId)
    const caller = callerOfKey(account, accessKeyId)
    const secret = caller && key && this.openSecret(key.sealedSecret)
    return caller === undefined || secret === undefined ? 'unknownKey' : { secret, caller }
  }

  #session(
    account: Account,
    accessKeyId: string,
    token: string,
    now: number,
  ): Credential | CredentialProblem {
    const claims = this.#tokens.open(token)
    if (claims === undefined || claims.accessKeyId !== accessKeyId) return 'invalidToken'
    if (claims.account !== account.id || isBefore(account, claims, now)) return 'invalidToken'
    if (now >= claims.expiresAt) return 'expiredToken'
    const caller = callerOf(account, claims)
    return caller === undefined ? 'invalidToken' : { secret: new Secret(claims.secretAccessKey), caller }
  }
}

/**
 * Returns whether the session is of another account with the same number: of one before a reset (behaviour SES-9). An
 * account from the future was made by a clock that was set back, and proves nothing.
 */
function isBefore({ settings: { createdAt } }: Account, { issuedAt }: SessionClaims, now: number): boolean {
  return issuedAt < createdAt && createdAt <= now
}

/**
 * Returns the current state of a caller. Between a call's signature and its decision there may be a wait, in which a
 * policy or the key may be removed (behaviour SES-8).
 */
export function callerNow(caller: SignedCaller, account: Account): SignedCaller | CredentialProblem {
  if (account.settings.closedAt !== undefined) return 'unknownKey'
  if (caller.session === undefined) return callerOfKey(account, caller.accessKeyId) ?? 'unknownKey'
  return callerOf(account, caller.session) ?? 'invalidToken'
}

/** Returns the caller of this long-term key now, or undefined if the key is inactive or absent. */
function callerOfKey(account: Account, accessKeyId: string): SignedCaller | undefined {
  const key = account.table(accessKeys).find(accessKeyId)
  if (key === undefined || !key.active) return undefined
  if (key.owner === 'root') return { kind: 'root', account: account.id, arn: rootArn(account), accessKeyId }
  const user = account.table(users).find(key.owner)
  if (user === undefined) return undefined
  const arn = iamArn(account, 'user', user.path, user.name)
  return { kind: 'user', account: account.id, arn, user, accessKeyId }
}

/** Returns the caller of these claims now, or undefined if the role or user that they depend on is gone. */
export function callerOf(account: Account, claims: SessionClaims): SignedCaller | undefined {
  const { accessKeyId } = claims
  switch (claims.kind) {
    case 'role': {
      const role = account.table(roles).find(claims.roleId)
      if (role === undefined) return undefined
      return {
        kind: 'role',
        account: account.id,
        arn: sessionArn(account, role.name, claims.sessionName),
        roleArn: iamArn(account, 'role', role.path, role.name),
        role,
        accessKeyId,
        session: claims,
      }
    }
    case 'user': {
      // a session of GetSessionToken ends with the key that requested it (behaviour SES-4)
      if (claims.keyId !== undefined && account.table(accessKeys).find(claims.keyId)?.active !== true)
        return undefined
      if (claims.userId === 'root') {
        return { kind: 'root', account: account.id, arn: rootArn(account), accessKeyId, session: claims }
      }
      const user = account.table(users).find(claims.userId)
      if (user === undefined) return undefined
      const arn = iamArn(account, 'user', user.path, user.name)
      return { kind: 'user', account: account.id, arn, user, accessKeyId, session: claims }
    }
    case 'federated': {
      const issuer = claims.issuerId === 'root' ? undefined : account.table(users).find(claims.issuerId)
      if (issuer === undefined && claims.issuerId !== 'root') return undefined
      return {
        kind: 'federated',
        account: account.id,
        arn: `arn:${account.partition}:sts::${account.id}:federated-user/${claims.name}`,
        issuer,
        issuerArn:
          issuer === undefined ? rootArn(account) : iamArn(account, 'user', issuer.path, issuer.name),
        accessKeyId,
        session: claims,
      }
    }
    case 'assumedRoot':
      return {
        kind: 'assumedRoot',
        account: account.id,
        arn: rootArn(account),
        accessKeyId,
        session: claims,
      }
  }
}

/** Returns the account's root user. */
export function rootArn({ id, partition }: ArnOwner): string {
  return `arn:${partition}:iam::${id}:root`
}

/** Returns a role session's ARN, which does not contain the role's path (behaviour POL-113). */
export function sessionArn({ id, partition }: ArnOwner, roleName: string, sessionName: string): string {
  return `arn:${partition}:sts::${id}:assumed-role/${roleName}/${sessionName}`
}
