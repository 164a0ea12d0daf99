import { wildcardMatcher } from '@omen-iam/policy'
import { kindOfEffect, type Technique } from '../../authorization/catalogue/index.ts'
import { areFree, isFreeGroup, isFull } from '../proof/quota-room.ts'
import type { Shared } from '../relevance/shared.ts'
import { administratorAccess, held, heldName, type Use } from '../request/binding.ts'
import type { Change } from '../request/change.ts'
import { keysOfTags } from '../request/keys-of-tags.ts'
import type { Binding } from '../request/request-keys.ts'
import type { Actor } from '../request/trust-question.ts'
import { isWritableTag } from '../world/tag-pairs.ts'
import { accountOfArn, type Group, type ManagedPolicy, type Person } from '../world/world.ts'
import { companionsOf } from './companion-tags.ts'
import { otherTag, tagValue } from './tag-value.ts'

/** Something that an attacker may change, and whose change is worth something: it is held, or belongs to what is held. */
export type Subject =
  | { readonly is: 'person'; readonly person: Person }
  | { readonly is: 'group'; readonly group: Group }
  | { readonly is: 'policy'; readonly policy: ManagedPolicy }
  | { readonly is: 'account'; readonly account: string }

/** The ARN of a subject. */
export function arnOf(subject: Subject): string {
  switch (subject.is) {
    case 'person':
      return subject.person.arn
    case 'group':
      return subject.group.arn
    case 'policy':
      return subject.policy.arn
    case 'account':
      return subject.account
  }
}

/** Whether a subject belongs to another account. AWS's own policies belong to none. */
export function isOfAnother(subject: Subject, account: string): boolean {
  if (subject.is === 'account') return subject.account !== account
  if (subject.is === 'person') return subject.person.account !== account
  const owner = accountOfArn(arnOf(subject))
  return owner !== 'aws' && owner !== account
}

/** Whether a technique changes something, instead of giving another principal. */
export function isChanging({ effect }: Technique): boolean {
  return kindOfEffect(effect).changes === true
}

/** Whether a technique adds to what a subject is allowed, instead of lifting a limit or writing a tag. */
export function isGranting({ effect }: Technique): boolean {
  return kindOfEffect(effect).adds === true
}

/** The question about a change. */
export interface ChangeQuestion {
  readonly shared: Shared
  readonly technique: Technique
  readonly actor: Actor
  readonly subject: Subject
  /** Policies that the attacker can rewrite: to attach one is to attach anything. */
  readonly rewritable: ReadonlySet<string>
}

/**
 * The uses of a technique on a subject. The first of several attachments or boundaries is the best one: if that is
 * proven, the others give nothing more.
 */
export function changesOn(question: ChangeQuestion): Iterable<Use> {
  const { subject } = question
  switch (subject.is) {
    case 'person':
      return onPerson(question, subject.person)
    case 'group':
      return onGroup(question, subject.group)
    case 'policy':
      return onPolicy(question, subject.policy)
    case 'account':
      return onAccount(question, subject.account)
  }
}

