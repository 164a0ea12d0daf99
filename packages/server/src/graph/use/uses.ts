import { kindOfEffect, type Technique } from '../../authorization/catalogue/index.ts'
import { perObject } from '../../base/index.ts'
import { resourceSignature } from '../relevance/signature.ts'
import { held, requirementsOf, type Use } from '../request/binding.ts'
import { type Carried, carriedName } from '../request/carried.ts'
import type { Form } from '../request/form.ts'
import type { Binding } from '../request/request-keys.ts'
import { madeAs } from '../request/shape.ts'
import { isUnknownWorkload } from '../world/unknown-workload.ts'
import {
  bareUser,
  type InstanceProfile,
  isListed,
  nameOfArn,
  type Principal,
  type Resource,
  type Role,
} from '../world/world.ts'
import { assumptions, sessionUses } from './assume.ts'
import { makings } from './make.ts'
import { allowed, namedFor, type OwnUse, passable, plain, resourcesOf, type UseQuestion } from './targets.ts'
import { federationUses, stackSetUses, trustUses } from './trust-uses.ts'

/** The uses of a technique by which an actor comes to hold another principal. */
export function usesOf(question: UseQuestion): Iterable<OwnUse> {
  const { shared, technique, actor, only } = question
  if (kindOfEffect(technique.effect).isByTrust === true && /:root$/.test(actor.variant.principal.arn))
    return []
  // Of another account, roles alone are reached: by sts:AssumeRole, or by a resource whose own policy lets the actor in.
  const isForeign = only !== undefined && only.account !== shared.world.account
  if (isForeign && isOfWorkload(technique)) return workloadsAcross(question)
  if (isForeign && !crossing.has(technique.effect) && !technique.facts.includes(stackSets)) return []
  switch (technique.effect) {
    case 'assumes':
      return technique.id === 'trust.assume-role'
        ? both(assumptions(question), sessionUses(question))
        : sessionUses(question)
    case 'sessionTags':
      return sessionUses(question)
    case 'writesTrust':
      return trustUses(question)
    case 'federates':
      return federationUses(question)
    case 'makesUser':
    case 'makesRole':
      return only === undefined ? makings(question) : []
    case 'becomesRoot':
      return only === undefined ? plain(question, roots(question)) : []
    case 'becomes':
      if (technique.facts.includes(stackSets)) return stackSetUses(question)
      if (isOfWorkload(technique) && !shared.neighbours.isAlone)
        return both(plain(question, becoming(question)), workloadsAcross(question))
      return plain(question, becoming(question))
    default:
      return []
  }
}

/** The root users of member accounts that are in view: each is an administrator of its account. [ORG-105] */
function* roots({ shared }: UseQuestion): Generator<Use> {
  for (const { world } of shared.neighbours.all) {
    const { account, partition, organization } = world
    const { managementAccount, id } = organization
    const own = shared.world.organization.id
    if (id !== undefined && own !== undefined && id !== own) continue
    // The management account changes no root user of its own.
    if (account === shared.world.account || account === managementAccount) continue
    const inline = [shared.policySets.everything]
    const target = { ...bareUser(`arn:${partition}:iam::${account}:root`), name: 'root', inline }
    yield { binding: { target }, outcome: held(target, 'console'), to: target.arn }
  }
}

const crossing: ReadonlySet<string> = new Set(['assumes', 'sessionTags'])
const stackSets = 'administersStackSets'

function* both<Each>(one: Iterable<Each>, other: Iterable<Each>): Generator<Each> {
  yield* one
  yield* other
}

