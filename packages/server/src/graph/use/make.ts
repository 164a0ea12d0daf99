import { wildcardMatcher } from '@omen-iam/policy'
import type { Technique, TechniqueNeed } from '../../authorization/catalogue/index.ts'
import { perObject } from '../../base/index.ts'
import { conditionsOf } from '../proof/conditions-of.ts'
import type { Prover } from '../proof/prove.ts'
import type { Shared } from '../relevance/shared.ts'
import { signatureOf } from '../relevance/signature.ts'
import { type Actor, callerFor } from '../request/actor.ts'
import { administratorAccess, held, requirementsOf, type Use } from '../request/binding.ts'
import { passedOn } from '../request/carried.ts'
import { type NewTags, namesOfTags } from '../request/new-tag-keys.ts'
import { absent, type Binding } from '../request/request-keys.ts'
import { tagsOfGifts } from '../request/session-gifts.ts'
import { valueIn } from '../world/lists.ts'
import { unnamed, wantedAndAllowed } from '../world/wanted-names.ts'
import { bareRole, bareUser, nameOfArn, type Principal, type World } from '../world/world.ts'
import { sessionTagsIn } from './assume.ts'
import { type Gift, giftsOf, inForms, mayAsk, plainGifts } from './gifts.ts'
import { maybeNotAssumed, withPassing } from './new-and-passed.ts'
import { namesOfOpened } from './session-names.ts'
import type { OwnUse, UseQuestion } from './targets.ts'

/**
 * New users and new roles that an actor can make, each with what it can be given. The first ones are the best: if one of
 * them is proven, the others give nothing more.
 */
export function* makings(question: UseQuestion): Generator<OwnUse> {
  const { shared, technique, actor, prover, isLetIn, isOutdone, isWanted, isTagged } = question
  const { world } = shared
  const type = technique.effect === 'makesUser' ? 'user' : 'role'
  const boundaries = boundariesOf(shared, actor, technique)
  const wanted = shared.reading.namesWanted(type)
  const { patterns } = wanted
  const start = `arn:${world.partition}:iam::${world.account}:${type}/`
  const own = wantedAndAllowed(wanted, allowedNames(actor, type), start)
  const arns = new Set([...wanted.arns, ...own.filter((arn) => !shared.index.exists(type, arn))])
  const other: NewName = { is: 'other', patterns }
  const names: readonly NewName[] = [...[...arns].map((arn) => ({ is: 'named', arn }) as const), other]
  const gifts = (isLetIn === true ? plainGifts(technique, actor) : giftsOf(shared, technique, actor)).flatMap(
    (gift) => (type === 'user' ? inForms(gift) : [gift]),
  )
  const make = { shared, type, actor, prover, isWanted } as const
  const isRefused = refusals(question)
  if (isTagged !== true)
    for (const made of combinations(make, gifts, boundaries, names))
      if (made.gift === gifts[0] || !isRefused(made)) yield* makingsOf(made)
  if (isLetIn === true) return
  if (isTagged !== false)
    for (const made of taggedMakings(combinations(make, gifts, boundaries, names)))
      if (!isRefused(made)) yield* makingsOf(made)
  if (isTagged === true) return
  const best = gifts.filter((gift) => isBest(gift, undefined))
  for (const lift of boundaries.length > 1 ? liftsOf(actor, type, world) : [])
    for (const made of combinations(make, best, boundaries.slice(1), names))
      if (!isRefused(made)) yield* makingsOf({ ...made, lift })
  if (type === 'role' && maybeNotAssumed(callerFor(actor, 'sts:AssumeRole')))
    for (const made of combinations(make, best, [undefined], [other]))
      for (const whole of isRefused(made) ? [] : withPassing(shared, made.gift.technique))
        if (isOutdone?.(whole) !== true) yield passing(making(made), whole, actor, prover)
}

function* combinations(
  make: Pick<Making, 'shared' | 'type' | 'actor' | 'prover' | 'isWanted'>,
  gifts: readonly Gift[],
  boundaries: readonly (string | undefined)[],
  names: readonly NewName[],
): Generator<Making> {
  for (const gift of gifts)
    for (const boundary of boundaries) for (const name of names) yield { ...make, gift, boundary, name }
}

/**
 * Asks whether the call that makes something is refused whatever is given afterwards: then each gift is. It depends on the
 * boundary, the name and the tags alone.
 */