function* onPerson(question: ChangeQuestion, person: Person): Generator<Use> {
  const { technique, shared, actor } = question
  const { effect, needs } = technique
  const [first] = needs
  const isFurther = effect === 'joinsGroup' || effect === 'attachesPolicy'
  if (isFurther && shared.classes.keepsEverything(person)) return
  const target = asItIs(actor, person)
  if (effect === 'enrollsMfa') {
    if (target.type !== 'user' || !shared.readsSessions) return
    const use = { binding: { target }, outcome: held(target, 'mfa'), to: target.arn }
    if (target.arn === actor.variant.person.arn) yield use
    // A session with MFA begins with a key or a password of the user.
    else for (const form of ['key', 'console'] as const) yield { ...use, before: [heldName(target, form)] }
    return
  }
  if (effect === 'writesPermissionSet') {
    if (target.type === 'role' && target.isIdentityCenter)
      yield personUse(target, { is: 'everything', arn: target.arn })
    return
  }
  if (effect === 'joinsGroup') {
    if (target.type === 'user') yield* joins(question, target)
    return
  }
  if (effect === 'writesTags') return yield* tagUses(question, target, shared.reading.callerTags(target))
  if (effect === 'removesGroupPolicy') return yield* leavings(question, target)
  if (first?.on.is === 'new' && first.action === 'iam:CreateGroup') return yield* byNewGroup(question, target)
  if (first?.on.is !== 'target' || !isOfType(technique, target)) return
  if (!shared.allows(actor, first.action, target.arn)) return
  switch (effect) {
    case 'writesPolicy':
      yield personUse(target, { is: 'everything', arn: target.arn })
      return
    case 'attachesPolicy':
      return yield* attachments(question, target, { target })
    case 'removesBoundary':
      // One that it gets because a condition asks for it may go again.
      if (target.boundary !== undefined || shared.reading.boundariesAsked.length > 0)
        yield personUse(target, { is: 'boundary', arn: target.arn, policy: undefined })
      return
    case 'replacesBoundary':
      return yield* boundaries(question, target)
    case 'detachesPolicy':
      for (const arn of target.attached)
        if (denies(shared, arn) || (isFull(target.attached) && areFree(shared.world, [arn])))
          yield {
            ...personUse(target, { is: 'without', arn: target.arn, key: arn }),
            binding: { target, context: { 'iam:PolicyARN': arn } },
          }
      return
    case 'deletesPolicy':
      for (const { key, policy } of target.inline)
        if (policy.statements.some((statement) => statement.effect === 'Deny'))
          yield personUse(target, { is: 'without', arn: target.arn, key })
      return
    default:
  }
}

/** A user joins a group that is made, and that a policy is written for or attached to. */
function* byNewGroup(question: ChangeQuestion, target: Person): Generator<Use> {
  if (target.type !== 'user') return
  if (question.technique.effect === 'writesPolicy')
    yield personUse(target, { is: 'everything', arn: target.arn })
  else yield* attachments(question, target, { target })
}

/** A principal; the one that acts as it has changed itself. */
function asItIs({ variant }: Actor, person: Person): Person {
  if (person.arn !== variant.person.arn || variant.applied.length === 0) return person
  const gone = new Set(variant.applied.flatMap((change) => (change.is === 'left' ? change.group : [])))
  const without = new Set(variant.applied.flatMap((change) => (change.is === 'without' ? change.key : [])))
  const now = {
    ...person,
    tags: variant.ownTags,
    boundary: variant.boundaryArn,
    attached: person.attached.filter((arn) => !without.has(arn)),
  }
  return now.type === 'user' ? { ...now, groups: now.groups.filter((name) => !gone.has(name)) } : now
}

/** A group; one of the actor as the actor has changed it. */
function groupAsItIs({ variant: { applied } }: Actor, group: Group): Group {
  const gone = applied.flatMap((change) =>
    change.is === 'without' && change.arn === group.arn ? change.key : [],
  )
  if (gone.length === 0) return group
  return { ...group, attached: group.attached.filter((arn) => !gone.includes(arn)) }
}

function* onGroup(question: ChangeQuestion, group: Group): Generator<Use> {
  const { technique, shared, actor } = question
  const [first] = technique.needs
  if (first?.on.is !== 'group' || !shared.allows(actor, first.action, group.arn)) return
  const { effect } = technique
  if (effect === 'writesPolicy')
    yield {
      binding: { group },
      outcome: { is: 'change', change: { is: 'everything', arn: group.arn } },
      to: group.arn,
    }
  if (effect === 'attachesPolicy') yield* attachments(question, groupAsItIs(actor, group), { group })
  if (effect === 'removesGroupPolicy') yield* groupDenies(question, group)
}