/** Uses that give credentials of the target, or make calls as it. */
function* becoming(question: UseQuestion): Generator<Use> {
  const { technique } = question
  if (technique.target === 'user') {
    const form: Form = technique.id.startsWith('user.login') ? 'console' : 'key'
    const action = technique.needs[0]?.action ?? ''
    for (const target of namedFor(question, action, 'users'))
      yield { binding: { target }, outcome: held(target, form), to: target.arn }
    return
  }
  if (technique.workloads !== undefined) return yield* ofWorkloads(question)
  if (technique.passesTo === undefined && technique.trusts === undefined) return yield* reserved(question)
  const isOfProfile = requirementsOf(technique).some(({ on }) => on.is === 'profile')
  let choices: readonly Pick<Binding, 'resources' | 'profile'>[] | undefined
  for (const target of passable(question)) {
    // Mostly there is no such target, so what else is needed is looked up late.
    if (choices === undefined) {
      const bound = resourcesOf(question)
      const profiles = isOfProfile ? profilesOf(question) : [undefined]
      choices = bound.flatMap((resources) => profiles.map((profile) => ({ resources, profile })))
    }
    const outcome = held(target, 'service', sessionIn(question, target))
    for (const choice of choices) yield { binding: { target, ...choice }, outcome, to: target.arn }
  }
}

/** One of each kind of instance profiles that are alike for the technique. */
function profilesOf({ shared, technique, actor, prover }: UseQuestion): readonly InstanceProfile[] {
  const { index } = shared
  const actions = requirementsOf(technique).flatMap(({ action, on }) => (on.is === 'profile' ? action : []))
  const [first = ''] = actions
  const found = new Map<string, InstanceProfile>()
  for (const profile of index.profiles.startingWith(shared.heads(actor, first))) {
    const { arn } = profile
    prover.budget.look()
    if (!shared.allows(actor, first, arn)) continue
    const workloads = index.resourcesOf('AWS::EC2::Instance').byProfile.get(arn) ?? []
    const controlled = new Set(workloads.map((instance) => prover.controls(actor, instance)))
    const masks = actions.map((action) => shared.mask(actor, action, arn))
    const key = [...masks, index.holders.has(arn), ...[...controlled].sort()].join(' ')
    if (!found.has(key)) found.set(key, profile)
  }
  return [...found.values()]
}

/** Techniques of IAM Identity Center are about its roles alone, those of service-managed stack sets about their own. */
function* reserved(question: UseQuestion): Generator<Use> {
  const { technique, only, isWanted } = question
  const isOfStackSets = technique.needs.some(({ action }) => action === 'cloudformation:CreateStackSet')
  const { stackSetRoles, reserved } = question.shared.index
  const all = isOfStackSets ? stackSetRoles : reserved
  for (const role of only === undefined ? all : [only]) {
    if (role.type !== 'role' || isWanted?.(role) === false) continue
    const isOwn = isOfStackSets ? role.name.startsWith('stacksets-exec-') : role.isIdentityCenter
    const form = isOfStackSets ? 'service' : 'assumed'
    if (isOwn) yield { binding: { target: role }, outcome: held(role, form), to: role.arn }
  }
}

function* ofWorkloads(question: UseQuestion): Generator<Use> {
  const { shared, prover, technique, only, isWanted = () => true, wantsUndecided = () => true } = question
  const { index, world } = shared
  const types = technique.workloads ?? []
  // Without a list of resources any role may be used that trusts the service.
  const open = types.filter((type) => !isListed(world.inventory, type))
  if (open.length > 0 && wantsUndecided()) {
    const services = [...new Set(open.flatMap((type) => shared.table.resources[type]?.services ?? ['']))]
    const roles: Iterable<Principal> = open.includes(identityPool)
      ? index.trustingProvider('cognito-identity.amazonaws.com')
      : services.includes('')
        ? [...world.roles.values()].filter(({ trust }) => trust?.policy.text.includes('Service'))
        : index.trustingServices(services)
    for (const target of roles) {
      if (!wantsUndecided()) break
      if ((only === undefined || target === only) && isWanted(target))
        yield { binding: { target }, outcome: held(target, 'service'), to: target.arn }
    }
  }
  if (world.inventory.resources === undefined) return
  let bound: readonly ReadonlyMap<string, Resource>[] | undefined
  for (const type of types) {
    const seen = new Set<string>()
    for (const workload of workloadsOf(question, type)) {
      prover.budget.look()
      const isRoleUnknown = isUnknownWorkload(workload)
      if (isRoleUnknown && !wantsUndecided()) continue
      const roles: Iterable<Role | undefined> = isRoleUnknown
        ? type === identityPool
          ? index.trustingProvider('cognito-identity.amazonaws.com')
          : index.trustingServices(shared.table.resources[type]?.services ?? [])
        : [index.roleOf(workload.role)]
      for (const target of roles) {
        if (target === undefined || (only !== undefined && target !== only) || !isWanted(target)) continue
        const unknown = isRoleUnknown ? { isRoleUnknown } : {}
        const carried = sessionIn(question, target, workload)
        const alike = `${isRoleUnknown} ${target.arn} ${carriedName(carried)} ${resourceSignature(shared, question.actor, technique, workload)}`
        if (seen.has(alike)) continue
        seen.add(alike)
        bound ??= resourcesOf(question)
        for (const resources of bound)
          yield {
            binding: { target, workload, resources, ...unknown },
            outcome: held(target, 'service', carried),
            to: target.arn,
          }
      }
    }
  }
}

