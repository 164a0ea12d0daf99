import type { Finding } from '../proof/finding.ts'
import type { Outline } from '../relevance/shared.ts'
import { signatureOf } from '../relevance/signature.ts'
import { held } from '../request/binding.ts'
import { sessionName } from '../request/caller.ts'
import { type Carried, passedOn, type SessionGift, withTags } from '../request/carried.ts'
import { giftsName } from '../request/change.ts'
import { identitiesFor, isTag, tagsOfGifts } from '../request/session-gifts.ts'
import type { SessionTags } from '../request/trust-question.ts'
import type { Role } from '../world/world.ts'
import {
  anyText,
  asksForIdentity,
  assumable,
  assuming,
  assumption,
  type RoleCall,
  sharedOf,
  tagsAsked,
} from './assumption.ts'
import { namesOf, wantedOf } from './session-names.ts'
import type { OwnUse, UseQuestion } from './targets.ts'

/** Every role that an actor may assume, by the trust policies as they are. */
export function* assumptions(question: UseQuestion): Generator<OwnUse> {
  for (const role of assumable(question))
    for (const name of namesOf({ ...question, role })) yield* assumptionsOf({ ...question, role, name })
}

/** The ways to assume one role, in sessions of one name. */
function* assumptionsOf(question: Named): Generator<OwnUse> {
  const { shared, actor, name } = question
  const own = actor.variant.carried.sourceIdentity
  const use = (sourceIdentity: string | undefined, tags?: SessionTags): OwnUse =>
    assuming(question, { sourceIdentity, tags, name })
  const plain = use(own)
  yield plain
  for (const tags of tagsWorthPassing(question, {})) yield use(own, tags)
  const asksTags = tagsAsked(question) !== undefined
  const asksIdentity = own === undefined && asksForIdentity(question)
  if (!asksTags && !asksIdentity) return
  const found = shared.found(signatureOf(question, plain.use.binding), plain.prove)
  // A session that passes nothing on is the better one.
  if (found?.verdict === 'proven') return
  const wanted = asksIdentity ? wantedIdentities(question) : []
  const identities = asksIdentity ? identitiesOf(question) : []
  for (const identity of identities) if (!wanted.includes(identity)) yield use(identity)
  if (!asksTags) return
  for (const identity of new Set([own, ...identities, ...wanted]))
    for (const tags of tagsThatFit({ ...question, identity }, found)) yield use(identity, tags)
}

/** Yields the gifts that an actor can make to sessions of roles that it assumes, where a policy asks for them. */
export function* sessionUses(question: UseQuestion): Generator<OwnUse> {
  const { shared, technique, actor, only } = question
  const own = actor.variant.carried.sourceIdentity
  const isOfIdentity = technique.id === 'trust.set-source-identity'
  if (isOfIdentity ? own !== undefined : only !== undefined) return
  if (technique.id === 'trust.assume-role' && !shared.reading.reads('userIds')) return
  const action = isOfIdentity ? 'sts:SetSourceIdentity' : (technique.needs.at(-1)?.action ?? '')
  for (const role of assumable(question)) {
    if (!shared.trustNames(role, action)) continue
    const call = { ...question, role }
    if (isOfIdentity) {
      for (const sourceIdentity of wantedIdentities(call)) yield assuming(call, { sourceIdentity })
      continue
    }
    const asked = own === undefined && asksForIdentity(call) ? identitiesOf(call) : []
    for (const identity of [own, ...asked])
      for (const name of namesOf(call)) yield* giftUses({ ...call, identity, name })
  }
}

/** A role, and the name that its session gets. */
interface Named extends UseQuestion {
  readonly role: Role
  /** Undefined: any. */
  readonly name: string | undefined
}

/** The same with the source identity that the session gets. */
interface Identified extends Named {
  readonly identity: string | undefined
}

