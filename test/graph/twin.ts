import {
  Context,
  compile,
  evaluate,
  type PolicySet,
  type PolicySource,
  type Principal,
  parsePolicy,
  principalContext,
} from '@omen-iam/policy'

/** A statement of a twin's world: no conditions, so that each request has one answer. */
export interface Plain {
  readonly Effect: 'Allow' | 'Deny'
  readonly Action: string
  readonly Resource: string
}

export interface TwinPrincipal {
  readonly type: 'user' | 'role'
  readonly name: string
  readonly statements: readonly Plain[]
  readonly boundary: readonly Plain[] | undefined
  /** Of a role: whom it trusts, as ARNs. */
  readonly trust: readonly string[]
  /** The account, if the world has several. */
  readonly account?: string
  /** Of a role: the subjects of tokens that it trusts, as patterns. */
  readonly tokens?: readonly string[]
}

/** A function that runs in a role: by itself, or only if it is invoked. */
export interface TwinFunction {
  readonly isStill?: boolean
  readonly arn: string
  /** The name of the role, which is of the same account. */
  readonly role: string
  readonly policy: readonly (Plain & { readonly Principal: unknown })[]
}

export interface TwinWorld {
  readonly principals: readonly TwinPrincipal[]
  readonly held: ReadonlySet<string>
  /** Functions, with what their policies say. */
  readonly functions?: readonly TwinFunction[]
  /** ARNs of the functions that have code of the attacker. */
  readonly coded?: ReadonlySet<string>
  /** Principals that are not there yet, and can be made. */
  readonly fresh?: readonly Pick<TwinPrincipal, 'type' | 'name'>[]
  /** What the SCP of an account denies. */
  readonly denied?: Readonly<Record<string, readonly Plain[]>>
}

const account = '111122223333'

export function arnOfPrincipal({
  type,
  name,
  account: own = account,
}: Pick<TwinPrincipal, 'type' | 'name' | 'account'>): string {
  return `arn:aws:iam::${own}:${type}/${name}`
}

/** The provider whose tokens roles trust. */
export const provider = `arn:aws:iam::${account}:oidc-provider/token.actions.githubusercontent.com`

/** The world as the bearer of a token finds it: the roles that let it in are held. */
export function heldByToken(world: TwinWorld, subject: string): TwinWorld {
  const held = world.principals.filter((role) => {
    if (role.type !== 'role') return false
    const set = compile({ resource: { source: trustOf(role), grant: 'trust' as const } })
    const principal: Principal = { type: 'webIdentity', provider }
    const context = new Context({ 'token.actions.githubusercontent.com:sub': subject })
    const request = {
      principal,
      action: 'sts:AssumeRoleWithWebIdentity',
      resource: arnOfPrincipal(role),
      resourceAccount: role.account ?? account,
      context,
    }
    return evaluate(request, set).outcome === 'allowed'
  })
  return { ...world, held: new Set(held.map(({ name }) => name)) }
}

/** The world as some principal of an account that is not in it finds it, if that account lets it do everything. */
export function heldFromOutside(world: TwinWorld, outside: string): TwinWorld {
  const stranger: TwinPrincipal = {
    type: 'user',
    name: 'stranger',
    account: outside,
    statements: [everything],
    boundary: undefined,
    trust: [],
  }
  const held = world.principals.filter(
    (role) => role.type === 'role' && nextOf(world, stranger, role).some((next) => next.held.has(role.name)),
  )
  return { ...world, held: new Set(held.map(({ name }) => name)) }
}

/**
 * Whether an attacker comes to an administrator: every call that any held principal may make is made in every order, each
 * on a copy of the world. It knows nothing of facts, variants or proofs. The eager one makes calls that only add something
 * at once, whatever the order: only trust policies that are replaced take something away.
 */
