import { wildcardMatcher } from '@omen-iam/policy'
import { kindOfEffect, type Technique } from '../../authorization/catalogue/index.ts'
import { areFree, isFreeGroup, isFull } from '../proof/quota-room.ts'
import type { Shared } from '../relevance/shared.ts'
import type { Actor } from '../request/actor.ts'
import { administratorAccess, held, heldName, isOfServiceRoles, type Use } from '../request/binding.ts'
import type { Change } from '../request/change.ts'
import { keysOfTags } from '../request/keys-of-tags.ts'
import type { Binding } from '../request/request-keys.ts'
import { isWritableTag } from '../world/tag-pairs.ts'
import {
  accountOfArn,
  currentOf,
  type Document,
  type Group,
  type ManagedPolicy,
  type Principal,
} from '../world/world.ts'
import { companionsOf } from './companion-tags.ts'
import { otherTag, tagValue } from './tag-value.ts'

/**
 * Something that an attacker may change, and whose change is worth something: it is held, or belongs to what is held. In a
 * question about a change, it is as the attacker has changed it so far.
 */
export type Subject =
  | { readonly is: 'principal'; readonly principal: Principal }
  | { readonly is: 'group'; readonly group: Group }
  | { readonly is: 'policy'; readonly policy: ManagedPolicy }
  | { readonly is: 'account'; readonly account: string }

/** The ARN of a subject; of an account, its number. */
export function arnOf(subject: Subject): string {
  if (subject.is === 'account') return subject.account
  if (subject.is === 'principal') return subject.principal.arn
  return subject.is === 'group' ? subject.group.arn : subject.policy.arn
}

/** Whether a subject belongs to another account. AWS's own policies belong to none. */
export function isOfAnother(subject: Subject, account: string): boolean {
  const owner = subject.is === 'account' ? subject.account : accountOfArn(arnOf(subject))
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
    case 'principal':
      return onPrincipal(question, subject.principal)
    case 'group':
      return onGroup(question, subject.group)
    case 'policy':
      return onPolicy(question, subject.policy)
    case 'account':
      return onAccount(question, subject.account)
  }
}

function* onPrincipal(question: ChangeQuestion, target: Principal): Generator<Use> {
  const { technique, shared, actor } = question
  const { effect, needs } = technique
  const [first] = needs
  const binding = { target }
  const { arn } = target
  switch (effect) {
    case 'enrollsMfa': {
      if (target.type !== 'user' || !shared.readsSessions) return
      const use = { binding, outcome: held(target, 'mfa'), to: arn }
      if (arn === actor.variant.principal.arn) yield use
      // A session with MFA begins with a key or a password of the user.
      else for (const form of ['key', 'console'] as const) yield { ...use, before: [heldName(target, form)] }
      return
    }
    case 'writesPermissionSet':
      if (target.type === 'role' && target.isIdentityCenter)
        yield changing({ is: 'everything', arn }, binding)
      return
    case 'joinsGroup':
      return yield* joins(question, target)
    case 'writesTags':
      return yield* tagUses(question, target, shared.reading.callerTags(target))
    case 'removesGroupPolicy':
      return yield* leavings(question, target)
  }
  if (first?.on.is === 'new' && first.action === 'iam:CreateGroup') {
    // It joins a group that is made, and that a policy is written for or attached to.
    if (target.type !== 'user') return
    if (effect === 'writesPolicy') yield changing({ is: 'everything', arn }, binding)
    else yield* attachments(question, target, binding)
    return
  }
  if (first?.on.is !== 'target' || !isOfType(technique, target)) return
  if (!shared.allows(actor, first.action, arn)) return
  switch (effect) {
    case 'writesPolicy':
      yield changing({ is: 'everything', arn }, binding)
      return
    case 'attachesPolicy':
      return yield* attachments(question, target, binding)
    case 'removesBoundary':
      // One that it gets because a condition asks for it may go again.
      if (target.boundary !== undefined || shared.reading.boundariesAsked.length > 0)
        yield changing({ is: 'boundary', arn, policy: undefined }, binding)
      return
    case 'replacesBoundary':
      return yield* boundaries(question, target)
    case 'detachesPolicy':
      for (const key of target.attached)
        if (denies(shared, key) || (isFull(target.attached) && areFree(shared.world, [key])))
          yield changing({ is: 'without', arn, key }, { target, context: { 'iam:PolicyARN': key } })
      return
    case 'deletesPolicy':
      for (const { key } of target.inline.filter(isDenying))
        yield changing({ is: 'without', arn, key }, binding)
      return
    default:
  }
}

function* onGroup(question: ChangeQuestion, group: Group): Generator<Use> {
  const { technique, shared, actor } = question
  const [first] = technique.needs
  const { arn } = group
  if (first?.on.is !== 'group' || !shared.allows(actor, first.action, arn)) return
  const { effect } = technique
  if (effect === 'writesPolicy') yield changing({ is: 'everything', arn }, { group })
  if (effect === 'attachesPolicy') yield* attachments(question, group, { group })
  if (effect !== 'removesGroupPolicy') return
  if (first.action !== 'iam:DetachGroupPolicy')
    for (const { key } of group.inline.filter(isDenying))
      yield changing({ is: 'without', arn, key }, { group })
  else
    for (const key of group.attached.filter((each) => denies(shared, each)))
      yield changing({ is: 'without', arn, key }, { group, context: { 'iam:PolicyARN': key } })
}