/** Sessions with a name or tags that a policy asks for: each gift alone, and those that are wanted together. */
function* giftUses(question: Identified): Generator<OwnUse> {
  const { shared, technique, actor, role } = question
  const { carried } = actor.variant
  const { gifts, together } = wantedOf(shared, role)
  const isOwn = (set: readonly SessionGift[]): boolean =>
    techniqueFor(set) === technique.id &&
    !set.some(({ key }) => (isTag(key) ? isPassedOn(carried, key) : question.name !== undefined))
  const given: SessionGift[] = []
  for (const gift of gifts) {
    const set = [gift]
    if (!isOwn(set)) continue
    const use = giving(question, set)
    yield use
    const found = shared.found(signatureOf(question, use.use.binding), use.prove)
    if (found?.verdict === 'proven') {
      if (!given.some((other) => other.key === gift.key)) given.push(gift)
    } else yield* withMoreTags(question, set)
  }
  const names = new Set<string>()
  for (const set of [...together, given]) {
    if (set.length < 2 || !isOwn(set) || names.has(giftsName(set))) continue
    names.add(giftsName(set))
    yield giving(question, set)
  }
}

/** The same with further tags, if the role asks for more than is given. */
function* withMoreTags(question: Identified, gifts: readonly SessionGift[]): Generator<OwnUse> {
  const asked = tagsAsked(question)
  if (asked === undefined) return
  const fixed = tagsOfGifts(gifts)
  const name = question.name ?? nameIn(gifts)
  const options = { sourceIdentity: question.identity, name, tags: { ...asked, fixed } }
  const tags = sessionTagsIn(assumption(question, options), fixed)
  const more = Object.entries(tags?.all ?? {}).filter(([key]) => fixed[key] === undefined)
  if (tags === undefined || more.length === 0 || Object.keys(tags.transitive).length > 0) return
  if (more.some(([key]) => isPassedOn(question.actor.variant.carried, `/${key}`))) return
  const further = more.map(([key, value]) => ({ key: `aws:PrincipalTag/${key}`, value }))
  yield giving(question, [...gifts, ...further])
}

function nameIn(gifts: readonly SessionGift[]): string | undefined {
  return gifts.find(({ key }) => key === 'name')?.value
}

/** A call that gives a session a name, tags, or both. */
function giving(
  { prover, technique, actor, role, identity, name }: Identified,
  gifts: readonly SessionGift[],
): OwnUse {
  const all = tagsOfGifts(gifts)
  const isTagged = Object.keys(all).length > 0
  const called = name ?? nameIn(gifts)
  const carried: Carried = {
    ...passedOn(actor.variant.carried),
    ...(identity === undefined ? {} : { sourceIdentity: identity }),
    ...(called === undefined ? {} : { name: called }),
    ...(isTagged ? { session: all } : {}),
  }
  const options = {
    session: actor.variant.carried.name ?? sessionName,
    sourceIdentity: identity,
    name: called,
    tags: isTagged ? ({ is: 'these', all, transitive: {} } as const) : undefined,
  }
  return {
    technique,
    use: {
      binding: { target: role, moreKey: `${giftsName(gifts)} ${identity ?? ''} ${name ?? ''}` },
      outcome: held(role, 'assumed', carried),
      to: role.arn,
    },
    prove: (target, by = actor) => {
      const now = target?.type === 'role' ? target : role
      return prover.proveAsked((caller) => prover.questions.assuming(caller, now, options), by)
    },
  }
}

function wantedIdentities({ shared, role }: RoleCall): readonly string[] {
  return wantedOf(shared, role).gifts.flatMap(({ key, value }) =>
    key === 'aws:SourceIdentity' ? [value] : [],
  )
}

/** Source identities with which an actor may be let in: one that fits, and those that roles after this one ask for. */
function identitiesOf(call: RoleCall): readonly string[] {
  const fitting = assumption(call, { sourceIdentity: anyText, tags: tagsAsked(call) })
  const requests = fitting !== undefined && 'witness' in fitting ? fitting.witness.requests : []
  const found = new Set(requests.map(({ context }) => context.get('sts:sourceidentity')))
  return [...found].flatMap((first) =>
    typeof first === 'string' ? identitiesFor(call.shared.reading.identities, first) : [],
  )
}

/**
 * Session tags with which an actor is let in where it is not let in without: those that are asked for, and with them
 * those that conditions about this session and later ones ask for.
 */
