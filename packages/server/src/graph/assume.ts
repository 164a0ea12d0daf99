import type { Asked } from '@omen-iam/policy'
import type { Technique } from '../authorization/catalogue/index.ts'
import { held, type Use } from './binding.ts'
import { type Carried, carriedWith } from './carried.ts'
import { sessionName } from './form.ts'
import { better, type Finding, type Prover } from './prove.ts'
import { identitiesFor } from './session-gifts.ts'
import type { Shared } from './shared.ts'
import { signatureOf } from './signature.ts'
import { namedFor, type OwnUse, passable, plain, thingsOf, type UseQuestion } from './targets.ts'
import type { Actor, AssumeOptions, SessionGift, TransitiveTags } from './trust-question.ts'
import type { Role } from './world.ts'

/** Every role that an actor may assume, by the trust policies as they are. */
export function* assumptions(question: UseQuestion): Generator<OwnUse> {
  const { shared, prover, technique, actor } = question
  for (const role of assumable(question)) {
    const own = actor.variant.carried.sourceIdentity
    const plain = assuming(shared, prover, technique, actor, role, own)
    yield plain
    for (const tags of tagsWorthPassing(shared, actor, role))
      yield assuming(shared, prover, technique, actor, role, own, tags)
    const asksTags = asksForTransitiveTags(shared, actor, role)
    const asksIdentity = own === undefined && asksForIdentity(shared, actor, role)
    if (!asksTags && !asksIdentity) continue
    const key = signatureOf(shared, actor, technique, plain.use.binding)
    const found = key === undefined ? plain.prove() : shared.found(key, plain.prove)
    // A session that passes nothing on is the better one.
    if (found?.verdict === 'proven') continue
    const wanted = asksIdentity ? wantedIdentities(shared, role) : []
    const identities = asksIdentity ? identitiesOf(shared, prover, actor, role) : []
    for (const identity of identities)
      if (!wanted.includes(identity)) yield assuming(shared, prover, technique, actor, role, identity)
    if (!asksTags) continue
    for (const identity of new Set([own, ...identities, ...wanted])) {
      const tags = tagsThatFit(shared, prover, actor, role, identity)
      if (tags !== undefined) yield assuming(shared, prover, technique, actor, role, identity, tags)
    }
  }
}

function assuming(
  shared: Shared,
  prover: Prover,
  technique: Technique,
  actor: Actor,
  role: Role,
  sourceIdentity: string | undefined,
  tags?: TransitiveTags,
): OwnUse {
  // Which source identity a role takes may depend on who calls.
  const caller = role.trust?.policy.text.includes('${') === true ? actor.variant.person.arn : ''
  const identityKey = sourceIdentity === undefined ? 'assume' : `assume as ${sourceIdentity} ${caller}`
  const moreKey = tags === undefined ? identityKey : `${identityKey} ${JSON.stringify(tags)} ${caller}`
  const { carried } = actor.variant
  const passed = sourceIdentity === carried.sourceIdentity ? carried : { ...carried, sourceIdentity }
  return {
    technique,
    use: {
      binding: { target: role, moreKey },
      outcome: held(role, 'assumed', tags === undefined ? passed : carriedWith(passed, tags.transitive)),
      to: role.arn,
    },
    prove: (target) =>
      assumption(shared, prover, actor, target?.type === 'role' ? target : role, { sourceIdentity, tags }),
  }
}

