import { notAuthorized } from '@omen-iam/policy'
import {
  type Dependencies,
  hypotheticalCall,
  mayAssume,
  type Origin,
  refusalSentence,
} from '../../authorization/index.ts'
import { type AccountId, type HttpRequest, iamArn } from '../../base/index.ts'
import { type Account, roles, type SwitchEntry, switchHistories, users } from '../../directory/index.ts'
import type { SignedCaller } from '../../session/index.ts'
import { SignInRefusal } from './answers.ts'
import {
  type ConsoleSession,
  changeAccount,
  loadedWithManagement,
  type OpenSession,
} from './console-session.ts'
import { originOf } from './events.ts'
import type { Fields } from './fields.ts'
import { accountOf } from './password-login.ts'

const limits = {
  /** The most roles in a history (behaviour SGN-45). The oldest that is not pinned is removed first. */
  entries: 50,
  /** The most histories in an account; those of deleted identities are removed first. */
  histories: 500,
  /** Characters of a display name, as in AWS's form. */
  displayName: 64,
} as const

/** Whether a switch would succeed now. */
export interface SwitchCheck {
  readonly allowed: boolean
  /** AWS's sentence if it would fail. */
  readonly why?: string
  /** The switch succeeds once the user has signed in with MFA. */
  readonly needsMfa?: true
}

/** How an assumed role is shown. */
export type Shown = Pick<SwitchEntry, 'displayName' | 'color' | 'hatched'>

