import { wildcardMatcher } from '@omen-iam/policy'
import type { Technique } from '../../authorization/catalogue/index.ts'
import { better, type Finding } from '../proof/finding.ts'
import type { Prover } from '../proof/prove.ts'
import type { Shared } from '../relevance/shared.ts'
import { held } from '../request/binding.ts'
import { type Carried, carriedWith, passedOn } from '../request/carried.ts'
import { sessionName } from '../request/form.ts'
import { conditionsAbout } from '../request/statements.ts'
import type { Actor, AnyTags, AssumeOptions, SessionTags } from '../request/trust-question.ts'
import type { Role } from '../world/world.ts'
import type { OwnUse, UseQuestion } from './targets.ts'

/** The roles whose trust policy names an actor, or names its account while an Allow of the actor names the role. */
export function assumable(question: Omit<UseQuestion, 'technique' | 'prover'>): Iterable<Role> {
  const { shared, actor, only } = question
  const { index, neighbours } = shared
  const { person: self, outside } = actor.variant
  if (outside !== undefined) return outside.roles.filter(({ isServiceLinked }) => !isServiceLinked)
  const naming = [...index.namingPrincipal(self), ...neighbours.naming(self)]
  const heads = question.names === true ? [] : shared.heads(actor, 'sts:AssumeRole')
  if (naming.length === 0 && heads.length === 0) return []
  const found = new Set<Role>()
  const { isOnlyTagged } = actor.variant
  const isWanted = (role: Role): boolean =>
    role.arn !== self.arn &&
    !role.isServiceLinked &&
    (only === undefined || role === only) &&
    (question.names !== false || !naming.includes(role)) &&
    question.isWanted?.(role) !== false &&
    (!isOnlyTagged || /PrincipalTag/i.test(role.trust?.policy.text ?? ''))
  if (question.names !== false) for (const role of naming) if (isWanted(role)) found.add(role)
  if (heads.length === 0) return found
  for (const role of neighbours.trustingRoles(self.account, heads))
    if (isWanted(role) && shared.allows(actor, 'sts:AssumeRole', role.arn)) found.add(role)
  const trusting = shared.index.trustingAccount(self.account)
  const named = shared.index.roles.startingWith(heads)
  for (const role of trusting.size < named.length ? trusting : named)
    if (
      role.type === 'role' &&
      isWanted(role) &&
      trusting.has(role) &&
      shared.allows(actor, 'sts:AssumeRole', role.arn)
    )
      found.add(role)
  return found
}

/** A call of AssumeRole: what it asks for, and the session that comes of it. */
export function assuming(
  shared: Shared,
  prover: Prover,
  technique: Technique,
  actor: Actor,
  role: Role,
  sourceIdentity: string | undefined,
  tags?: SessionTags,
  name?: string,
): OwnUse {
  // Which source identity a role takes may depend on who calls.
  const caller = role.trust?.policy.text.includes('${') === true ? actor.variant.person.arn : ''
  const identityKey = sourceIdentity === undefined ? 'assume' : `assume as ${sourceIdentity} ${caller}`
  const tagKey = tags === undefined ? identityKey : `${identityKey} ${JSON.stringify(tags)} ${caller}`
  const moreKey = name === undefined ? tagKey : `${tagKey} named ${name} ${caller}`
  const session = sessionOf(shared, actor, role, sourceIdentity, tags)
  return {
    technique,
    use: {
      binding: { target: role, moreKey },
      outcome: held(role, 'assumed', name === undefined ? session : { ...session, name }),
      to: role.arn,
    },
    prove: (target) =>
      assumption(shared, prover, actor, target?.type === 'role' ? target : role, {
        sourceIdentity,
        tags,
        name,
      }),
  }
}

/** Returns the contents of the new session. Tags of this session alone count only if a policy reads them. */
function sessionOf(
  shared: Shared,
  { variant }: Actor,
  role: Role,
  sourceIdentity: string | undefined,
  tags: SessionTags | undefined,
): Carried {
  const before = passedOn(variant.carried)
  const passed = sourceIdentity === before.sourceIdentity ? before : { ...before, sourceIdentity }
  if (tags === undefined) return passed
  const own = (shared.neighbours.of(role.account) ?? shared).classes.tags
  const read = new Set([...own.keys].map((key) => key.toLowerCase()))
  const session = Object.entries(tags.all).filter(
    ([key]) => tags.transitive[key] === undefined && read.has(key.toLowerCase()),
  )
  const transitive = Object.keys(tags.transitive).length === 0 ? passed : carriedWith(passed, tags.transitive)
  return session.length === 0 ? transitive : { ...transitive, session: Object.fromEntries(session) }
}

