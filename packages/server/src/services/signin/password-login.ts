import type { Dependencies } from '../../authorization/index.ts'
import { type AccountId, type HttpRequest, parseAccountId, presentTime, uuid } from '../../base/index.ts'
import {
  type Account,
  accountAliases,
  hashPassword,
  isPassword,
  type LoginProfile,
  loginProfiles,
  mfaDevicesOf,
  passwordExpiry,
  passwordPolicyOf,
  takeMfaCode,
  type User,
  users,
} from '../../directory/index.ts'
import { SignInRefusal } from './answers.ts'
import type { Attempts } from './attempts.ts'
import { beginSession, loadedWithManagement, type OpenSession } from './console-session.ts'
import { identityOf, refusedIdentity, type SignInFacts, signInEvent } from './events.ts'
import type { Fields } from './fields.ts'

/** A sign-in with a password lasts twelve hours (behaviour SGN-2). */
const lifetime = 43_200_000

/** Returns the identity that the fields name, if it exists. */
interface Named {
  readonly account: Account
  readonly who: User | 'root' | undefined
  readonly profile: LoginProfile | undefined
}

/** A successful sign-in, and whether a new password from the fields is to be set. */
export interface SignedIn {
  readonly session: OpenSession
  readonly newPassword: string | undefined
}

/**
 * Signs in a user, or root, with account, name and password, and a code if there is an MFA device. A refusal does not
 * say what was wrong. @throws SignInRefusal
 */
export async function passwordLogin(
  fields: Fields,
  request: HttpRequest,
  attempts: Attempts,
  deps: Dependencies,
): Promise<SignedIn> {
  const key = await deps.directory.decided(() => attemptedOn(fields, deps))
  const now = deps.clock.now()
  if (!(await attempts.begin(key, request.remoteAddress, now))) throw tooMany()
  try {
    const session = await deps.directory.decided(() => tried(fields, request, deps))
    await attempts.succeeded(key, request.remoteAddress)
    return session
  } catch (error) {
    if (error instanceof SignInRefusal && error.error === 'AuthenticationFailed') {
      attempts.failed(key, request.remoteAddress, now)
    } else await attempts.passedOver(key, request.remoteAddress)
    throw error
  } finally {
    attempts.end(key, request.remoteAddress)
  }
}

/** The longest name of a user, and the longest alias of an account. */
const nameMost = 64

/**
 * Returns the name on which an attempt is counted: the same however the account is written; for unknown names, little
 * is stored.
 */
async function attemptedOn(fields: Fields, deps: Dependencies): Promise<string> {
  const text = fields.get('account') ?? ''
  const user = fields.get('email') === undefined ? fields.get('userName')?.toLowerCase() : 'root'
  return `${(await accountOf(text, deps)) ?? text.slice(0, nameMost)}/${user?.slice(0, nameMost)}`
}

async function tried(fields: Fields, request: HttpRequest, deps: Dependencies): Promise<SignedIn> {
  const first = await named(fields, deps)
  const right = await isRight(fields.get('password') ?? '', first?.profile, deps)
  if (first === undefined || !right) {
    if (first !== undefined) await recordFailure(first, request, deps)
    throw failed()
  }
  return admit(fields, first.profile, request, deps)
}

/** The password was right: checks the code, and whether a new password is due. Everything in one commit. */
async function admit(
  fields: Fields,
  tried: LoginProfile | undefined,
  request: HttpRequest,
  deps: Dependencies,
): Promise<SignedIn> {
  // the hash took time: the decision uses the current state, and the password may have changed
  const candidate = await named(fields, deps)
  if (candidate?.profile === undefined || candidate.who === undefined || !isSame(candidate.profile, tried))
    throw failed()
  const { account, who, profile } = candidate
  const now = deps.clock.now()
  const newPassword = fields.get('newPassword')
  const mfaSerial = mfaOf(who, fields, account, deps)
  if (mfaSerial === 'wrong') {
    deps.directory.rollBack()
    await recordFailure(candidate, request, deps)
    throw failed()
  }
  const due = passwordDue(profile, account, now)
  if (due !== undefined && (newPassword === undefined || due === 'expired')) {
    deps.directory.rollBack() // the code was not used up
    throw due === 'expired'
      ? new SignInRefusal(
          403,
          'PasswordExpired',
          'Your password has expired. Ask your administrator to set a new one.',
        )
      : new SignInRefusal(403, 'PasswordChangeRequired', 'You must change your password to continue.')
  }
  if (who === 'root') account.table(loginProfiles).put({ ...profile, rootUsedAt: now })
  else account.table(users).put({ ...who, passwordLastUsed: now })
  const session = beginSession(
    {
      kind: 'user',
      account: account.id,
      userId: who === 'root' ? 'root' : who.id,
      signIn: uuid(deps.random),
      issuedAt: now,
      expiresAt: now + lifetime,
      ...(mfaSerial !== undefined && { mfaAt: now }),
    },
    account,
    deps,
  )
  const facts: SignInFacts = {
    name: 'ConsoleLogin',
    result: 'Success',
    ...identityOf(session.caller),
    additional: loginData(request, mfaSerial),
  }
  await deps.directory.commit([signInEvent(facts, request, deps)])
  return { session, newPassword: due === 'change' ? newPassword : undefined }
}

