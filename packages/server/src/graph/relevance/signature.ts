import { Context, type Policy } from '@omen-iam/policy'
import type { Technique, TechniqueNeed } from '../../authorization/catalogue/index.ts'
import { sourceMakers, sourceTypes } from '../proof/event-source.ts'
import { isOfFurtherRole } from '../proof/further-role.ts'
import { requirementsOf } from '../request/binding.ts'
import { type Binding, boundKeys, regionOf } from '../request/request-keys.ts'
import type { Actor } from '../request/trust-question.ts'
import { resourcePolicyIn } from '../world/neighbours.ts'
import type { Person, Role, Thing } from '../world/world.ts'
import { readsPrincipalTags } from './actor-class.ts'
import { sayingOf } from './saying.ts'
import type { Shared } from './shared.ts'

/** Actions on the target that facts ask for. */
const byFact: Readonly<Record<string, readonly string[]>> = {
  accessKeyRoom: ['iam:DeleteAccessKey'],
  noLoginProfile: ['iam:UpdateLoginProfile', 'iam:DeleteLoginProfile'],
  loginProfile: ['iam:UpdateLoginProfile', 'iam:DeleteLoginProfile', 'iam:CreateLoginProfile'],
  noMfa: ['iam:DeactivateMFADevice'],
  attachRoom: ['iam:DetachUserPolicy', 'iam:DetachRolePolicy'],
  passRoleUnsettled: ['iam:PassRole'],
}

/** What of a technique's requests names what is bound. */
interface Asks {
  readonly ofTarget: readonly string[]
  readonly ofPolicy: readonly string[]
  readonly ofGroup: readonly string[]
  readonly ofWearer: readonly string[]
  /** Whether the trust policy of the target counts. */
  readonly trust: boolean
  /** Whether the names of existing resources are in other requests as well. */
  readonly byName: boolean
  /** Whether every request is about the target, so that what names it is all that counts of the actor's policies. */
  readonly isOfTarget: boolean
  /** By the type of an existing resource. */
  readonly ofThing: ReadonlyMap<string, readonly string[]>
  /** The actions of services that have keys for what exists and is not named. */
  readonly bound: readonly string[]
  readonly facts: ReadonlySet<string>
}

const boundServices: ReadonlySet<string> = new Set(
  [...boundKeys].map((key) => key.slice(0, key.indexOf(':'))),
)

/** What a fact asks of the resource that wears the target. */
const wearerByFact: Readonly<Record<string, string | undefined>> = {
  unsigned: 'lambda:DeleteFunctionCodeSigningConfig',
  notebookInService: 'sagemaker:StartNotebookInstance',
  instanceRuns: 'ec2:StartInstances',
}

/** What the fact `stackInstances` asks of a stack set. */
const moreStacks: TechniqueNeed = {
  action: 'cloudformation:CreateStackInstances',
  on: { is: 'thing', type: 'AWS::CloudFormation::StackSet' },
}

const asked = new WeakMap<Technique, Asks>()

function asksOf(technique: Technique): Asks {
  let asks = asked.get(technique)
  if (asks === undefined) {
    asks = readAsks(technique)
    asked.set(technique, asks)
  }
  return asks
}