/** Returns the finding about a call of AssumeRole. */
export function assumption(
  shared: Shared,
  prover: Prover,
  actor: Actor,
  role: Role,
  asked: Pick<AssumeOptions, 'sourceIdentity' | 'tags' | 'name'>,
): Finding {
  let best: Finding
  for (const session of sessionsOf(shared, actor)) {
    const options = { session, ...asked }
    const found = prover.proveAsked(
      (mfa, caller) => prover.questions.assuming(caller, role, { ...options, mfa }),
      actor,
    )
    best = better(best, found)
    if (best?.verdict === 'proven') return best
  }
  const isPlain = asked.tags === undefined && asked.sourceIdentity === undefined && asked.name === undefined
  return best !== undefined || !isPlain ? best : obstacleOf(shared, prover, actor, role)
}

/** Returns the obstacle to the session tags or the source identity that a role asks for. */
function obstacleOf(shared: Shared, prover: Prover, actor: Actor, role: Role): Finding {
  const asksIdentity =
    actor.variant.carried.sourceIdentity === undefined && asksForIdentity(shared, actor, role)
  const tags = tagsAsked(shared, actor, role)
  const more = [
    ...(tags === undefined ? [] : [{ tags }]),
    ...(asksIdentity ? [{ sourceIdentity: anyText, tags }] : []),
  ]
  for (const each of more) {
    const found = assumption(shared, prover, actor, role, each)
    if (found !== undefined && !('witness' in found)) return found
  }
  return undefined
}

/** A source identity that the attacker chooses. */
export const anyText = { is: 'any' } as const

/** Session tags of any kind, if a condition asks for them. */
export function tagsAsked(shared: Shared, actor: Actor, role: Role): AnyTags | undefined {
  if (!readsKey(shared, actor, role, tagKeys)) return undefined
  return { is: 'any', isTransitive: readsKey(shared, actor, role, /^sts:TransitiveTagKeys$/i) }
}

const tagKeys = /^aws:(?:RequestTag\/|TagKeys$)|^sts:TransitiveTagKeys$/i

/** Whether a source identity may help: the trust policy lets it be set, and a condition names it. */
export function asksForIdentity(shared: Shared, actor: Actor, role: Role): boolean {
  return (
    shared.trustNames(role, 'sts:SetSourceIdentity') &&
    readsKey(shared, actor, role, /^(?:sts|aws):SourceIdentity$/i)
  )
}

/** Whether a condition about the call names a key. */
export function readsKey({ questions }: Shared, { variant }: Actor, role: Role, pattern: RegExp): boolean {
  const reads = ({ key }: { readonly key: string }): boolean => pattern.test(key)
  return (
    [variant.policies, questions.rcpsOfAccount(role.account)].some(
      (policies) => policies !== undefined && conditionsAbout(policies, 'sts:AssumeRole').some(reads),
    ) || role.trust?.policy.statements.some(({ condition }) => condition.some(reads)) === true
  )
}

/** The attacker names its sessions: a trust policy may name one. */
function sessionsOf(shared: Shared, { variant, form }: Actor): readonly string[] {
  const { index, neighbours } = shared
  const { person } = variant
  if (person.type !== 'role' || form === 'service') return [variant.sessionName ?? sessionName]
  // Where names are limited, a session has another name only if it is made with that name.
  const isOfToken = variant.carried.token !== undefined
  const isFree = variant.isStart === true || isOfToken || !shared.reading.limitsSessionNames
  if (!isFree || variant.carried.name !== undefined) return [variant.sessionName ?? sessionName]
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
  const possible = isOfToken ? [...named].filter((name) => mayBeNamed(person, name)) : named
  return [variant.sessionName ?? sessionName, ...possible]
}

/** Whether an Allow of a trust policy lets a session have a name, as far as it limits names. */
function mayBeNamed({ trust }: Role, name: string): boolean {
  return (trust?.policy.statements ?? []).some(
    ({ effect, condition }) =>
      effect === 'Allow' &&
      condition.every(
        ({ key, operator, values }) =>
          !/^sts:RoleSessionName$/i.test(key) ||
          !/^String(?:Equals|Like)$/i.test(operator) ||
          values.some(({ value }) => wildcardMatcher(value)(name)),
      ),
  )
}
