import type { Dependencies } from '../../authorization/index.ts'
import { type AccountId, factsOf, type HttpRequest, presentTime, uuid } from '../../base/index.ts'
import { centerCaller, ownPlace, type PortalWho } from '../../center/index.ts'
import {
  type Account,
  centerMfaDevices,
  centerUsers,
  hashPassword,
  type KeptPasswords,
  loginProfiles,
  passwordsRemembered,
  passwordViolation,
  takeMfaCode,
  withPassword,
} from '../../directory/index.ts'
import { userIdentity } from '../../session/index.ts'
import type { StoredEvent } from '../../store/index.ts'
import { makeEvent, tlsDetailsOf } from '../../trail/index.ts'
import { SignInRefusal } from './answers.ts'
import type { Attempts } from './attempts.ts'
import type { Fields } from './fields.ts'
import { failed, isRight, tooMany } from './password-login.ts'

/** A person of a directory that has given the right password. */
export interface CenterPerson extends PortalWho {
  readonly userName: string
}

/**
 * Signs a user of a directory in, counted as every sign-in (behaviours SGN-20, SSO-62). @param then runs while the attempt
 * is open: what it refuses counts too
 * @throws SignInRefusal
 */
export async function centerLogin<T>(
  owner: AccountId,
  fields: Fields,
  request: HttpRequest,
  attempts: Attempts,
  deps: Dependencies,
  then: (person: CenterPerson, account: Account) => Promise<T>,
): Promise<T> {
  const userName = (fields.get('userName') ?? '').toLowerCase().slice(0, 128)
  const key = `center ${owner}/${userName}`
  const now = deps.clock.now()
  if (!(await attempts.begin(key, request.remoteAddress, now))) throw tooMany()
  try {
    const done = await deps.directory.decided(async () => {
      const given = {
        password: fields.get('password') ?? '',
        next: fields.get('newPassword') || undefined,
        code: fields.get('mfaCode') || undefined,
      }
      const person = await known(owner, userName, given, request, deps)
      return then(person.who, person.account)
    })
    await attempts.succeeded(key, request.remoteAddress)
    return done
  } catch (error) {
    if (error instanceof SignInRefusal && error.error === 'AuthenticationFailed')
      attempts.failed(key, request.remoteAddress, now)
    else await attempts.passedOver(key, request.remoteAddress)
    throw error
  } finally {
    attempts.end(key, request.remoteAddress)
  }
}

/**
 * Signs a user of a directory in for the owner of the server, without a password. @throws SignInRefusal if there is none, or a
 * disabled one
 */
export function centerEnter(
  owner: AccountId,
  userName: string,
  request: HttpRequest,
  deps: Dependencies,
): Promise<CenterPerson> {
  return deps.directory.settle(async () => {
    const { account, place, user, profile } = await findPerson(owner, userName.toLowerCase(), deps)
    if (account === undefined || place === undefined || user?.enabled !== true)
      throw new SignInRefusal(404, 'InvalidRequest', `There is no user ${userName} who may sign in.`)
    const caller = centerCaller({ place, user }, uuid(deps.random))
    await deps.directory.commit([userAuthentication({ account, isIn: true, request, deps }, caller)])
    const { passwordSetAt = 0 } = profile ?? {}
    return { owner, user: user.id, passwordSetAt, clientName: '', userName: user.userName }
  })
}

/** The passwords of a person: the present one, and the next one if it must change. */
interface GivenPasswords {
  readonly password: string
  readonly next: string | undefined
  readonly code: string | undefined
}