function refusals({ shared, technique, actor, prover }: UseQuestion): (made: Making) => boolean {
  const alone = callAlone(technique)
  const known = new Map<string, boolean>()
  return (made) => {
    const { boundary, name, tags } = made
    const key = [boundary ?? '', nameKey(name), tags?.with ?? '', tags ? namesOfTags(tags.tags) : ''].join(
      '\n',
    )
    return valueIn(known, key, () => {
      const { use } = making({ ...made, gift: { ...made.gift, technique: alone } })
      const { more: _more, ...rest } = use.binding
      const binding = { ...rest, moreKey: `made ${key}` }
      const question = { shared, prover, technique: alone, actor }
      const find = () => prover.prove(actor, alone, binding)
      const finding = shared.found(signatureOf(question, binding), find, true)
      return finding === undefined || finding.verdict === 'blocked'
    })
  }
}

function nameKey(name: NewName): string {
  return name.is === 'named' ? name.arn : `other ${name.patterns.join()}`
}

/** The technique without what follows the call that makes something. */
const callAlone = perObject(
  (technique: Technique): Technique => ({ ...technique, id: `${technique.id} alone`, ways: [] }),
)

/** A new thing and its maker. */
interface Making {
  readonly shared: Shared
  readonly type: 'user' | 'role'
  readonly actor: Actor
  readonly prover: Prover
  readonly gift: Gift
  readonly boundary: string | undefined
  readonly name: NewName
  readonly lift?: Lift
  readonly tags?: NewTags
  /** The name of the session of a role, if it matters. */
  readonly session?: string | undefined
  readonly isWanted?: UseQuestion['isWanted']
}

/** The ways to make something; a role in a session of each name that counts. */
function* makingsOf(given: Making): Generator<OwnUse> {
  const made = tagsCount(given) ? withOwnTags(given) : given
  const plain = making(made)
  const { outcome } = plain.use
  // The names of its sessions are found by proofs: not for what is not wanted.
  if (outcome.is === 'held' && given.isWanted?.(outcome.principal) === false) return
  const role = outcome.is === 'held' && outcome.principal.type === 'role' ? outcome.principal : undefined
  if (role === undefined) yield plain
  else
    for (const session of namesOfOpened(
      { shared: made.shared, actor: callerFor(made.actor, 'sts:AssumeRole'), role },
      plain.prove,
    ))
      yield session === undefined ? plain : making({ ...made, session })
}

/** Whether what is made may get tags because conditions ask for them, and policies read tags. */
function tagsCount({ shared, type, actor, gift }: Making): boolean {
  if (shared.classes.tags.keys.size === 0) return false
  const actions = [...requirementsOf(gift.technique).map(({ action }) => action), tagger[type]]
  return actions.some((action) => conditionsOf(actor, action).some(({ key }) => tagKey.test(key)))
}

const tagger = { user: 'iam:TagUser', role: 'iam:TagRole' } as const
const tagKey = /^aws:(?:RequestTag\/|TagKeys$)|:ResourceTag\//i

/** The same with the tags that it gets on the way: what it can do then depends on them. */
function withOwnTags(made: Making): Making {
  const finding = making(made).prove()
  const given = made.tags?.tags ?? {}
  const tags = sessionTagsIn(finding, given)?.all ?? {}
  const read = new Set([...made.shared.classes.tags.keys].map((key) => key.toLowerCase()))
  const more = Object.keys(tags).filter((key) => given[key] === undefined && read.has(key.toLowerCase()))
  if (more.length === 0 || finding === undefined || !('witness' in finding)) return made
  const call = finding.witness.requests.find(({ action }) => /^iam:Create(?:User|Role)$/.test(action))
  const isBrought = call?.context.get('aws:tagkeys') !== undefined
  return { ...made, tags: { tags, with: isBrought ? 'making' : 'tagging' } }
}

/** The same with tags that policies ask for of such a principal: they come with it, or it is tagged at once. */
function* taggedMakings(all: Iterable<Making>): Generator<Making> {
  for (const made of all) {
    const { shared, type, actor, gift, boundary } = made
    const areRead = shared.classes.tags.principal.length + shared.reading.comparedTags.length > 0
    if (!areRead || !mayAsk(actor, tagger[type])) return
    // One that may do anything tags itself.
    if (isBest(gift, boundary)) continue
    const { outcome } = making(made).use
    for (const tags of outcome.is === 'held' ? tagsFor(shared, outcome.principal) : [])
      for (const place of ['making', 'tagging'] as const) yield { ...made, tags: { tags, with: place } }
  }
}