/** The groups of a user that deny something, each left; where there is hardly room for others, also the rest. */
function* leavings({ technique, shared, actor }: ChangeQuestion, target: Principal): Generator<Use> {
  const action = technique.needs[0]?.action ?? ''
  if (target.type !== 'user' || action !== 'iam:RemoveUserFromGroup') return
  for (const name of target.groups) {
    const group = shared.world.groups.get(name)
    if (group === undefined || !shared.allows(actor, action, group.arn)) continue
    const isLimiting = group.inline.some(isDenying) || group.attached.some((arn) => denies(shared, arn))
    if (isLimiting || (isFull(target.groups) && isFreeGroup(shared.world, group)))
      yield changing({ is: 'left', arn: target.arn, group: name }, { target, group }, group.arn)
  }
}

function* onPolicy({ technique }: ChangeQuestion, policy: ManagedPolicy): Generator<Use> {
  const { arn } = policy
  if (!policy.isCustomerManaged) return
  if (technique.effect === 'writesVersion')
    yield changing({ is: 'version', arn, version: undefined }, { policy })
  if (technique.effect !== 'setsVersion') return
  for (const version of policy.versions.keys())
    if (version !== policy.defaultVersion) yield changing({ is: 'version', arn, version }, { policy })
}

function* onAccount({ technique, shared }: ChangeQuestion, account: string): Generator<Use> {
  if (technique.effect === 'leavesOrganization' && shared.world.organization.scps !== undefined)
    yield changing({ is: 'unbound', arn: account }, {})
}

/** A use that changes something. */
function changing(change: Change, binding: Binding, to = change.arn): Use {
  return { binding, outcome: { is: 'change', change }, to }
}

/** Users or roles, as the technique says. */
function isOfType({ target }: Technique, { type }: Principal): boolean {
  return target === type || target === 'user or role'
}

function* joins({ shared, actor, technique }: ChangeQuestion, target: Principal): Generator<Use> {
  if (target.type !== 'user') return
  const action = technique.needs[0]?.action ?? ''
  for (const group of shared.index.groups.startingWith(shared.heads(actor, action)))
    if (!target.groups.includes(group.name) && shared.allows(actor, action, group.arn))
      yield changing({ is: 'joined', arn: target.arn, group: group.name }, { target, group }, group.arn)
}

/** AdministratorAccess first, then each policy that the target lacks and that gives something. */
function* attachments(
  { shared, rewritable }: ChangeQuestion,
  owner: { readonly arn: string; readonly attached: readonly string[] },
  binding: Binding,
): Generator<Use> {
  const { arn, attached } = owner
  const best = administratorAccess(shared.world)
  // Where it is attached, no further Allow gives anything.
  if (attached.includes(best)) return
  const use = (policy: string, change: Change): Use =>
    changing(change, { ...binding, context: { 'iam:PolicyARN': policy } })
  if (shared.world.policies.has(best)) yield { ...use(best, { is: 'everything', arn }), isBest: true }
  for (const policy of shared.world.policies.values()) {
    if (policy.arn === best || attached.includes(policy.arn) || isOfServiceRoles(policy)) continue
    if (shared.isPotent(policy) || rewritable.has(policy.arn))
      yield use(policy.arn, { is: 'attached', arn, policy: policy.arn })
  }
}

/** The boundaries of a principal that is to have another one; of one that has none, those that conditions ask for. */
function* boundaries({ shared }: ChangeQuestion, target: Principal): Generator<Use> {
  const best = administratorAccess(shared.world)
  const asked = shared.reading.boundariesAsked.map((each) => wildcardMatcher(each))
  const isAsked = (arn: string): boolean => asked.some((fits) => fits(arn))
  const isNone = target.boundary === undefined
  const arns = isNone && asked.length === 0 ? [] : [...shared.world.policies.keys()]
  const wanted = isNone ? arns.filter(isAsked) : arns
  for (const policy of wanted.sort((one, other) => Number(other === best) - Number(one === best)))
    if (policy !== target.boundary)
      yield {
        ...changing(
          { is: 'boundary', arn: target.arn, policy },
          { target, context: { 'iam:PermissionsBoundary': policy } },
        ),
        isBest: policy === best && !isNone,
      }
}

function denies({ world }: Shared, arn: string): boolean {
  const document = currentOf(world.policies.get(arn))
  return document !== undefined && isDenying(document)
}

function isDenying({ policy }: Document): boolean {
  return policy.statements.some(({ effect }) => effect === 'Deny')
}

/**
 * Tags that policies compare with something: each pair of a key and a value is written. One that is there is taken away
 * or replaced by another value, because a condition may name it.
 */
export function* tagUses(
  question: ChangeQuestion,
  target: Principal,
  pairs: Iterable<readonly [string, string]>,
): Generator<Use> {
  const { shared, actor } = question
  const of = target.type === 'user' ? 'User' : 'Role'
  const may = (action: string): boolean => shared.allows(actor, action, target.arn)
  const [canTag, canUntag] = [may(`iam:Tag${of}`), may(`iam:Untag${of}`)]
  if (!canTag && !canUntag) return
  const isSelf = target.arn === actor.variant.principal.arn
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

/** A tag, and further tags if the policies ask for them. The step leads to the tags, not to their principal. */
function* tagUse(
  { shared, actor }: ChangeQuestion,
  target: Principal,
  only: string,
  key: string,
  value: string | undefined,
): Generator<Use> {
  for (const also of companionsOf(shared, actor, only, key)) {
    const keys = Object.keys(also)
    const written = value === undefined ? {} : { ...also, [key]: value }
    const change: Change = { is: 'tag', arn: target.arn, key, value, ...(keys.length === 0 ? {} : { also }) }
    const context = { ...keysOfTags('aws:RequestTag', written), 'aws:TagKeys': [key, ...keys] }
    yield changing(change, { target, only, context }, `${target.arn} tags`)
  }
}
