import { wildcardMatcher } from '@omen-iam/policy'
import { better, type Finding } from '../proof/finding.ts'
import type { Shared } from '../relevance/shared.ts'
import { held } from '../request/binding.ts'
import { sessionName } from '../request/caller.ts'
import { type Carried, carriedWith, passedOn } from '../request/carried.ts'
import { conditionsAbout } from '../request/statements.ts'
import type { AnyTags, AssumeOptions, SessionTags } from '../request/trust-question.ts'
import type { Principal, Role } from '../world/world.ts'
import type { OwnUse, UseQuestion } from './targets.ts'

/** The roles whose trust policy names an actor, or names its account while an Allow of the actor names the role. */
export function assumable(question: Omit<UseQuestion, 'technique' | 'prover'>): Iterable<Role> {
  const { shared, actor, only } = question
  const { index, neighbours } = shared
  const { principal: self, outside } = actor.variant
  if (outside !== undefined) return outside.roles.filter(({ isServiceLinked }) => !isServiceLinked)
  const naming = [...index.namingPrincipal(self), ...neighbours.naming(self)]
  const heads = question.names === true ? [] : shared.heads(actor, 'sts:AssumeRole')
  if (naming.length === 0 && heads.length === 0) return []
  const isWanted = (role: Role): boolean =>
    role.arn !== self.arn &&
    !role.isServiceLinked &&
    (only === undefined || role === only) &&
    (question.names !== false || !naming.includes(role)) &&
    question.isWanted?.(role) !== false
  const found = new Set(question.names === false ? [] : naming.filter(isWanted))
  if (heads.length === 0) return found
  const trusting = index.trustingAccount(self.account)
  const named = index.roles.startingWith(heads)
  const isTrusting = (principal: Principal): principal is Role =>
    principal.type === 'role' && trusting.has(principal)
  const own = trusting.size < named.length ? trusting : named.filter(isTrusting)
  for (const role of [...neighbours.trustingRoles(self.account, heads), ...own])
    if (isWanted(role) && shared.allows(actor, 'sts:AssumeRole', role.arn)) found.add(role)
  return found
}

/** A caller, and a role that it may assume. */
export interface RoleCall extends Pick<UseQuestion, 'shared' | 'prover' | 'actor'> {
  readonly role: Role
}

/** The demands of a call of AssumeRole. */
interface SessionAsked {
  readonly sourceIdentity?: string | undefined
  readonly tags?: SessionTags | undefined
  readonly name?: string | undefined
}

/** A call of AssumeRole: what it asks for, and the session that comes of it. */
export function assuming(
  question: RoleCall & Pick<UseQuestion, 'technique'>,
  { sourceIdentity, tags, name }: SessionAsked,
): OwnUse {
  const { technique, actor, role } = question
  // Which source identity a role takes may depend on who calls.
  const caller = role.trust?.policy.text.includes('${') === true ? actor.variant.principal.arn : ''
  const identityKey = sourceIdentity === undefined ? 'assume' : `assume as ${sourceIdentity} ${caller}`
  const tagKey = tags === undefined ? identityKey : `${identityKey} ${JSON.stringify(tags)} ${caller}`
  const moreKey = name === undefined ? tagKey : `${tagKey} named ${name} ${caller}`
  const session = sessionOf(question, sourceIdentity, tags)
  return {
    technique,
    use: {
      binding: { target: role, moreKey },
      outcome: held(role, 'assumed', name === undefined ? session : { ...session, name }),
      to: role.arn,
    },
    prove: (target, by = actor) =>
      assumption(
        { ...question, actor: by, role: target?.type === 'role' ? target : role },
        { sourceIdentity, tags, name },
      ),
  }
}

/** Returns the contents of the new session. Tags of this session alone count only if a policy reads them. */
function sessionOf(
  { shared, actor, role }: RoleCall,
  sourceIdentity: string | undefined,
  tags: SessionTags | undefined,
): Carried {
  const before = passedOn(actor.variant.carried)
  const passed = sourceIdentity === before.sourceIdentity ? before : { ...before, sourceIdentity }
  if (tags === undefined) return passed
  const read = new Set([...sharedOf(shared, role).classes.tags.keys].map((key) => key.toLowerCase()))
  const session = Object.entries(tags.all).filter(
    ([key]) => tags.transitive[key] === undefined && read.has(key.toLowerCase()),
  )
  const transitive = Object.keys(tags.transitive).length === 0 ? passed : carriedWith(passed, tags.transitive)
  return session.length === 0 ? transitive : { ...transitive, session: Object.fromEntries(session) }
}