/** Returns whether it is still the same user with the same password. */
function isSame({ owner, passwords }: LoginProfile, tried: LoginProfile | undefined): boolean {
  return owner === tried?.owner && passwords.sealedHashes[0] === tried.passwords.sealedHashes[0]
}

/** ConsoleLogin's additionalEventData. */
export function loginData(request: HttpRequest, mfaSerial?: string, loginTo = '/') {
  return {
    LoginTo: `${request.secure ? 'https' : 'http'}://${request.headers.host ?? ''}${loginTo}`,
    MobileVersion: 'No',
    MFAUsed: mfaSerial === undefined ? 'No' : 'Yes',
    ...(mfaSerial !== undefined && { MFAIdentifier: mfaSerial }),
  }
}

async function named(fields: Fields, deps: Dependencies): Promise<Named | undefined> {
  const id = await accountOf(fields.get('account') ?? '', deps)
  const account = id && (await loadedWithManagement(id, deps))
  if (account === undefined || account.settings.closedAt !== undefined) return undefined
  const profiles = account.table(loginProfiles)
  const email = fields.get('email')
  if (email !== undefined) {
    const root = email.toLowerCase() === account.settings.email.toLowerCase()
    return root ? { account, who: 'root', profile: profiles.find('root') } : undefined
  }
  const user = account.table(users).findBy('name', (fields.get('userName') ?? '').toLowerCase())
  return { account, who: user, profile: user && profiles.find(user.id) }
}

/** Returns an account by its number or its alias. */
export async function accountOf(text: string, deps: Dependencies): Promise<AccountId | undefined> {
  const id = parseAccountId(text.replaceAll('-', ''))
  if (id !== undefined) return id
  const first = await deps.directory.find(deps.firstAccount)
  return first?.table(accountAliases).find(text)?.account
}

const noSalt = new Uint8Array(16)

/** Returns whether a password is right. It takes as long if there is no such user. */
export async function isRight(
  password: string,
  profile: LoginProfile | undefined,
  deps: Dependencies,
): Promise<boolean> {
  if (profile !== undefined) return isPassword(password, profile.passwords, deps.vault)
  await hashPassword(password, noSalt)
  return false
}

/**
 * Returns the serial number of the device whose code was given; undefined if there is no device. @throws SignInRefusal
 * if a code is missing
 */
function mfaOf(
  who: User | 'root',
  fields: Fields,
  account: Account,
  deps: Dependencies,
): string | 'wrong' | undefined {
  const owner = who === 'root' ? 'root' : who.id
  const serials = mfaDevicesOf(owner, account).map(({ serial }) => serial)
  if (serials.length === 0) return undefined
  const code = fields.get('mfaCode')
  if (code === undefined || code === '') {
    throw new SignInRefusal(401, 'MfaRequired', 'Enter the code of your MFA device.', { devices: serials })
  }
  const mfaSerial = fields.get('mfaSerial')
  const tried = mfaSerial === undefined ? serials : serials.filter((serial) => serial === mfaSerial)
  const now = deps.clock.now()
  const takes = (serial: string) =>
    takeMfaCode({ owner, serial, code }, 'sign-in', account, presentTime(deps.clock, now), deps.vault)
  return tried.find(takes) ?? 'wrong'
}

/** Returns whether a new password is due, or whether only an administrator can help. */
function passwordDue(profile: LoginProfile, account: Account, now: number): 'change' | 'expired' | undefined {
  const policy = passwordPolicyOf(account)
  const expiry = passwordExpiry(profile, policy)
  if (expiry !== undefined && now >= expiry && profile.owner !== 'root') {
    return policy?.hardExpiry === true ? 'expired' : 'change'
  }
  return profile.resetRequired ? 'change' : undefined
}

async function recordFailure(
  { account, who }: Named,
  request: HttpRequest,
  deps: Dependencies,
): Promise<void> {
  const facts: SignInFacts = {
    name: 'ConsoleLogin',
    result: 'Failure',
    ...refusedIdentity(account, who),
    errorMessage: who === undefined ? 'No username found in supplied account' : 'Failed authentication',
    additional: loginData(request),
  }
  await deps.directory.commit([signInEvent(facts, request, deps)])
}

export function failed(): SignInRefusal {
  return new SignInRefusal(
    401,
    'AuthenticationFailed',
    'Your authentication information is incorrect. Please try again.',
  )
}

export function tooMany(): SignInRefusal {
  return new SignInRefusal(429, 'TooManyAttempts', 'Too many failed sign-ins. Try again in five minutes.')
}