/** The sets of tags that policies ask for of a principal: each tag alone, and those that a statement names together. */
function tagsFor(shared: Shared, principal: Principal): readonly NewTags['tags'][] {
  const { gifts, together } = shared.reading.wantedOfSessions(principal)
  const sets = new Map<string, NewTags['tags']>()
  for (const set of [...gifts.map((gift) => [gift]), ...together]) {
    const tags = tagsOfGifts(set)
    if (Object.keys(tags).length > 0) sets.set(namesOfTags(tags), tags)
  }
  return [...sets.values()]
}

/** A new role that a service runs as, instead of being assumed. */
function passing({ use }: OwnUse, technique: Technique, actor: Actor, prover: Prover): OwnUse {
  const { more: _more, ...binding } = use.binding
  const principal = use.outcome.is === 'held' ? use.outcome.principal : undefined
  const outcome = principal === undefined ? use.outcome : held(principal, 'service')
  return {
    technique,
    use: { ...use, binding: { ...binding, moreKey: `${binding.moreKey} ${technique.title}` }, outcome },
    prove: (_, by = actor) => prover.prove(by, technique, binding),
  }
}

/** The way in which a new principal loses the boundary that it is made with. */
interface Lift {
  readonly need: TechniqueNeed
  readonly name: string
  /** The boundary afterwards. */
  readonly after: string
  /** Whether it is taken before policies are written or attached, or after that. */
  readonly isBefore: boolean
}

/** The calls with which an actor may take the boundary from what it makes. */
function liftsOf(actor: Actor, type: 'user' | 'role', world: World): readonly Lift[] {
  const of = type === 'user' ? 'User' : 'Role'
  const on = { is: 'new' } as const
  const wide = administratorAccess(world)
  const all: readonly Omit<Lift, 'isBefore'>[] = [
    { need: { action: `iam:Delete${of}PermissionsBoundary`, on }, name: ' without it', after: absent },
    {
      need: { action: `iam:Put${of}PermissionsBoundary`, on, with: { [boundaryKey]: wide } },
      name: ' with a wide one',
      after: wide,
    },
  ]
  return all
    .filter(({ need: { action } }) => mayAsk(actor, action))
    .flatMap((lift) => [
      { ...lift, isBefore: false },
      { ...lift, name: `${lift.name} at first`, isBefore: true },
    ])
}

/** A technique that takes the boundary away. What is written or attached first is given to what still has it. */
function withLift(technique: Technique, { need, after, isBefore }: Lift): Technique {
  const lifted = (each: TechniqueNeed): TechniqueNeed =>
    giving.test(each.action) ? { ...each, with: { ...each.with, [boundaryKey]: after } } : each
  return {
    ...technique,
    ways: technique.ways.map((way) => ({
      ...way,
      needs: isBefore ? [need, ...way.needs.map(lifted)] : [...way.needs, need],
    })),
  }
}

/** Actions whose requests have the boundary of the principal that is given something. */
const giving = /^iam:(?:Put|Attach)(?:User|Role)Policy$/
const boundaryKey = 'iam:PermissionsBoundary'

/** The resources that Allows of an actor for making a user or a role name. */
function allowedNames(actor: Actor, type: 'user' | 'role'): readonly string[] {
  const action = type === 'user' ? 'iam:CreateUser' : 'iam:CreateRole'
  const allows = callerFor(actor, action).variant.policies.identity?.candidates(action).allow.all
  return (allows ?? []).flatMap(({ statement: { resource } }) =>
    resource === undefined || resource.negated ? [] : resource.values.map(({ value }) => value),
  )
}

/** The name of what is made: one that a condition names, or any other. */
type NewName =
  | { readonly is: 'named'; readonly arn: string }
  | { readonly is: 'other'; readonly patterns: readonly string[] }

/** Whether nothing gives more. */
function isBest({ name }: Gift, boundary: string | undefined): boolean {
  return name === '' && boundary === undefined
}