function readAsks(technique: Technique): Asks {
  const { effect, facts, ways, passesTo, trusts } = technique
  const needs = requirementsOf(technique)
  const allFacts = [...facts, ...ways.flatMap((way) => way.facts)]
  const on = (...kinds: readonly string[]): readonly string[] => [
    ...new Set(needs.flatMap((need) => (kinds.includes(need.on.is) ? need.action : []))),
  ]
  const isTrust =
    effect === 'assumes' || effect === 'sessionTags' || effect === 'writesTrust' || effect === 'federates'
  return {
    ofTarget: [
      ...new Set([
        ...on('target'),
        ...allFacts.flatMap((fact) => byFact[fact] ?? []),
        ...(passesTo === undefined ? [] : ['iam:PassRole', 'sts:AssumeRole']),
        ...(isTrust
          ? [
              'sts:AssumeRole',
              'sts:TagSession',
              'sts:SetSourceIdentity',
              'sts:AssumeRoleWithWebIdentity',
              'sts:AssumeRoleWithSAML',
            ]
          : []),
      ]),
    ],
    ofPolicy: [...on('policy', 'boundary'), 'iam:DeletePolicyVersion'],
    ofGroup: on('group'),
    ofWearer: [...on('wearer'), ...allFacts.flatMap((fact) => wearerByFact[fact] ?? [])],
    trust: isTrust || trusts !== undefined || passesTo !== undefined,
    byName:
      allFacts.includes('agentTool') ||
      allFacts.includes('clusterAssumes') ||
      needs.some(
        ({ with: keys, on }) =>
          keys !== undefined || (on.is !== 'wearer' && on.is !== 'thing' && on.is !== 'target'),
      ),
    isOfTarget:
      isTrust &&
      allFacts.every((fact) => fact === 'notServiceLinked') &&
      needs.every(({ on }) => on.is === 'target'),
    ofThing: thingActions(allFacts.includes('stackInstances') ? [...needs, moreStacks] : needs),
    bound: [...new Set(needs.map(({ action }) => action))].filter((action) =>
      boundServices.has(action.slice(0, action.indexOf(':'))),
    ),
    facts: new Set(allFacts),
  }
}