function* tagsThatFit(question: Identified, plain: Outline | undefined): Generator<SessionTags> {
  const { shared, actor, role, identity, name } = question
  const asked = tagsAsked(question)
  if (asked === undefined) return
  const fitting = assumption(question, { sourceIdentity: identity, tags: asked, name })
  const isFound = plain !== undefined && plain.verdict !== 'blocked'
  if (isFound && !isBetter(fitting, plain)) return
  const tags = sessionTagsIn(fitting)
  if (tags === undefined) return
  const { carried } = actor.variant
  const isFree = (key: string): boolean => !isPassedOn(carried, `/${key}`)
  if (!Object.keys(tags.all).every(isFree)) return
  yield tags
  const { gifts, together } = wantedOf(shared, role)
  for (const set of [...gifts.map((gift) => [gift]), ...together]) {
    const given = tagsOfGifts(set)
    const keys = Object.keys(given)
    if (keys.length === 0 || !keys.every(isFree)) continue
    const all = withTags(tags.all, given)
    yield { is: 'these', all, transitive: among(all, tags.transitive) }
  }
  yield* tagsWorthPassing(question, tags.all)
}

/** Returns the tags whose keys some others have. */
function among(
  tags: Readonly<Record<string, string>>,
  others: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(tags).filter(([key]) => isPassedOn({ tags: others }, `/${key}`)))
}

function isBetter(finding: Finding, plain: Outline): boolean {
  if (finding === undefined || finding.verdict === 'blocked') return false
  if (finding.verdict === 'proven') return true
  if (plain.verdict === 'undecided') return finding.verdict === 'conditional'
  return finding.verdict === 'conditional' && finding.residual.length < plain.residual.length
}

/** The session tags of a call as it was found. */
export function sessionTagsIn(
  fitting: Finding,
  fixed: Readonly<Record<string, string>> = {},
): SessionTags | undefined {
  if (fitting === undefined || !('witness' in fitting)) return undefined
  const contexts = fitting.witness.requests.map(({ context }) => context)
  const values = new Map(contexts.flatMap((context) => [...context.entries()]))
  const keys = listOf(values.get('sts:transitivetagkeys'))
  const all = new Map<string, readonly [string, string]>()
  for (const key of Object.keys(fixed)) all.set(key.toLowerCase(), [key, ''])
  for (const key of [...keys, ...listOf(values.get('aws:tagkeys'))])
    if (!all.has(key.toLowerCase())) all.set(key.toLowerCase(), [key, 'omen'])
  for (const [name, value] of values) {
    if (!name.startsWith('aws:requesttag/') || typeof value !== 'string') continue
    const key = name.slice('aws:requesttag/'.length)
    all.set(key, [all.get(key)?.[0] ?? key, value])
  }
  if (all.size === 0) return undefined
  const isTransitive = new Set(keys.map((key) => key.toLowerCase()))
  const transitive = [...all.values()].filter(([key]) => isTransitive.has(key.toLowerCase()))
  return { is: 'these', all: Object.fromEntries(all.values()), transitive: Object.fromEntries(transitive) }
}

function listOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value]
  return Array.isArray(value) ? value.flatMap((each) => (typeof each === 'string' ? each : [])) : []
}

/** Tags that conditions about later sessions ask for, one each, beside others; none if a tag is passed on already. */
function tagsWorthPassing(
  { shared, actor, role }: RoleCall,
  others: Readonly<Record<string, string>>,
): readonly SessionTags[] {
  if (actor.variant.carried.tags !== undefined || !shared.trustNames(role, 'sts:TagSession')) return []
  const { tagsWanted } = sharedOf(shared, role).reading
  const asked = Object.entries(others).filter(([key]) =>
    tagsWanted.some(([wanted]) => wanted.toLowerCase() === key.toLowerCase()),
  )
  return [...asked, ...tagsWanted].map(([key, value]) => ({
    is: 'these',
    all: withTags(others, { [key]: value }),
    transitive: { [key]: value },
  }))
}

/** Whether the caller passes on a tag of this key: then the call cannot pass it. [STS-12] */
function isPassedOn({ tags = {} }: Carried, key: string): boolean {
  const name = key.slice(key.indexOf('/') + 1).toLowerCase()
  return Object.keys(tags).some((each) => each.toLowerCase() === name)
}

function techniqueFor(gifts: readonly SessionGift[]): string | undefined {
  if (gifts.some(({ key }) => isTag(key))) return 'lift.session-tags'
  return gifts.every(({ key }) => key === 'name') ? 'trust.assume-role' : undefined
}