/** The documents of a group that deny something, each taken away. */
function* groupDenies({ technique, shared }: ChangeQuestion, group: Group): Generator<Use> {
  const action = technique.needs[0]?.action
  const use = (key: string, binding: Binding): Use => ({
    binding,
    outcome: { is: 'change', change: { is: 'without', arn: group.arn, key } },
    to: group.arn,
  })
  if (action === 'iam:DeleteGroupPolicy')
    for (const { key, policy } of group.inline)
      if (policy.statements.some(({ effect }) => effect === 'Deny')) yield use(key, { group })
  if (action === 'iam:DetachGroupPolicy')
    for (const arn of group.attached)
      if (denies(shared, arn)) yield use(arn, { group, context: { 'iam:PolicyARN': arn } })
}

/** The groups of a user that deny something, each left; where there is hardly room for others, also the rest. */
function* leavings({ technique, shared, actor }: ChangeQuestion, target: Person): Generator<Use> {
  const action = technique.needs[0]?.action ?? ''
  if (target.type !== 'user' || action !== 'iam:RemoveUserFromGroup') return
  for (const name of target.groups) {
    const group = shared.world.groups.get(name)
    if (group === undefined || !shared.allows(actor, action, group.arn)) continue
    const isDenying =
      group.inline.some(({ policy }) => policy.statements.some(({ effect }) => effect === 'Deny')) ||
      group.attached.some((arn) => denies(shared, arn))
    if (!isDenying && !(isFull(target.groups) && isFreeGroup(shared.world, group))) continue
    yield {
      binding: { target, group },
      outcome: { is: 'change', change: { is: 'left', arn: target.arn, group: name } },
      to: group.arn,
    }
  }
}

function* onPolicy({ technique, actor }: ChangeQuestion, policy: ManagedPolicy): Generator<Use> {
  if (!policy.isCustomerManaged) return
  if (technique.effect === 'writesVersion') yield policyUse(policy, undefined)
  if (technique.effect !== 'setsVersion') return
  const set = actor.variant.applied.find((change) => change.is === 'version' && change.arn === policy.arn)
  const current = set?.is === 'version' ? set.version : policy.defaultVersion
  for (const version of policy.versions.keys()) if (version !== current) yield policyUse(policy, version)
}

function* onAccount({ technique, shared }: ChangeQuestion, account: string): Generator<Use> {
  if (technique.effect !== 'leavesOrganization' || shared.world.organization.scps === undefined) return
  yield { binding: {}, outcome: { is: 'change', change: { is: 'unbound', arn: account } }, to: account }
}

function personUse(target: Person, change: Change): Use {
  return { binding: { target }, outcome: { is: 'change', change }, to: target.arn }
}

function policyUse(policy: ManagedPolicy, version: string | undefined): Use {
  return {
    binding: { policy },
    outcome: { is: 'change', change: { is: 'version', arn: policy.arn, version } },
    to: policy.arn,
  }
}

/** Users or roles, as the technique says. */
function isOfType({ target }: Technique, { type }: Person): boolean {
  return target === type || target === 'user or role'
}

function* joins({ shared, actor, technique }: ChangeQuestion, target: Person): Generator<Use> {
  if (target.type !== 'user') return
  const action = technique.needs[0]?.action ?? ''
  for (const group of shared.index.groups.startingWith(shared.heads(actor, action))) {
    if (target.groups.includes(group.name) || !shared.allows(actor, action, group.arn)) continue
    yield {
      binding: { target, group },
      outcome: { is: 'change', change: { is: 'joined', arn: target.arn, group: group.name } },
      to: group.arn,
    }
  }
}

/** AdministratorAccess first, then each policy that the target lacks and that gives something. */
function* attachments(
  { shared, rewritable }: ChangeQuestion,
  owner: { readonly arn: string; readonly attached: readonly string[] },
  binding: Binding,
): Generator<Use> {
  const best = administratorAccess(shared.world)
  // Where it is attached, no further Allow gives anything.
  if (owner.attached.includes(best)) return
  const use = (arn: string, change: Change): Use => ({
    binding: { ...binding, context: { 'iam:PolicyARN': arn } },
    outcome: { is: 'change', change },
    to: owner.arn,
  })
  if (shared.world.policies.has(best))
    yield { ...use(best, { is: 'everything', arn: owner.arn }), isBest: true }
  for (const policy of shared.world.policies.values()) {
    const { arn } = policy
    if (arn === best || owner.attached.includes(arn) || arn.includes(':policy/aws-service-role/')) continue
    if (shared.isPotent(policy) || rewritable.has(arn))
      yield use(arn, { is: 'attached', arn: owner.arn, policy: arn })
  }
}

