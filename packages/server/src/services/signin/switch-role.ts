import type { Dependencies } from '../../authorization/index.ts'
import { type AccountId, assert, Fault, type HttpRequest, iamArn } from '../../base/index.ts'
import { roles } from '../../directory/index.ts'
import type { Sts } from '../../model/index.ts'
import { callerName } from '../../session/index.ts'
import { SignInRefusal } from './answers.ts'
import { type ConsoleSession, loadedWithManagement, type OpenSession, openToken } from './console-session.ts'
import { identityOf, originOf, type SignInFacts, signInEvent } from './events.ts'
import type { Fields } from './fields.ts'
import { accountOf } from './password-login.ts'
import type { Perform } from './perform.ts'

/** The limits of the console's cookie and its links (behaviour SGN-43). */
const nameMost = 64
/** A role that a role session switches to is chained. */
const chained = 3_600

/**
 * Puts on a role over the sign-in. The original identity assumes it, never the currently assumed role (behaviour SGN-40).
 * @throws SignInRefusal
 */
export async function switchRole(
  fields: Fields,
  session: ConsoleSession,
  request: HttpRequest,
  perform: Perform,
  deps: Dependencies,
): Promise<ConsoleSession> {
  const account = await accountOf(fields.get('account') ?? '', deps)
  const name = (fields.get('roleName') ?? '').replace(/^\//, '')
  if (account === undefined || name === '' || name.length > nameMost) throw invalid()
  return {
    original: session.original,
    role: await putOn(account, name, session.original, request, perform, deps),
  }
}

/** Puts on a role for an original identity, with its events. @throws SignInRefusal */
export async function putOn(
  account: AccountId,
  name: string,
  original: OpenSession,
  request: HttpRequest,
  perform: Perform,
  deps: Dependencies,
): Promise<OpenSession> {
  const role = await assume(account, name, original, request, perform, deps)
  await recordEvent('SwitchRole', role, { SwitchFrom: original.caller.arn }, request, deps)
  return role
}

/** Renews the assumed role. @throws SignInRefusal */
export async function renewRole(
  session: ConsoleSession,
  request: HttpRequest,
  perform: Perform,
  deps: Dependencies,
): Promise<ConsoleSession> {
  const { original, role: assumed } = session
  if (assumed?.caller.kind !== 'role') throw notSwitched()
  const { role } = assumed.caller
  const renewed = await assume(
    assumed.account.id,
    `${role.path}${role.name}`.slice(1),
    original,
    request,
    perform,
    deps,
  )
  await recordEvent('RenewRole', renewed, { SwitchFrom: original.caller.arn }, request, deps)
  return { original, role: renewed }
}

/** Takes off the role. @throws SignInRefusal */
export async function exitRole(
  session: ConsoleSession,
  request: HttpRequest,
  deps: Dependencies,
): Promise<ConsoleSession> {
  const { original, role } = session
  if (role === undefined) throw notSwitched()
  await recordEvent('ExitRole', role, { SwitchTo: original.caller.arn }, request, deps)
  return { original }
}

async function assume(
  accountId: AccountId,
  name: string,
  original: OpenSession,
  request: HttpRequest,
  perform: Perform,
  deps: Dependencies,
): Promise<OpenSession> {
  const input = {
    RoleArn: iamArn({ id: accountId, partition: deps.partition }, 'role', '/', name),
    RoleSessionName: callerName(original.caller),
    DurationSeconds: await secondsOf(accountId, name, original, deps),
  } satisfies Sts.AssumeRoleRequest
  try {
    const output = (await perform({
      service: 'sts',
      operation: 'AssumeRole',
      input,
      caller: original.caller,
      account: original.account,
      origin: originOf(request, original.claims.signIn),
    })) as Sts.AssumeRoleResponse // AssumeRole's own answer
    const session = await openToken(output.Credentials?.SessionToken ?? '', deps)
    assert(session !== undefined, 'a role that was just assumed is there')
    return session
  } catch (error) {
    if (error instanceof Fault) throw invalid(error.message)
    throw error
  }
}

/** Returns the role's longest session, limited by the sign-in and by a chain's hour (behaviour SGN-42). */
async function secondsOf(
  accountId: AccountId,
  name: string,
  original: OpenSession,
  deps: Dependencies,
): Promise<number> {
  const account = await loadedWithManagement(accountId, deps)
  const role = account?.table(roles).findBy('name', name.slice(name.lastIndexOf('/') + 1).toLowerCase())
  const left = Math.floor((original.claims.expiresAt - deps.clock.now()) / 1000)
  const most = original.caller.kind === 'role' ? chained : Number.POSITIVE_INFINITY
  return Math.min(role?.maxSessionSeconds ?? chained, left, most)
}

/** In the account of the role, after the AssumeRole that both accounts record (behaviour SGN-14). */
async function recordEvent(
  name: 'SwitchRole' | 'ExitRole' | 'RenewRole',
  { caller }: OpenSession,
  additional: Readonly<Record<string, string>>,
  request: HttpRequest,
  deps: Dependencies,
): Promise<void> {
  const RedirectTo = `${request.secure ? 'https' : 'http'}://${request.headers.host ?? ''}/`
  const facts: SignInFacts = {
    name,
    result: 'Success',
    ...identityOf(caller),
    additional: { ...additional, RedirectTo },
  }
  await deps.directory.commit([signInEvent(facts, request, deps)])
}

/** AWS shows users no more than this; the event has what was denied (behaviour SGN-44). */
function invalid(reason?: string): SignInRefusal {
  return new SignInRefusal(
    403,
    'SwitchRoleFailed',
    'Invalid information in one or more fields. Check your information or contact your administrator.',
    reason === undefined ? {} : { reason },
  )
}

function notSwitched(): SignInRefusal {
  return new SignInRefusal(409, 'NotSwitched', 'No role is worn.')
}
