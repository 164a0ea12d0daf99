import type { Budget } from '@omen-iam/policy'
import { factsOf, fault, iamArn, parseArn } from '../base/index.ts'
import { type Account, instanceProfiles, policies, type Role, roles, users } from '../directory/index.ts'
import { findOperation, loadModel } from '../model/index.ts'
import { type Caller, type RoleCaller, rootArn, type SignedCaller, sessionArn } from '../session/index.ts'
import type { AccessRequest, ContextKeys } from './access.ts'
import { budgetFor, judge } from './authorize.ts'
import type { Call } from './call.ts'
import { principalOf } from './context.ts'
import type { Dependencies } from './dependencies.ts'
import type { Origin } from './origin.ts'
import type { Judged } from './verdict.ts'

/** A key that does not exist: the callers made here only ask hypothetical questions. */
const noKey = 'hypothetical'
const hour = 3_600_000

/** The name of a session (behaviour POL-048). */
const sessionName = /^[\w+=,.@-]{2,64}$/

/**
 * Returns an identity of the account as if it called now: `root`, `user/NAME`, `role/NAME` (a session of it),
 * `assumed-role/NAME/SESSION`, the bare name of a user or otherwise a role, or one of their ARNs. Before the name of a user
 * or role its path may be written. Names ignore case except in ARNs. @throws Fault NoSuchEntity if there is no such
 * identity
 */
export function hypotheticalCaller(who: string, account: Account, now: number): SignedCaller {
  const caller = findCaller(who, account, now)
  if (caller !== undefined) return caller
  throw fault('NoSuchEntity', `There is no user and no role ${who} in account ${account.id}.`, 404)
}

function findCaller(who: string, account: Account, now: number): SignedCaller | undefined {
  const root = rootArn(account)
  if (who === 'root' || who === root)
    return { kind: 'root', account: account.id, arn: root, accessKeyId: noKey }
  const arn = parseArn(who)
  const parts = (arn?.resource ?? who).split('/')
  const [first, second, third] = parts
  if (first === 'assumed-role') {
    if (parts.length !== 3 || !sessionName.test(third!)) return undefined
    const session = hypotheticalSession(account, second!, third!, now)
    return arn === undefined || session?.arn === who ? session : undefined
  }
  const kind = parts.length === 1 ? undefined : first
  const path = parts.length < 3 ? undefined : `/${parts.slice(1, -1).join('/')}/`
  const name = parts.at(-1)!
  const isMeant = (own: string, named: { readonly path: string }) =>
    arn === undefined ? path === undefined || path === named.path : who === own
  if (kind === undefined || kind === 'user') {
    const user = account.table(users).findBy('name', name.toLowerCase())
    const userArn = user && iamArn(account, 'user', user.path, user.name)
    if (userArn !== undefined)
      return isMeant(userArn, user!)
        ? { kind: 'user', account: account.id, arn: userArn, user: user!, accessKeyId: noKey }
        : undefined
  }
  if (kind !== undefined && kind !== 'role') return undefined
  const role = hypotheticalSession(account, name, 'hypothetical', now)
  return role !== undefined && isMeant(role.roleArn, role.role) ? role : undefined
}

/** Returns a session of the role as if it began now, or undefined if there is no such role. */
export function hypotheticalSession(
  account: Account,
  roleName: string,
  sessionName: string,
  now: number,
  chain: readonly string[] = [],
): RoleCaller | undefined {
  const role = account.table(roles).findBy('name', roleName.toLowerCase())
  if (role === undefined) return undefined
  return {
    kind: 'role',
    account: account.id,
    arn: sessionArn(account, role.name, sessionName),
    roleArn: iamArn(account, 'role', role.path, role.name),
    role,
    accessKeyId: noKey,
    session: {
      kind: 'role',
      account: account.id,
      accessKeyId: noKey,
      secretAccessKey: '',
      roleId: role.id,
      sessionName,
      origin: chain.length > 1 ? 'role' : 'user',
      issuedAt: now,
      expiresAt: now + hour,
      chain,
    },
  }
}

/** Returns a call as if it were made now, for questions without a request. */
export function hypotheticalCall(
  caller: SignedCaller,
  account: Account,
  deps: Dependencies,
  origin: Origin,
): Call {
  const service = loadModel('sts')
  return {
    id: 'hypothetical',
    now: deps.clock.now(),
    service,
    operation: findOperation(service, 'GetCallerIdentity')!, // STS has it; only the caller and the account count here
    region: factsOf(deps.partition).globalRegion,
    caller,
    account,
    origin,
    deps,
    mode: deps.mode,
  }
}

/**
 * Returns whether the caller may assume the role: asked as STS asks it, with the policies of both sides. Several questions
 * of one request share a budget.
 */
export function mayAssume(
  call: Call,
  role: Role,
  owner: Account,
  context: ContextKeys = {},
  budget: Budget = budgetFor(),
): Judged {
  const keys: Record<string, ContextKeys[string]> = { 'sts:RoleSessionName': sessionNameOf(call.caller) }
  for (const { Key, Value } of role.tags) {
    keys[`aws:ResourceTag/${Key}`] = keys[`iam:ResourceTag/${Key}`] = Value
  }
  const access: AccessRequest = {
    action: 'sts:AssumeRole',
    resource: iamArn(owner, 'role', role.path, role.name),
    resourceAccount: owner.id,
    context: { ...keys, ...context },
    resourcePolicy: { document: role.trust, grant: 'trust' },
    bareSentence: true,
  }
  return judge(access, principalOf(call.caller), call, budget)
}

/** The name that `omen assume` gives a session: who puts the role on. */
function sessionNameOf(caller: Caller): string {
  if (caller.kind === 'user') return caller.user.name
  return caller.kind === 'role' ? caller.session.sessionName : 'hypothetical'
}

const principalTags = ['aws:ResourceTag/', 'iam:ResourceTag/']

/**
 * Condition keys that a call would bring of a user, role, policy or instance profile of the account: its tags and
 * its boundary. Handing a role on knows neither (behaviour POL-076).
 */
export function keysOfThing(action: string, resource: string, account: Account): ContextKeys {
  const [, type, path] = /arn:aws[a-z-]*:iam::\d{12}:([a-z-]+)(\/.+)/.exec(resource) ?? []
  if (type === undefined || !/^iam:(?!PassRole$)/i.test(action)) return {}
  const thing = findThing(type, path!, account)
  if (thing === undefined || iamArn(account, type, thing.path, thing.name) !== resource) return {}
  const keys: Record<string, string | undefined> = { 'iam:PermissionsBoundary': thing.boundaryArn }
  const prefixes = type === 'user' || type === 'role' ? principalTags : ['aws:ResourceTag/']
  for (const { Key, Value } of thing.tags) for (const prefix of prefixes) keys[prefix + Key] = Value
  return keys
}

/** The members that keys are made of, whichever kind it is. */
type Thing = Pick<Role, 'path' | 'name' | 'tags' | 'boundaryArn'>

function findThing(type: string, path: string, account: Account): Thing | undefined {
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase()
  switch (type) {
    case 'user':
      return account.table(users).findBy('name', name)
    case 'role':
      return account.table(roles).findBy('name', name)
    case 'policy':
      return account.table(policies).findBy('name', name)
    case 'instance-profile':
      return account.table(instanceProfiles).findBy('name', name)
    default:
      return undefined
  }
}