/** The resource that gives its role to users of another identity provider than a service. */
const identityPool = 'AWS::Cognito::IdentityPool'

/** The known facts about the session of a service: on an EC2 instance, it has the instance's name. [POL-102] */
function sessionIn({ shared, technique }: UseQuestion, { account }: Principal, workload?: Resource): Carried {
  const { reading } = shared.neighbours.of(account) ?? shared
  const key = shared.table.resources[workload?.type ?? '']?.source
  const source =
    key === undefined || workload === undefined || !reading.reads('sources')
      ? {}
      : { source: { [key]: workload.arn } }
  if (!reading.reads('userIds')) return source
  if (workload?.type === 'AWS::EC2::Instance') return { name: nameOfArn(workload.arn), ...source }
  const isPassed = workload === undefined && technique.passesTo?.includes('ec2.amazonaws.com') === true
  return isPassed ? { name: madeAs('InstanceId') } : source
}

/** Whether a technique gives a role by a resource that runs as it. */
export function isOfWorkload({ effect, workloads }: Technique): boolean {
  return effect === 'becomes' && workloads !== undefined
}

/** Resources of other accounts that run as roles, and whose policies let the actor's account in. */
export function* workloadsAcross(question: UseQuestion): Generator<OwnUse> {
  const { shared, actor, only, isWanted = () => true } = question
  const technique = acrossAccounts(question.technique)
  if (technique === 'none') return
  const own = actor.variant.principal.account
  const uses: Use[] = []
  for (const { world, index } of shared.neighbours.all) {
    if (world.account === own || index.resourcePolicies.isEmpty) continue
    const { accounts, isOpen } = index.resourcePolicies.allowed
    if (!isOpen && !accounts.has(own)) continue
    const actions = technique.needs.map(({ action }) => action)
    for (const type of technique.workloads ?? []) {
      for (const workload of allowed(question, actions.slice(0, 1), index.resourcesOf(type))) {
        const target = index.roleOf(workload.role)
        if (target === undefined || (only !== undefined && target !== only) || !isWanted(target)) continue
        if (index.resourcePolicies.of(workload.arn) === undefined) continue
        const binding = { target, workload, account: world.account }
        const outcome = held(target, 'service', sessionIn(question, target, workload))
        uses.push({ binding, outcome, to: target.arn })
      }
    }
  }
  yield* plain({ ...question, technique }, uses)
}

/** A technique with the ways alone that need nothing but the resource that runs as the role; `none` if it has none. */
const acrossAccounts = perObject((technique: Technique): Technique | 'none' => {
  const isOnWorkload = ({ needs }: Pick<Technique, 'needs'>): boolean =>
    needs.every(({ on }) => on.is === 'workload')
  const ways = technique.ways.filter(isOnWorkload)
  const isPossible = isOnWorkload(technique) && (technique.ways.length === 0 || ways.length > 0)
  return isPossible ? { ...technique, ways } : 'none'
})

/** The resources of a type that an Allow of the actor names for some action of the technique on them. */
function workloadsOf(question: UseQuestion, type: string): Iterable<Resource> {
  const actions = question.technique.needs.flatMap(({ action, on }) => (on.is === 'workload' ? action : []))
  return allowed(question, actions.slice(0, 1), question.shared.index.resourcesOf(type))
}