/** No boundary, and each policy that a condition on iam:PermissionsBoundary may ask for. */
function boundariesOf(
  { world }: Shared,
  actor: Actor,
  technique: Technique,
): readonly (string | undefined)[] {
  const patterns = new Set<string>()
  for (const { action } of requirementsOf(technique))
    for (const { key, operator, values } of conditionsOf(actor, action)) {
      if (!/^iam:PermissionsBoundary$/i.test(key)) continue
      for (const { value } of values) patterns.add(value.includes('${') ? '*' : value)
      if (/not|null/i.test(operator)) patterns.add('*')
    }
  const matchers = [...patterns].map((pattern) => wildcardMatcher(pattern))
  const arns = [...world.policies.keys()].filter((arn) => matchers.some((fits) => fits(arn)))
  return [undefined, ...arns]
}

/** Returns the effect of a use beside others: on everything, or on everything within a boundary. */
function standing(
  { shared, gift, boundary, lift, name, session }: Making,
  tags: string,
): Pick<Use, 'isBest' | 'family'> {
  if (lift !== undefined) return { isBest: false }
  if (boundary === undefined) return { isBest: isBest(gift, boundary) && gift.isSecond !== true }
  const of = [boundary, name.is === 'named' ? name.arn : '', tags, session ?? '']
  return {
    isBest: isBest(gift, undefined),
    family: [...of, shared.formKey(gift.form ?? 'assumed')].join('\n'),
  }
}

function making(made: Making): OwnUse {
  const { shared, type, actor, prover, gift, boundary, name: named, ...more } = made
  const { lift, tags: given, session } = more
  const caller = callerFor(actor, 'sts:AssumeRole')
  const { partition, account } = shared.world
  const start = `arn:${partition}:iam::${account}:${type}/`
  const within = boundary === undefined || lift !== undefined ? '' : `-in-${nameOfArn(boundary)}`
  const plain = `new-${type}${gift.name}${within}`
  const { technique } = gift
  const whole = lift === undefined ? technique : withLift(technique, lift)
  const name = named.is === 'named' ? named.arn.slice(start.length) : unnamed(plain, start, named.patterns)
  const limit = lift === undefined ? boundary : undefined
  const plainPrincipal = newPrincipal(type, start + name, gift, limit, given?.tags ?? {})
  // Principals of one name differ by what they are given.
  const isAlone = given === undefined && (named.is === 'other' || isBest(gift, boundary))
  const tagged = given === undefined ? '' : ` with ${namesOfTags(given.tags)}`
  const principal = isAlone ? plainPrincipal : { ...plainPrincipal, made: ` as ${plain}${tagged}` }
  const isNew = named.is === 'other'
  const binding: Binding = {
    ...gift.binding,
    ...(given === undefined ? {} : { newTags: given }),
    moreKey: `new ${name}${lift?.name ?? ''}${tagged} ${given?.with ?? ''} ${session ?? ''} ${boundary ?? ''} ${isNew ? named.patterns.join() : ''} ${technique.ways.map(({ needs }) => needs.map(({ action }) => action).join()).join()}`,
    context: { ...gift.binding.context, [boundaryKey]: boundary },
    newName: isNew ? named : { is: 'named', name },
    ...(principal.type === 'role'
      ? {
          more: (who) => {
            const options = { own: true, isNew, name: session }
            return prover.questions.assume(callerFor(who, 'sts:AssumeRole'), principal, options)
          },
        }
      : {}),
  }
  const carried = passedOn(caller.variant.carried)
  const outcome =
    type === 'user'
      ? held(principal, gift.form ?? 'key')
      : held(principal, 'assumed', session === undefined ? carried : { ...carried, name: session })
  const use: Use = { binding, outcome, to: principal.arn, ...standing(made, tagged) }
  return { technique: whole, use, prove: (_, by = actor) => prover.prove(by, whole, binding) }
}

function newPrincipal(
  type: 'user' | 'role',
  arn: string,
  { inline, attached, groups }: Gift,
  boundary: string | undefined,
  tags: NewTags['tags'],
): Principal {
  const own = { tags, inline, attached, boundary }
  return type === 'user'
    ? { ...bareUser(arn), id: 'AIDAOMENOMENOMENOMENO', ...own, groups }
    : { ...bareRole(arn), id: 'AROAOMENOMENOMENOMENO', ...own }
}