/** One sentence for every failure, and the same time; a password that must change does so here (behaviour SSO-62). */
async function known(
  owner: AccountId,
  userName: string,
  { password, next, code }: GivenPasswords,
  request: HttpRequest,
  deps: Dependencies,
) {
  const find = () => findPerson(owner, userName, deps)
  const before = await find()
  const right = await isRight(password, before.profile, deps)
  const due = right && before.profile?.resetRequired === true
  const changed = due && next !== undefined ? await made(next, deps) : undefined
  // the hash took time: the decision uses the current state
  const { account, place, user, profile } = await find()
  if (account === undefined || place === undefined) throw failed()
  const { people } = place
  const isSame =
    profile !== undefined && profile.passwords.sealedHashes[0] === before.profile?.passwords.sealedHashes[0]
  const isKnown = right && isSame && user?.enabled === true
  if (isKnown && due) {
    if (changed === undefined || next === undefined || next === password)
      throw new SignInRefusal(403, 'PasswordChangeRequired', 'You must change your password to continue.')
    const violation = passwordViolation(next, undefined, account)
    if (violation !== undefined) throw new SignInRefusal(400, 'PasswordPolicyViolation', violation)
  }
  // a code is spent: from here on nothing is refused before the commit
  const factor = isKnown && user !== undefined ? secondFactor(user.id, code, people, deps) : 'none'
  if (factor === 'missing') throw new SignInRefusal(401, 'MfaRequired', 'Enter the code of your MFA device.')
  const isIn = isKnown && factor !== 'wrong'
  const now = deps.clock.now()
  const kept =
    isIn && changed !== undefined
      ? { ...profile, resetRequired: false, passwordSetAt: now, passwords: changed }
      : profile
  if (isIn && kept !== undefined && kept !== profile) people.table(loginProfiles).put(kept)
  const event = userAuthentication(
    { account, isIn, request, deps, credential: factor === 'none' ? 'PASSWORD' : 'TOTP' },
    user && centerCaller({ place, user }, uuid(deps.random)),
  )
  await deps.directory.commit([event])
  if (!isIn || user === undefined || kept === undefined) throw failed()
  const who = {
    owner,
    user: user.id,
    passwordSetAt: kept.passwordSetAt,
    clientName: '',
    userName: user.userName,
  }
  return { who, account }
}

/** The user of a name, with what the sign-in needs; not before the store has been asked. */
async function findPerson(owner: AccountId, userName: string, deps: Dependencies) {
  const account = await deps.directory.find(owner)
  const place = account && ownPlace(account, deps)
  const people = place && (await deps.directory.findPeople(owner))
  const user = people?.table(centerUsers).findBy('name', userName)
  const profile = user && people?.table(loginProfiles).find(user.id)
  return { account, place, user, profile }
}

/** Whether the code of a person's device is right; a person without a device needs none (behaviour SSO-103). */
function secondFactor(
  owner: string,
  code: string | undefined,
  people: Account,
  deps: Dependencies,
): 'none' | 'missing' | 'wrong' | 'right' {
  if (people.table(centerMfaDevices).find(owner) === undefined) return 'none'
  if (code === undefined) return 'missing'
  const now = presentTime(deps.clock, deps.clock.now())
  const given = { owner, serial: owner, code }
  return takeMfaCode(given, 'sign-in', people, now, deps.vault, centerMfaDevices) ? 'right' : 'wrong'
}

async function made(password: string, { random, vault }: Dependencies): Promise<KeptPasswords> {
  const salt = random.bytes(16)
  return withPassword(await hashPassword(password, salt), salt, [], passwordsRemembered, vault)
}

interface Facts {
  readonly account: Account
  readonly isIn: boolean
  readonly request: HttpRequest
  readonly deps: Dependencies
  /** The kind of credential; absent if the owner of the server decides. */
  readonly credential?: 'PASSWORD' | 'TOTP'
}

function userAuthentication(
  { account, isIn, request, deps, credential }: Facts,
  caller: ReturnType<typeof centerCaller> | undefined,
): StoredEvent {
  const { headers, remoteAddress, tls } = request
  const name = 'UserAuthentication'
  return makeEvent({
    account: account.id,
    id: uuid(deps.random),
    time: deps.clock.now(),
    identity:
      caller === undefined
        ? {
            type: 'Unknown',
            principalId: account.id,
            accountId: account.id,
            userName: 'HIDDEN_DUE_TO_SECURITY_REASONS',
          }
        : userIdentity(caller),
    username: caller?.userName,
    source: 'signin.amazonaws.com',
    name,
    region: factsOf(deps.partition).globalRegion,
    sourceIp: remoteAddress,
    userAgent: headers['user-agent'] ?? '',
    requestParameters: null,
    responseElements: null,
    additionalEventData: {
      AuthWorkflowID: uuid(deps.random),
      ...(credential !== undefined && { CredentialType: credential }),
      LoginTo: `${request.secure ? 'https' : 'http'}://${headers.host ?? ''}/start`,
    },
    requestId: undefined,
    readOnly: false,
    type: 'AwsServiceEvent',
    serviceEventDetails: { [name]: isIn ? 'Success' : 'Failure' },
    tlsDetails: tlsDetailsOf({ tls, host: headers.host ?? '' }),
  })
}