/** The account that a role is in. */
export function sharedOf(shared: Shared, { account }: Principal): Shared {
  return account === shared.world.account ? shared : (shared.neighbours.of(account) ?? shared)
}

/** Returns the finding about a call of AssumeRole. */
export function assumption(
  call: RoleCall,
  asked: Pick<AssumeOptions, 'sourceIdentity' | 'tags' | 'name'>,
): Finding {
  const { prover, actor, role } = call
  let best: Finding
  for (const session of sessionsOf(call)) {
    const options = { session, ...asked }
    const found = prover.proveAsked((caller) => prover.questions.assuming(caller, role, options), actor)
    best = better(best, found)
    if (best?.verdict === 'proven') return best
  }
  const isPlain = asked.tags === undefined && asked.sourceIdentity === undefined && asked.name === undefined
  return best !== undefined || !isPlain ? best : obstacleOf(call)
}

/** Returns the obstacle to the session tags or the source identity that a role asks for. */
function obstacleOf(call: RoleCall): Finding {
  const tags = tagsAsked(call)
  const isIdentityAsked = call.actor.variant.carried.sourceIdentity === undefined && asksForIdentity(call)
  const more = [
    ...(tags === undefined ? [] : [{ tags }]),
    ...(isIdentityAsked ? [{ sourceIdentity: anyText, tags }] : []),
  ]
  for (const each of more) {
    const found = assumption(call, each)
    if (found !== undefined && !('witness' in found)) return found
  }
  return undefined
}

/** A source identity that the attacker chooses. */
export const anyText = { is: 'any' } as const

/** Session tags of any kind, if a condition asks for them. */
export function tagsAsked(call: RoleCall): AnyTags | undefined {
  if (!readsKey(call, tagKeys)) return undefined
  return { is: 'any', isTransitive: readsKey(call, /^sts:TransitiveTagKeys$/i) }
}

const tagKeys = /^aws:(?:RequestTag\/|TagKeys$)|^sts:TransitiveTagKeys$/i

/** Whether a source identity may help: the trust policy lets it be set, and a condition names it. */
export function asksForIdentity(call: RoleCall): boolean {
  return (
    call.shared.trustNames(call.role, 'sts:SetSourceIdentity') &&
    readsKey(call, /^(?:sts|aws):SourceIdentity$/i)
  )
}

/** Whether a condition about the call names a key. */
export function readsKey({ shared, actor, role }: Omit<RoleCall, 'prover'>, pattern: RegExp): boolean {
  const reads = ({ key }: { readonly key: string }): boolean => pattern.test(key)
  const all = [actor.variant.policies, shared.questions.rcpsOfAccount(role.account)]
  return (
    all.some((each) => each !== undefined && conditionsAbout(each, 'sts:AssumeRole').some(reads)) ||
    role.trust?.policy.statements.some(({ condition }) => condition.some(reads)) === true
  )
}

/** The attacker names its sessions: a trust policy may name one. */
function sessionsOf({ shared, actor: { variant, form } }: RoleCall): readonly string[] {
  const { index, neighbours } = shared
  const { principal } = variant
  const own = variant.carried.name ?? sessionName
  if (principal.type !== 'role' || form === 'service') return [own]
  // Where names are limited, a session has another name only if it is made with that name.
  const isOfToken = variant.carried.token !== undefined
  const isFree = variant.isStart === true || isOfToken || !shared.reading.reads('sessionNames')
  if (!isFree || variant.carried.name !== undefined) return [own]
  const prefix = `:assumed-role/${principal.name}/`
  const named = new Set<string>()
  const naming = [...index.namingSessions(principal), ...neighbours.namingSessions(principal)]
  for (const { trust } of naming) {
    for (const statement of trust?.policy.statements ?? []) {
      for (const { value } of statement.principal?.entries ?? []) {
        const at = value.indexOf(prefix)
        if (at !== -1 && named.size < 10) named.add(value.slice(at + prefix.length))
      }
    }
  }
  const possible = isOfToken ? [...named].filter((name) => mayBeNamed(principal, name)) : named
  return [own, ...possible]
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