/** What an actor can give the sessions of roles that it assumes, where a policy asks for it. */
export function* sessionUses(question: UseQuestion): Generator<OwnUse> {
  const { shared, prover, technique, actor, only } = question
  if (technique.id === 'trust.set-source-identity') {
    yield* identityUses(question)
    return
  }
  if (only !== undefined) return
  if (technique.id === 'trust.assume-role' && !shared.readsUserIds) return
  const action = technique.needs.at(-1)?.action ?? ''
  for (const role of assumable(question)) {
    if (!shared.trustNames(role, action)) continue
    const gifts = wantedOf(shared, role).filter((give) => techniqueFor(give) === technique.id)
    if (gifts.length === 0) continue
    const { carried } = actor.variant
    const own = carried.sourceIdentity
    const asked =
      own === undefined && asksForIdentity(shared, actor, role)
        ? identitiesOf(shared, prover, actor, role)
        : []
    for (const give of gifts) {
      if (isPassedOn(carried, give.key)) continue
      for (const sourceIdentity of [own, ...asked]) {
        const moreKey = `${give.key}=${give.value} ${sourceIdentity ?? ''}`
        const change = {
          is: 'session',
          arn: role.arn,
          ...give,
          carried: { ...carried, sourceIdentity },
        } as const
        const options = {
          session: actor.variant.sessionName ?? sessionName,
          hasTags: give.key !== 'name',
          sourceIdentity,
          give,
        }
        yield {
          technique,
          use: { binding: { target: role, moreKey }, outcome: { is: 'change', change }, to: role.arn },
          prove: () =>
            prover.proveAsked((mfa) => prover.questions.assuming(actor, role, { ...options, mfa }), actor),
        }
      }
    }
  }
}

/** Sessions with a source identity that a condition on aws:SourceIdentity asks for. */
function* identityUses(question: UseQuestion): Generator<OwnUse> {
  const { shared, prover, technique, actor } = question
  if (actor.variant.carried.sourceIdentity !== undefined) return
  for (const role of assumable(question))
    if (shared.trustNames(role, 'sts:SetSourceIdentity'))
      for (const identity of wantedIdentities(shared, role))
        yield assuming(shared, prover, technique, actor, role, identity)
}

function wantedIdentities(shared: Shared, role: Role): readonly string[] {
  return wantedOf(shared, role).flatMap(({ key, value }) => (key === 'aws:SourceIdentity' ? [value] : []))
}

/** Source identities with which an actor may be let in: one that fits, and those that roles after this one ask for. */
function identitiesOf(shared: Shared, prover: Prover, actor: Actor, role: Role): readonly string[] {
  const found = new Set<string>()
  const fitting = assumption(shared, prover, actor, role, {
    sourceIdentity: anyText,
    tags: tagsAsked(shared, actor, role),
  })
  if (fitting !== undefined && 'witness' in fitting)
    for (const { context } of fitting.witness.requests) {
      const value = context.get('sts:sourceidentity')
      if (typeof value === 'string') found.add(value)
    }
  return [...found].flatMap((first) => identitiesFor(shared.identities, first))
}

const anyText = { is: 'any' } as const

/** Transitive tags of any kind, if a condition asks for them. */
function tagsAsked(shared: Shared, actor: Actor, role: Role): AssumeOptions['tags'] {
  return asksForTransitiveTags(shared, actor, role) ? anyText : undefined
}

/** Whether a condition asks which session tags are transitive. */
function asksForTransitiveTags(shared: Shared, actor: Actor, role: Role): boolean {
  return readsKey(shared, actor, role, /^sts:TransitiveTagKeys$/i)
}

