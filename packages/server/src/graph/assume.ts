import type { Asked } from '@omen-iam/policy'
import type { Technique } from '../authorization/catalogue/index.ts'
import { held, type Use } from './binding.ts'
import { sessionName } from './form.ts'
import { better, type Finding, type Prover } from './prove.ts'
import type { Shared } from './shared.ts'
import { namedFor, type OwnUse, passable, plain, thingsOf, type UseQuestion } from './targets.ts'
import type { Actor, AssumeMore, AssumeOptions, SessionGift } from './trust-question.ts'
import type { Person, Role } from './world.ts'

/** Every role that an actor may assume, by the trust policies as they are. */
export function* assumptions({ shared, prover, technique, actor, only }: UseQuestion): Generator<OwnUse> {
  for (const role of assumable(shared, actor, only)) {
    yield {
      technique,
      use: {
        binding: { target: role, moreKey: 'assume' },
        outcome: held(role, 'assumed'),
        to: role.arn,
      },
      prove: (target) => assumption(shared, actor, target?.type === 'role' ? target : role, prover),
    }
  }
}

/** What an actor can give the sessions of roles that it assumes, where a policy asks for it. */
export function* sessionUses({ shared, prover, technique, actor, only }: UseQuestion): Generator<OwnUse> {
  if (only !== undefined) return
  if (technique.id === 'trust.assume-role' && !shared.readsUserIds) return
  const action = technique.needs.at(-1)?.action ?? ''
  for (const role of assumable(shared, actor, undefined)) {
    if (!shared.trustNames(role, action)) continue
    for (const give of shared.wantedOfSessions(role)) {
      if (techniqueFor(give) !== technique.id) continue
      const more: AssumeMore =
        give.key === 'name' ? 'nothing' : give.key === 'aws:SourceIdentity' ? 'identity' : 'tags'
      yield {
        technique,
        use: {
          binding: { target: role, moreKey: `${give.key}=${give.value}` },
          outcome: { is: 'change', change: { is: 'session', arn: role.arn, ...give } },
          to: role.arn,
        },
        prove: () =>
          prover.proveAsked(
            (mfa) => [
              requestsOf(actor, role, prover, {
                session: actor.variant.sessionName ?? sessionName,
                more,
                mfa,
                give,
              }),
            ],
            actor,
          ),
      }
    }
  }
}

function techniqueFor({ key }: SessionGift): string {
  if (key === 'name') return 'trust.assume-role'
  return key === 'aws:SourceIdentity' ? 'trust.set-source-identity' : 'lift.session-tags'
}

/** The roles whose trust policy names an actor, or names its account while an Allow of the actor names the role. */
export function assumable(shared: Shared, actor: Actor, only: Person | undefined): Iterable<Role> {
  const { index } = shared
  const self = actor.variant.person
  const found = new Set<Role>()
  const { isOnlyTagged } = actor.variant
  const isWanted = (role: Role): boolean =>
    role.arn !== self.arn &&
    !role.isServiceLinked &&
    (only === undefined || role === only) &&
    (!isOnlyTagged || /PrincipalTag/i.test(role.trust?.policy.text ?? ''))
  for (const role of index.namingPrincipal(self)) if (isWanted(role)) found.add(role)
  const heads = shared.heads(actor, 'sts:AssumeRole')
  if (heads.length === 0) return found
  const trusting = index.trustingAccount(self.account)
  const named = index.roles.startingWith(heads)
  const isTrusting = trusting.length < named.length ? undefined : new Set<Person>(trusting)
  for (const role of isTrusting === undefined ? trusting : named)
    if (
      role.type === 'role' &&
      isWanted(role) &&
      isTrusting?.has(role) !== false &&
      shared.match(actor, 'sts:AssumeRole', role.arn).isAllowed
    )
      found.add(role)
  return found
}

function assumption(shared: Shared, actor: Actor, role: Role, prover: Prover): Finding {
  let best: Finding
  for (const session of sessionsOf(shared, actor)) {
    for (const more of moresOf(shared, actor, role)) {
      const found = prover.proveAsked(
        (mfa) => [requestsOf(actor, role, prover, { session, more, mfa })],
        actor,
      )
      best = better(best, found)
      if (best?.verdict === 'proven') return best
    }
  }
  return best
}

/** A source identity and session tags help only where a condition names them. */
function moresOf({ questions }: Shared, { variant }: Actor, role: Role): readonly AssumeMore[] {
  const { identity, boundary, scp = [] } = variant.policies
  const keys: string[] = []
  for (const layer of [identity, boundary, ...scp, ...(questions.rcps?.rcp ?? [])])
    for (const { statement } of layer?.candidates('sts:AssumeRole').all ?? [])
      for (const { key } of statement.condition) keys.push(key)
  for (const { condition } of role.trust?.policy.statements ?? [])
    for (const { key } of condition) keys.push(key)
  const names = (pattern: RegExp): boolean => keys.some((key) => pattern.test(key))
  return [
    'nothing',
    ...(names(/^(?:sts|aws):SourceIdentity$/i) ? (['identity'] as const) : []),
    ...(names(/^aws:(?:RequestTag\/|TagKeys$)|^sts:TransitiveTagKeys$/i) ? (['tags'] as const) : []),
  ]
}