/** Returns the role of a form or a link. @throws SignInRefusal if the fields name none */
export async function namedRole(
  fields: Fields,
  deps: Dependencies,
): Promise<{ account: AccountId; name: string }> {
  const account = await accountOf(fields.get('account') ?? '', deps)
  const name = (fields.get('roleName') ?? '').replace(/^\//, '')
  if (account === undefined || name === '')
    throw new SignInRefusal(400, 'InvalidRequest', 'Name an account and a role.')
  return { account, name }
}

/** Returns the display name, color and hatching of a form. Values that cannot be shown are left out. */
export function shownIn(fields: Fields): Shown {
  const displayName = (fields.get('displayName') ?? '').trim().slice(0, limits.displayName)
  const color = /^#?([0-9A-Fa-f]{6})$/.exec(fields.get('color') ?? '')?.[1]?.toUpperCase()
  return {
    ...(displayName === '' ? {} : { displayName }),
    ...(color === undefined ? {} : { color }),
    ...(fields.get('hatched') === 'yes' ? { hatched: true } : {}),
  }
}

/** Returns how the assumed role is shown: as at the last switch to it. */
export function shownNow({ original, role }: ConsoleSession): Shown {
  if (role?.caller.kind !== 'role') return {}
  const { path, name } = role.caller.role
  const entry = entriesOf(original).find(isOf(role.account.id, `${path}${name}`.slice(1)))
  const { displayName, color, hatched } = entry ?? {}
  return {
    ...(displayName === undefined ? {} : { displayName }),
    ...(color === undefined ? {} : { color }),
    ...(hatched === undefined ? {} : { hatched }),
  }
}

/** Returns whether the identity never switched before. */
export function isFirstSwitch({ original }: ConsoleSession): boolean {
  return original.account.table(switchHistories).find(whoOf(original.caller)) === undefined
}

/** Puts a successful switch at the beginning of the history. */
export async function noteSwitch(
  { original, role }: ConsoleSession,
  shown: Shown,
  deps: Dependencies,
): Promise<void> {
  if (role?.caller.kind !== 'role') return
  const { path, name } = role.caller.role
  const account = role.account.id
  const roleName = `${path}${name}`.slice(1)
  await changeAccount(original, deps, (now) => noteEntry(now, { account, roleName, ...shown }, deps))
}

async function noteEntry(
  original: OpenSession,
  switched: Omit<SwitchEntry, 'pinned' | 'at'>,
  deps: Dependencies,
): Promise<void> {
  const { account, roleName } = switched
  const before = entriesOf(original)
  const pinned = before.find(isOf(account, roleName))?.pinned
  const entry = { ...switched, ...(pinned && { pinned }), at: deps.clock.now() }
  const entries = [entry, ...before.filter((each) => !isOf(account, roleName)(each))]
  if (entries.length > limits.entries) {
    const oldest = entries.findLastIndex((each) => each.pinned === undefined)
    entries.splice(oldest > 0 ? oldest : entries.length - 1, 1)
  }
  await keep(original, entries, deps)
}

/** Returns the history, each role checked (behaviour SGN-45). */
export async function historyOf(session: ConsoleSession, request: HttpRequest, deps: Dependencies) {
  const { original } = session
  const entries = []
  for (const entry of entriesOf(original)) {
    const { account, roleName } = entry
    const check = await checkSwitch(account as AccountId, roleName, original, request, deps) // noteSwitch wrote it
    entries.push({ ...entry, at: new Date(entry.at).toISOString(), check })
  }
  return { entries }
}

/** Pins or unpins an entry, removes it, or removes all that are not pinned. @throws SignInRefusal */
export function changeHistory(
  fields: Fields,
  { original }: ConsoleSession,
  deps: Dependencies,
): Promise<void> {
  return changeAccount(original, deps, (now) => changeEntries(fields, now, deps))
}

async function changeEntries(fields: Fields, original: OpenSession, deps: Dependencies): Promise<void> {
  const before = entriesOf(original)
  const isNamed = isOf(fields.get('account') ?? '', fields.get('roleName') ?? '')
  const changes: Readonly<Record<string, () => readonly SwitchEntry[]>> = {
    pin: () => before.map((each) => (isNamed(each) ? { ...each, pinned: true } : each)),
    unpin: () =>
      before.map((each) => {
        const { pinned: _, ...rest } = each
        return isNamed(each) ? rest : each
      }),
    remove: () => before.filter((each) => !isNamed(each)),
    clear: () => before.filter(({ pinned }) => pinned === true),
  }
  const change = changes[fields.get('change') ?? '']
  if (change === undefined)
    throw new SignInRefusal(400, 'InvalidRequest', 'change must be pin, unpin, remove or clear.')
  await keep(original, change(), deps)
}

/** Asks whether the original identity may switch to a role, without switching, as STS would be asked. */
export async function checkSwitch(
  accountId: AccountId,
  roleName: string,
  original: OpenSession,
  request: HttpRequest,
  deps: Dependencies,
): Promise<SwitchCheck> {
  const { caller, claims, account } = original
  const origin = originOf(request, claims.signIn)
  return checkAssume({ caller, account, origin }, accountId, roleName, deps)
}

/** Asks whether a caller may assume a role, by its account and its path and name, as STS would be asked. */
export async function checkAssume(
  asker: { readonly caller: SignedCaller; readonly account: Account; readonly origin: Origin },
  accountId: AccountId,
  roleName: string,
  deps: Dependencies,
): Promise<SwitchCheck> {
  const { caller, account: own, origin } = asker
  if (caller.kind === 'root') return { allowed: false, why: 'Roles may not be assumed by root accounts.' }
  const account = await loadedWithManagement(accountId, deps)
  const name = roleName.slice(roleName.lastIndexOf('/') + 1)
  const namedRole = account?.table(roles).findBy('name', name.toLowerCase())
  const role =
    namedRole !== undefined && `${namedRole.path}${namedRole.name}`.slice(1) === roleName
      ? namedRole
      : undefined
  if (account === undefined || role === undefined) {
    // STS denies a role that does not exist in the same words
    const resource = iamArn({ id: accountId, partition: deps.partition }, 'role', '/', roleName)
    return {
      allowed: false,
      why: notAuthorized(caller.arn, 'sts:AssumeRole', resource),
    }
  }
  const call = hypotheticalCall(caller, own, deps, origin)
  const judged = mayAssume(call, role, account)
  if (judged.decision.outcome === 'allowed') return { allowed: true }
  const withMfa = { 'aws:MultiFactorAuthPresent': true, 'aws:MultiFactorAuthAge': 0 }
  const needsMfa =
    caller.session?.mfaAt === undefined &&
    mayAssume(call, role, account, withMfa).decision.outcome === 'allowed'
  return { allowed: false, why: refusalSentence(judged), ...(needsMfa && { needsMfa }) }
}

function entriesOf({ account, caller }: OpenSession): readonly SwitchEntry[] {
  return account.table(switchHistories).find(whoOf(caller))?.entries ?? []
}

async function keep(
  { account, caller }: OpenSession,
  entries: readonly SwitchEntry[],
  deps: Dependencies,
): Promise<void> {
  const table = account.table(switchHistories)
  const who = whoOf(caller)
  if (table.find(who) === undefined && table.size >= limits.histories) {
    const gone = [...table.values()].find(
      (each) => each.who.startsWith('arn:') || account.table(users).find(each.who) === undefined,
    )
    if (gone === undefined) return
    table.delete(gone.who)
  }
  table.put({ who, entries })
  await deps.directory.commit([])
}

function isOf(account: string, roleName: string): (entry: SwitchEntry) => boolean {
  return (entry) => entry.account === account && entry.roleName === roleName
}

/** A user with the name of a deleted one has a history of its own. */
function whoOf(caller: SignedCaller): string {
  return caller.kind === 'user' ? caller.user.id : caller.arn
}