/** Session tags with which an actor is let in, of which some are transitive. */
function tagsThatFit(
  shared: Shared,
  prover: Prover,
  actor: Actor,
  role: Role,
  sourceIdentity: string | undefined,
): TransitiveTags | undefined {
  const fitting = assumption(shared, prover, actor, role, { sourceIdentity, tags: anyText })
  if (fitting === undefined || !('witness' in fitting)) return undefined
  const contexts = fitting.witness.requests.map(({ context }) => context)
  const values = new Map(contexts.flatMap((context) => [...context.entries()]))
  const keys = listOf(values.get('sts:transitivetagkeys'))
  if (keys.length === 0) return undefined
  const all = new Map<string, readonly [string, string]>()
  for (const key of [...keys, ...listOf(values.get('aws:tagkeys'))]) all.set(key.toLowerCase(), [key, 'omen'])
  for (const [name, value] of values) {
    if (!name.startsWith('aws:requesttag/') || typeof value !== 'string') continue
    const key = name.slice('aws:requesttag/'.length)
    all.set(key, [all.get(key)?.[0] ?? key, value])
  }
  const tags = Object.fromEntries(all.values())
  if (Object.keys(tags).some((key) => isPassedOn(actor.variant.carried, `/${key}`))) return undefined
  const isTransitive = new Set(keys.map((key) => key.toLowerCase()))
  const transitive = Object.entries(tags).filter(([key]) => isTransitive.has(key.toLowerCase()))
  return { is: 'these', all: tags, transitive: Object.fromEntries(transitive) }
}

function listOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value]
  return Array.isArray(value) ? value.flatMap((each) => (typeof each === 'string' ? each : [])) : []
}

/** Tags that conditions about later sessions ask for, one each; none if a tag is passed on already. */
function tagsWorthPassing(shared: Shared, actor: Actor, role: Role): readonly TransitiveTags[] {
  if (actor.variant.carried.tags !== undefined || !shared.trustNames(role, 'sts:TagSession')) return []
  const { tagsWanted } = shared.neighbours.of(role.account) ?? shared
  return tagsWanted.map(([key, value]) => {
    const tags = { [key]: value }
    return { is: 'these', all: tags, transitive: tags }
  })
}

/** Whether the caller passes on a tag of this key: then the call cannot pass it. [STS-12] */
function isPassedOn({ tags = {} }: Carried, key: string): boolean {
  const name = key.slice(key.indexOf('/') + 1).toLowerCase()
  return Object.keys(tags).some((each) => each.toLowerCase() === name)
}

/** Whether a source identity may help: the trust policy lets it be set, and a condition names it. */
function asksForIdentity(shared: Shared, actor: Actor, role: Role): boolean {
  return (
    shared.trustNames(role, 'sts:SetSourceIdentity') &&
    readsKey(shared, actor, role, /^(?:sts|aws):SourceIdentity$/i)
  )
}

/** What policies of the account of a role ask of its sessions. */
function wantedOf(shared: Shared, role: Role): readonly SessionGift[] {
  const own = role.account === shared.world.account ? shared : shared.neighbours.of(role.account)
  return (own ?? shared).wantedOfSessions(role)
}

function techniqueFor({ key }: SessionGift): string | undefined {
  if (key === 'name') return 'trust.assume-role'
  return key === 'aws:SourceIdentity' ? undefined : 'lift.session-tags'
}

/** The roles whose trust policy names an actor, or names its account while an Allow of the actor names the role. */
export function assumable(question: Omit<UseQuestion, 'technique' | 'prover'>): Iterable<Role> {
  const { shared, actor, only } = question
  const { index, neighbours } = shared
  const { person: self, outside } = actor.variant
  if (outside !== undefined) return outside.roles.filter(({ isServiceLinked }) => !isServiceLinked)
  const found = new Set<Role>()
  const { isOnlyTagged } = actor.variant
  const isWanted = (role: Role): boolean =>
    role.arn !== self.arn &&
    !role.isServiceLinked &&
    (only === undefined || role === only) &&
    question.isWanted?.(role) !== false &&
    (!isOnlyTagged || /PrincipalTag/i.test(role.trust?.policy.text ?? ''))
  for (const role of index.namingPrincipal(self)) if (isWanted(role)) found.add(role)
  for (const role of neighbours.naming(self)) if (isWanted(role)) found.add(role)
  const heads = shared.heads(actor, 'sts:AssumeRole')
  if (heads.length === 0) return found
  for (const role of neighbours.trustingRoles(self.account, heads))
    if (isWanted(role) && shared.match(actor, 'sts:AssumeRole', role.arn).isAllowed) found.add(role)
  const trusting = index.trustingAccount(self.account)
  const named = index.roles.startingWith(heads)
  for (const role of trusting.size < named.length ? trusting : named)
    if (
      role.type === 'role' &&
      isWanted(role) &&
      trusting.has(role) &&
      shared.match(actor, 'sts:AssumeRole', role.arn).isAllowed
    )
      found.add(role)
  return found
}