/** The boundaries of a principal that is to have another one; of one that has none, those that conditions ask for. */
function* boundaries({ shared }: ChangeQuestion, target: Person): Generator<Use> {
  const best = administratorAccess(shared.world)
  const asked =
    target.boundary === undefined ? shared.reading.boundariesAsked.map((each) => wildcardMatcher(each)) : []
  const isAsked = (arn: string): boolean => asked.some((fits) => fits(arn))
  const all = target.boundary === undefined && asked.length === 0 ? [] : [...shared.world.policies.keys()]
  const arns = target.boundary === undefined ? all.filter(isAsked) : all
  for (const arn of [...arns.filter((each) => each === best), ...arns.filter((each) => each !== best)])
    if (arn !== target.boundary)
      yield {
        binding: { target, context: { 'iam:PermissionsBoundary': arn } },
        outcome: { is: 'change', change: { is: 'boundary', arn: target.arn, policy: arn } },
        to: target.arn,
        isBest: arn === best && target.boundary !== undefined,
      }
}

function denies({ world }: Shared, arn: string): boolean {
  const policy = world.policies.get(arn)
  const document = policy?.versions.get(policy.defaultVersion)
  return document?.policy.statements.some(({ effect }) => effect === 'Deny') === true
}

/**
 * Tags that policies compare with something: each pair of a key and a value is written. One that is there is taken away
 * or replaced by another value, because a condition may name it.
 */
export function* tagUses(
  question: ChangeQuestion,
  target: Person,
  pairs: Iterable<readonly [string, string]>,
): Generator<Use> {
  const { shared, actor } = question
  const of = target.type === 'user' ? 'User' : 'Role'
  const may = (action: string): boolean => shared.allows(actor, action, target.arn)
  const [canTag, canUntag] = [may(`iam:Tag${of}`), may(`iam:Untag${of}`)]
  if (!canTag && !canUntag) return
  const isSelf = target.arn === actor.variant.person.arn
  const { refusing } = shared.classes.tags
  const changes = new Map<string, readonly [string, string | undefined]>()
  const add = (key: string, value: string | undefined): void => {
    if (isWritableTag(key)) changes.set(`${key}=${value}`, [key, value])
  }
  for (const [key, pattern] of [...pairs, ...(isSelf ? shared.classes.tags.resource : [])]) {
    const value = tagValue(shared, actor, pattern)
    if (value !== undefined && target.tags[key] !== value) add(key, value)
  }
  for (const key of Object.keys(target.tags))
    if (refusing.has(key.toLowerCase())) {
      add(key, undefined)
      add(key, otherTag)
    }
  for (const [key, value] of changes.values()) {
    if (value === undefined ? canUntag : canTag)
      yield* tagUse(question, target, `iam:${value === undefined ? 'Untag' : 'Tag'}${of}`, key, value)
  }
}

/** A tag, and further tags if the policies ask for them. */
function* tagUse(
  { technique, shared, actor }: ChangeQuestion,
  target: Person,
  only: string,
  key: string,
  value: string | undefined,
): Generator<Use> {
  for (const also of companionsOf(shared, actor, only, key)) {
    const keys = Object.keys(also)
    const written = value === undefined ? {} : { ...also, [key]: value }
    const change: Change = { is: 'tag', arn: target.arn, key, value, ...(keys.length === 0 ? {} : { also }) }
    yield {
      binding: {
        target,
        only,
        context: { ...keysOfTags('aws:RequestTag', written), 'aws:TagKeys': [key, ...keys] },
      },
      outcome: { is: 'change', change },
      to: `${target.arn} ${technique.id}`,
    }
  }
}