function thingActions(needs: readonly TechniqueNeed[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>()
  for (const { action, on } of needs) {
    if (on.is !== 'thing') continue
    const actions = found.get(on.type)
    if (actions === undefined) found.set(on.type, [action])
    else if (!actions.includes(action)) actions.push(action)
  }
  return found
}

/**
 * The name of a question: those of equal names have equal answers. Undefined if the question is not like another one.
 * A target counts as far as statements of the actor name it, and by its facts.
 */
export function signatureOf(
  shared: Shared,
  actor: Actor,
  technique: Technique,
  binding: Binding,
): string | undefined {
  const { target, policy, group, profile, provider, wearer, things, context, more, moreKey, only } = binding
  if ((more !== undefined && moreKey === undefined) || binding.ahead !== undefined) return undefined
  // An outsider is asked of few roles, each by its own trust policy.
  if (actor.variant.outside !== undefined) return undefined
  const asks = asksOf(technique)
  // It depends on another role.
  if ([...asks.facts].some(isOfFurtherRole)) return undefined
  const masks = (actions: readonly string[], arn: string): string =>
    actions.map((action) => shared.mask(actor, action, arn)).join('/')
  const saying = asks.isOfTarget ? '' : sayingOf(actor.variant, technique, shared.table)
  let key = `${shared.callerKey(actor)} ${saying}\n${technique.id}\n${moreKey ?? ''}${only ?? ''}`
  for (const [action, helper] of actor.helpers ?? [])
    key += `\n${action} ${shared.callerKey(helper)} ${sayingOf(helper.variant, technique, shared.table)}`
  if (target !== undefined) {
    key += `\n${masks(asks.ofTarget, target.arn)}\t${targetKey(shared, asks, target)}`
    if (target.arn === actor.variant.person.arn) key += `\tself ${shared.tagKey(actor.variant.ownTags)}`
    if (target.type === 'role' && asks.trust) {
      key += `\t${shared.trustKey(target)}`
      if (target.trust !== undefined && readsPrincipalTags(target.trust.policy))
        key += ` ${shared.classes.tagsOf(actor.variant)}`
    }
    key += powerKey(shared, actor, asks, target)
  }
  if (policy !== undefined) key += `\n${masks(asks.ofPolicy, policy.arn)}\t${policy.versions.size}`
  if (group !== undefined)
    key += `\n${masks(asks.ofGroup, group.arn)}\t${group.attached.length < 10 ? group.attached.length : group.arn}`
  if (profile !== undefined) key += `\n${profile.arn} ${shared.index.holders.get(profile.arn)?.arn}`
  if (provider !== undefined) key += `\n${provider}`
  if (target !== undefined && readsBoundKeys(actor.variant, technique)) key += `\n${target.arn}`
  if (binding.isRoleUnknown === true) key += '\nperhaps'
  if (wearer !== undefined) key += `\n${thingSignature(shared, actor, technique, wearer)}`
  for (const thing of things?.values() ?? []) key += `\n${thingSignature(shared, actor, technique, thing)}`
  if (asks.facts.has('clusterAssumes')) {
    const role = shared.index.roleOf(things?.get('AWS::EMR::Cluster')?.role)
    key += `\n${role?.arn} ${role && shared.classes.of(role)}`
  }
  return context === undefined ? key : `${key}\n${contextKey(shared, actor, technique, context)}`
}

/** What conditions say of the ARN of a policy, by the technique and that ARN. */
const policyKeys = new WeakMap<Actor['variant'], Map<string, string>>()

/** The context of a question; of the ARN of a policy only what the conditions on it say. */
export function contextKey(
  shared: Shared,
  { variant }: Actor,
  technique: Technique,
  context: NonNullable<Binding['context']>,
): string {
  const [[name, value] = ['', undefined], ...others] = Object.entries(context)
  if (name !== 'iam:PolicyARN' || typeof value !== 'string' || others.length > 0)
    return JSON.stringify(context)
  let known = policyKeys.get(variant)
  if (known === undefined) {
    known = new Map()
    policyKeys.set(variant, known)
  }
  const own = `${technique.id} ${value}`
  let key = known.get(own)
  if (key === undefined) {
    key = policyKey(shared, variant, technique, value) ?? value
    known.set(own, key)
  }
  return key
}

/** Undefined if a condition or a Resource compares the ARN with a variable. */
function policyKey(
  shared: Shared,
  { policies, person }: Actor['variant'],
  technique: Technique,
  arn: string,
): string | undefined {
  const { identity, boundary, scp = [] } = policies
  const rcp = shared.questions.rcpsOfAccount(person.account)?.rcp ?? []
  const context = new Context({ 'iam:PolicyARN': arn })
  let key = ''
  for (const action of new Set(requirementsOf(technique).map((need) => need.action)))
    for (const layer of [identity, boundary, ...scp, ...rcp])
      for (const { conditions, statement } of layer?.candidates(action).all ?? []) {
        if (namesPolicy.test(JSON.stringify(statement.resource?.values.map(({ value }) => value) ?? [])))
          return undefined
        for (const { key: name, variables, wanted, test } of conditions) {
          if (variables && (name === 'iam:policyarn' || wanted.some((each) => namesPolicy.test(each))))
            return undefined
          if (name === 'iam:policyarn') key += `${test(context)}`
        }
      }
  return key
}

const namesPolicy = /\$\{iam:PolicyARN/i

/** Whether a statement about a technique's requests reads a key that holds an ARN which they do not name. */
function readsBoundKeys({ policies }: Actor['variant'], technique: Technique): boolean {
  const { bound } = asksOf(technique)
  if (bound.length === 0) return false
  const { identity, boundary, scp = [] } = policies
  return bound.some((action) =>
    [identity, boundary, ...scp].some((layer) =>
      layer
        ?.candidates(action)
        .all.some(({ statement }) => namesBoundKey(statement) || readsTagOfCluster(action, statement)),
    ),
  )
}

type Statement = Policy['statements'][number]
const naming = new WeakMap<Statement, boolean>()

/** Whether a statement names such a key, in a condition or as a variable. */
function namesBoundKey(statement: Statement): boolean {
  let names = naming.get(statement)
  if (names === undefined) {
    const { condition, resource } = statement
    const text = JSON.stringify([condition, resource]).toLowerCase()
    names = [...boundKeys].some((key) => text.includes(key))
    naming.set(statement, names)
  }
  return names
}

/** Whether a statement reads tags, and the action is asked about the cluster of what is named as well. [PSR-17] */
function readsTagOfCluster(action: string, { condition }: Statement): boolean {
  return action.startsWith('ecs:') && condition.some(({ key }) => /:ResourceTag\//i.test(key))
}

/** What of an existing resource counts for a technique: those of equal names are alike. */
export function thingSignature(shared: Shared, actor: Actor, technique: Technique, thing: Thing): string {
  const asks = asksOf(technique)
  if (asks.byName || readsBoundKeys(actor.variant, technique)) return thing.arn
  const actions = [...asks.ofWearer, ...(asks.ofThing.get(thing.type) ?? [])]
  const masks = actions.map((action) => shared.mask(actor, action, thing.arn)).join('/')
  return `${masks}\t${wearerKey(shared, thing)}`
}

/** What the target's own policies say, if the technique asks for it. */
function powerKey(shared: Shared, { variant }: Actor, { facts }: Asks, target: Person): string {
  const asksStreams =
    facts.has('streamGetsRecords') &&
    (sourceTypes.some((type) => shared.index.thingsOf(type).all.length > 0) ||
      sourceMakers.some((action) => variant.policies.identity?.candidates(action).allow.all[0] !== undefined))
  const asksMessages = facts.has('agentMessages') && shared.abilities.allowsMessages(target)
  return asksStreams || asksMessages ? `\t${shared.classes.of(target)}` : ''
}

/** What of a target counts besides its ARN: the facts that the technique asks for, tags, and its boundary. */
function targetKey(shared: Shared, { facts, ofTarget }: Asks, target: Person): string {
  const { world, table } = shared
  const { accessKeys, loginProfiles, mfaDevices } = world.inventory
  const { type, name, account, attached, boundary, tags } = target
  let key = `${type} ${account}\t${shared.tagKey(tags)}`
  if (facts.has('attachRoom')) key += `\t${attached.length < 10 ? attached.length : attached.join()}`
  if (ofTarget.some((action) => table.actions[action]?.keys.includes('iam:PermissionsBoundary')))
    key += `\t${boundary ?? ''}`
  if (target.type === 'user') {
    if (facts.has('groupRoom'))
      key += `\t${target.groups.length < 10 ? target.groups.length : target.groups.join()}`
    if (facts.has('accessKeyRoom') || facts.has('accessKeysFull'))
      key += `\t${(accessKeys?.get(name) ?? 0) >= 2}`
    if (facts.has('loginProfile') || facts.has('noLoginProfile'))
      key += `\t${loginProfiles?.has(name) ?? false}`
    if (facts.has('noMfa') || facts.has('mfaRoom')) key += `\t${Math.min(mfaDevices?.get(name) ?? 0, 8)}`
    return key
  }
  return `${key}\t${target.isServiceLinked} ${target.isIdentityCenter} ${profilesOf(shared, target)}`
}

/** The instance profiles of a role, as far as a policy names one. */
function profilesOf({ reading }: Shared, { profiles }: Role): string {
  return reading.readsProfiles ? profiles.map(({ arn }) => arn).join() : String(profiles.length > 0)
}

/** The type, region, tags and facts of a resource, without its name. */
function wearerKey(shared: Shared, { type, arn, tags, facts }: Thing): string {
  const policy = resourcePolicyIn(shared, arn)?.policy.text
  const { instanceProfile, ...others } = facts
  const profile = shared.reading.readsProfiles
    ? instanceProfile
    : instanceProfile !== undefined && instanceProfile !== null
  const name = arn.slice(Math.max(arn.lastIndexOf('/'), arn.lastIndexOf(':')) + 1)
  const known = tags === undefined ? null : shared.tagKey(tags)
  const text = JSON.stringify([type, regionOf(arn).Region ?? '', known, profile, others, policy])
  return name === '' ? text : text.replaceAll(name, '~')
}