function requestsOf(
  actor: Actor,
  role: Role,
  { questions }: Prover,
  options: AssumeOptions & { readonly session: string },
): readonly Asked[] {
  const assume = questions.assume(actor, role, 'sts:AssumeRole', options)
  switch (options.more) {
    case 'nothing':
      return [assume]
    case 'identity':
      return [assume, questions.assume(actor, role, 'sts:SetSourceIdentity', options)]
    case 'tags':
      return [assume, questions.assume(actor, role, 'sts:TagSession', options)]
  }
}

/** The attacker names its sessions: a trust policy may name one. */
function sessionsOf({ index }: Shared, { variant, form }: Actor): readonly string[] {
  const { person } = variant
  if (person.type !== 'role' || form === 'service') return [sessionName]
  const prefix = `:assumed-role/${person.name}/`
  const named = new Set<string>()
  for (const { trust } of index.namingSessions(person)) {
    for (const statement of trust?.policy.statements ?? []) {
      for (const { value } of statement.principal?.entries ?? []) {
        const at = value.indexOf(prefix)
        if (at !== -1 && named.size < 10) named.add(value.slice(at + prefix.length))
      }
    }
  }
  return [variant.sessionName ?? sessionName, ...named]
}

/** Roles whose trust the attacker writes. */
export function trustUses(question: UseQuestion): Iterable<OwnUse> {
  const { prover, technique, actor } = question
  const self = actor.variant.person
  const roles = namedFor(question, technique.needs[0]?.action ?? '', 'roles')
  return plain(
    question,
    roles.flatMap((role): readonly Use[] => {
      if (role.type !== 'role' || role.arn === self.arn) return []
      const more = (mfa: boolean): readonly Asked[] => [
        prover.questions.assume(actor, role, 'sts:AssumeRole', { mfa, own: true, more: 'nothing' }),
      ]
      const outcome = held(role, 'assumed')
      return [{ binding: { target: role, more, moreKey: 'own' }, outcome, to: role.arn }]
    }),
  )
}

/** Roles whose identity provider the attacker changes. */
export function federationUses(question: UseQuestion): Iterable<OwnUse> {
  const { shared, technique, actor, prover, only } = question
  const { index } = shared
  const self = actor.variant.person
  const kind = technique.id === 'open.saml-provider' ? 'saml-provider' : 'oidc-provider'
  const roles = new Set(
    index.providers
      .filter((provider) => provider.includes(`:${kind}/`))
      .flatMap((provider) => index.trustingProvider(provider)),
  )
  return plain(
    question,
    [...roles].flatMap((role) =>
      role.arn === self.arn || (only !== undefined && role !== only)
        ? []
        : federations(technique, role, prover),
    ),
  )
}

function federations(technique: Technique, role: Role, { questions }: Prover): readonly Use[] {
  const kind = technique.id === 'open.saml-provider' ? 'saml-provider' : 'oidc-provider'
  const action = kind === 'saml-provider' ? 'sts:AssumeRoleWithSAML' : 'sts:AssumeRoleWithWebIdentity'
  const providers = new Set<string>()
  for (const { effect, principal } of role.trust?.policy.statements ?? []) {
    if (effect !== 'Allow') continue
    for (const { type, value } of principal?.entries ?? [])
      if (type === 'Federated' && value.includes(`:${kind}/`)) providers.add(value)
  }
  return [...providers].map((provider) => ({
    binding: {
      target: role,
      provider,
      more: () => [questions.federatedTrust(role, provider, action)],
      moreKey: action,
    },
    outcome: held(role, 'assumed'),
    to: role.arn,
  }))
}

/**
 * Stack sets: the administration role that is passed assumes the execution role, whose power is reached. iam:PassRole is
 * asked for the administration role.
 */
export function* stackSetUses(question: UseQuestion): Generator<OwnUse> {
  const { shared, technique, actor, prover, only } = question
  const bound = thingsOf(question)
  const services = technique.trusts?.type === 'service' ? [technique.trusts.name] : undefined
  for (const administration of passable({ ...question, only: undefined }, services)) {
    const worn: Actor = { variant: prover.variantOf(administration), form: 'service' }
    for (const execution of assumable(shared, worn, only)) {
      const more = (): readonly Asked[] => [
        prover.questions.assume(worn, execution, 'sts:AssumeRole', { mfa: false, more: 'nothing' }),
      ]
      for (const things of bound) {
        const binding = { target: administration, things, more }
        yield {
          technique,
          use: { binding, outcome: held(execution, 'service'), to: execution.arn },
          prove: () => prover.prove(actor, technique, binding),
        }
      }
    }
  }
}