export function reachesAdministrator(start: TwinWorld, isEager = false): boolean {
  const seen = new Set<string>()
  const pending = [start]
  for (let world = pending.pop(); world !== undefined; world = pending.pop()) {
    const name = nameOf(world)
    if (seen.has(name)) continue
    seen.add(name)
    if (seen.size > mostWorlds) throw new Error('too many worlds')
    if (world.principals.some((principal) => world.held.has(principal.name) && isAdministrator(principal)))
      return true
    const next = world.principals.flatMap((actor) =>
      world.held.has(actor.name)
        ? [...makingsOf(world, actor), ...world.principals.flatMap((target) => nextOf(world, actor, target))]
        : [],
    )
    const growing = isEager ? next.find((each) => isGrowing(world, each)) : undefined
    pending.push(...(growing === undefined ? next : [growing]))
  }
  return false
}

const mostWorlds = 20_000

/** Whether nothing is taken away by a call: trust policies stay as they are. */
function isGrowing(before: TwinWorld, after: TwinWorld): boolean {
  return before.principals.every(({ trust }, place) => trust === after.principals[place]?.trust)
}

function nameOf({ principals, held, coded }: TwinWorld): string {
  return JSON.stringify([[...held].sort(), principals, [...(coded ?? [])].sort()])
}

const everything: Plain = { Effect: 'Allow', Action: '*', Resource: '*' }

function isAdministrator({ statements, boundary }: TwinPrincipal): boolean {
  const allowsAll = (list: readonly Plain[]): boolean =>
    list.some(({ Effect, Action, Resource }) => Effect === 'Allow' && Action === '*' && Resource === '*') &&
    !list.some(({ Effect }) => Effect === 'Deny')
  return allowsAll(statements) && (boundary === undefined || allowsAll(boundary))
}

/** The worlds after each call that makes a principal: a role lets in everyone that was there before all calls. */
function makingsOf(world: TwinWorld, actor: TwinPrincipal): readonly TwinWorld[] {
  return (world.fresh ?? []).flatMap((made) => {
    const action = made.type === 'user' ? 'iam:CreateUser' : 'iam:CreateRole'
    if (world.principals.some(({ name }) => name === made.name)) return []
    if (!isAllowed(world, actor, action, arnOfPrincipal(made), undefined)) return []
    const isFresh = ({ name }: TwinPrincipal): boolean =>
      world.fresh?.some((each) => each.name === name) === true
    const old = world.principals.filter((principal) => !isFresh(principal))
    const trust = made.type === 'user' ? [] : old.map(selfOf)
    return {
      ...world,
      principals: [...world.principals, { ...made, statements: [], boundary: undefined, trust }],
    }
  })
}

/** The worlds after each call of one principal on another one. */
function nextOf(world: TwinWorld, actor: TwinPrincipal, target: TwinPrincipal): readonly TwinWorld[] {
  const arn = arnOfPrincipal(target)
  const isOwn = (actor.account ?? account) === (target.account ?? account)
  const may = (action: string): boolean => isOwn && isAllowed(world, actor, action, arn, undefined)
  const change = (more: Partial<TwinPrincipal>): TwinWorld => ({
    ...world,
    principals: world.principals.map((principal) =>
      principal === target ? { ...target, ...more } : principal,
    ),
  })
  const hold = (): TwinWorld => ({ ...world, held: new Set([...world.held, target.name]) })
  const next: TwinWorld[] = []
  const kind = target.type === 'user' ? 'User' : 'Role'
  if (!target.statements.includes(everything) && may(`iam:Put${kind}Policy`))
    next.push(change({ statements: [...target.statements, everything] }))
  if (target.boundary !== undefined && may(`iam:Delete${kind}PermissionsBoundary`))
    next.push(change({ boundary: undefined }))
  if (target.type === 'user') {
    const isNew = world.fresh?.some(({ name }) => name === target.name) === true
    const isGiven = may('iam:CreateAccessKey') || (isNew && may('iam:CreateLoginProfile'))
    if (!world.held.has(target.name) && isGiven) next.push(hold())
    return next
  }
  if (actor === target) return next
  for (const { arn: resource, role, policy, isStill } of world.functions ?? []) {
    if (role !== target.name || world.held.has(target.name)) continue
    const source =
      policy.length === 0 ? undefined : parsed({ Version: '2012-10-17', Statement: policy }, 'resource')
    const set = source === undefined ? {} : { resource: { source, grant: 'either' as const } }
    const mayCall = (action: string): boolean => isAllowed(world, actor, action, resource, undefined, set)
    if (world.coded?.has(resource)) {
      if (mayCall('lambda:InvokeFunction') || mayCall('lambda:InvokeAsync')) next.push(hold())
    } else if (mayCall('lambda:UpdateFunctionCode'))
      next.push(isStill === true ? { ...world, coded: new Set([...(world.coded ?? []), resource]) } : hold())
  }
  // Everyone that is held is let in.
  const trust = world.principals.filter(({ name }) => world.held.has(name)).map(selfOf)
  if (trust.some((self) => !target.trust.includes(self)) && may('iam:UpdateAssumeRolePolicy'))
    next.push(change({ trust }))
  if (!world.held.has(target.name) && isAllowed(world, actor, 'sts:AssumeRole', arn, target))
    next.push(hold())
  return next
}