function assumption(
  shared: Shared,
  prover: Prover,
  actor: Actor,
  role: Role,
  asked: Pick<AssumeOptions, 'sourceIdentity' | 'tags'>,
): Finding {
  let best: Finding
  // Session tags help only where a condition names them.
  const isTagged = readsKey(shared, actor, role, /^aws:(?:RequestTag\/|TagKeys$)|^sts:TransitiveTagKeys$/i)
  for (const session of sessionsOf(shared, actor)) {
    for (const hasTags of isTagged && asked.tags === undefined ? [false, true] : [false]) {
      const options = { session, hasTags, ...asked }
      const found = prover.proveAsked(
        (mfa) => prover.questions.assuming(actor, role, { ...options, mfa }),
        actor,
      )
      best = better(best, found)
      if (best?.verdict === 'proven') return best
    }
  }
  const isPlain =
    asked.tags === undefined &&
    asked.sourceIdentity === undefined &&
    actor.variant.carried.sourceIdentity === undefined
  if (best !== undefined || !isPlain || !asksForIdentity(shared, actor, role)) return best
  // What stops the source identity that is asked for.
  const withIdentity = assumption(shared, prover, actor, role, { sourceIdentity: anyText })
  return withIdentity?.verdict === 'blocked' ? withIdentity : undefined
}

/** Whether a condition about the call names a key. */
function readsKey({ questions }: Shared, { variant }: Actor, role: Role, pattern: RegExp): boolean {
  const { identity, boundary, scp = [] } = variant.policies
  for (const layer of [identity, boundary, ...scp, ...(questions.rcpsOfAccount(role.account)?.rcp ?? [])])
    for (const { statement } of layer?.candidates('sts:AssumeRole').all ?? [])
      if (statement.condition.some(({ key }) => pattern.test(key))) return true
  const statements = role.trust?.policy.statements ?? []
  return statements.some(({ condition }) => condition.some(({ key }) => pattern.test(key)))
}

/** The attacker names its sessions: a trust policy may name one. */
function sessionsOf({ index, neighbours }: Shared, { variant, form }: Actor): readonly string[] {
  const { person } = variant
  if (person.type !== 'role' || form === 'service') return [sessionName]
  const prefix = `:assumed-role/${person.name}/`
  const named = new Set<string>()
  const naming = [...index.namingSessions(person), ...neighbours.namingSessions(person)]
  for (const { trust } of naming) {
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
        ...prover.questions.assume(actor, role, { mfa, own: true }),
      ]
      const outcome = held(role, 'assumed', actor.variant.carried)
      return [{ binding: { target: role, more, moreKey: 'own' }, outcome, to: role.arn }]
    }),
  )
}

/** Roles whose identity provider the attacker changes. */
export function federationUses(question: UseQuestion): Iterable<OwnUse> {
  const { shared, technique, actor, prover, only, isWanted } = question
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
      role.arn === self.arn || (only !== undefined && role !== only) || isWanted?.(role) === false
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
  const { technique, actor, prover } = question
  const bound = thingsOf(question)
  const services = technique.trusts?.type === 'service' ? [technique.trusts.name] : undefined
  for (const administration of passable({ ...question, only: undefined, isWanted: undefined }, services)) {
    const worn: Actor = { variant: prover.variantOf(administration), form: 'service' }
    for (const execution of assumable({ ...question, actor: worn })) {
      const more = (): readonly Asked[] => [...prover.questions.assume(worn, execution, { mfa: false })]
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