/** The ARN by which a trust policy names what is held of a principal. */
function selfOf(principal: TwinPrincipal): string {
  const caller = callerOf(principal)
  return caller.type === 'roleSession' ? caller.sessionArn : arnOfPrincipal(principal)
}

function callerOf(principal: TwinPrincipal): Principal {
  const arn = arnOfPrincipal(principal)
  const own = principal.account ?? account
  return principal.type === 'user'
    ? { type: 'user', arn, account: own }
    : {
        type: 'roleSession',
        roleArn: arn,
        sessionArn: `arn:aws:sts::${own}:assumed-role/${principal.name}/omen`,
        account: own,
      }
}

function isAllowed(
  { denied }: Pick<TwinWorld, 'denied'>,
  actor: TwinPrincipal,
  action: string,
  resource: string,
  target: TwinPrincipal | undefined,
  more: PolicySet = {},
): boolean {
  const principal = callerOf(actor)
  const context = new Context(principalContext(principal))
  const set = compile({
    identity: [policyOf(actor.statements, 'identity')],
    ...(actor.boundary === undefined ? {} : { boundary: [policyOf(actor.boundary, 'boundary')] }),
    ...(target === undefined ? {} : { resource: { source: trustOf(target), grant: 'trust' as const } }),
    ...scpOf(denied?.[actor.account ?? account]),
    ...more,
  })
  return evaluate({ principal, action, resource, context }, set).outcome === 'allowed'
}

function policyOf(statements: readonly Plain[], kind: 'identity' | 'boundary'): PolicySource {
  const none: Plain = { Effect: 'Allow', Action: 'none:None', Resource: '*' }
  return parsed({ Version: '2012-10-17', Statement: statements.length === 0 ? [none] : statements }, kind)
}

function scpOf(denied: readonly Plain[] | undefined) {
  if (denied === undefined) return {}
  return { scp: [[parsed({ Version: '2012-10-17', Statement: [everything, ...denied] }, 'scp')]] }
}

/** The trust policy of a role. */
export function trustDocument(
  trust: readonly string[],
  tokens: readonly string[] = [],
  nobody = 'arn:aws:iam::999988887777:root',
): unknown {
  const AWS = trust.length === 0 ? [nobody] : trust
  return {
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Principal: { AWS }, Action: 'sts:AssumeRole' },
      ...tokens.map((subject) => ({
        Effect: 'Allow',
        Principal: { Federated: provider },
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: { StringLike: { 'token.actions.githubusercontent.com:sub': subject } },
      })),
    ],
  }
}

/** An account of which nobody knows anything: a role that trusts nobody names it. */
export const nobodys = 'arn:aws:iam::121212121212:root'

function trustOf({ trust, tokens, account: own }: TwinPrincipal): PolicySource {
  return parsed(trustDocument(trust, tokens, own === undefined ? undefined : nobodys), 'trust')
}

const policies = new Map<string, PolicySource>()

function parsed(
  document: unknown,
  kind: 'identity' | 'boundary' | 'trust' | 'scp' | 'resource',
): PolicySource {
  const text = JSON.stringify(document)
  const known = policies.get(kind + text)
  if (known !== undefined) return known
  const result = parsePolicy(text, kind, { lenient: true })
  if (!result.ok) throw new Error(result.message)
  const source: PolicySource = { policy: result.policy, source: { type: 'none' } }
  policies.set(kind + text, source)
  return source
}
