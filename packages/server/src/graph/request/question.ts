import { type Asked, combine, compile, type Shape } from '@omen-iam/policy'
import type {
  Technique,
  TechniqueNeed,
  TechniqueResource,
  TechniqueTable,
} from '../../authorization/catalogue/index.ts'
import { isBoundByRcps } from '../../authorization/index.ts'
import { keysAsked, mayChooseKey } from '../world/keys-of-resources.ts'
import type { Neighbour, Neighbours } from '../world/neighbours.ts'
import { assumedPolicy, resourceSet } from '../world/resource-policy.ts'
import { accountOfArn, type Principal, type Role, type World } from '../world/world.ts'
import type { WorldIndex } from '../world/world-index.ts'
import { type Actor, callerFor } from './actor.ts'
import { bringsTags, forwarded, taggingOf } from './brought.ts'
import { callerArn } from './caller.ts'
import { withoutNames } from './new-name.ts'
import { type Binding, regionOf, requestKeys, resourceOf } from './request-keys.ts'
import { resourceTags, sureTagsOf } from './resource-tags.ts'
import { type Known, readAbove, readTemplate, shapeOf } from './shape.ts'
import { TrustQuestions } from './trust-question.ts'
import { type CallerKeys, grantTo } from './variant.ts'

/** A call of a technique: who makes it, what is bound, and the values of ARN variables that follow from that. */
export interface Call {
  readonly actor: Actor
  readonly technique: Technique
  readonly binding: Binding
  readonly known: Known
}

/** Makes the requests of techniques: which resource, and which condition keys. */
export class Questions extends TrustQuestions {
  readonly table: TechniqueTable

  readonly index: WorldIndex

  constructor(world: World, table: TechniqueTable, index: WorldIndex, neighbours: Neighbours<Neighbour>) {
    super(world, table, neighbours)
    this.table = table
    this.index = index
  }

  /** The values of templates' variables that follow from the binding: the region and the names of existing things. */
  known(technique: Technique, needs: readonly TechniqueNeed[], binding: Binding): Known {
    let known: Record<string, string> = {}
    for (const need of needs) {
      const resource = resourceOf(need, binding)
      if (resource === undefined) continue
      known = { ...regionOf(resource.arn), ...known }
      for (const group of this.table.actions[need.action]?.on ?? []) {
        for (const { arns } of group) {
          for (const template of arns) known = { ...readAbove(template, resource.arn), ...known }
        }
      }
    }
    if (technique.workloads !== undefined && binding.workload !== undefined) {
      known = { ...regionOf(binding.workload.arn), ...known }
    }
    const { newName } = binding
    if (newName?.is === 'named')
      known = { ...known, RoleNameWithPath: newName.name, UserNameWithPath: newName.name }
    known = { ...known, ...this.#memberNames(binding) }
    if (binding.stacksIn !== undefined) known = { ...known, StackSetTarget: binding.stacksIn }
    delete known.Partition
    delete known.Account
    return known
  }

  /** The names of a member in Organizations' ARNs whose root user is the target. */
  #memberNames({ target }: Binding): Known {
    if (target === undefined || !target.arn.endsWith(':root')) return {}
    const { account, organization } = this.world
    const id = organization.id?.replace(/^o-/, '')
    return {
      MemberAccountId: target.account,
      ManagementAccountId: organization.managementAccount ?? account,
      ...(id === undefined ? {} : { OrganizationId: id }),
    }
  }

  /** Policies with the RCPs of an account, if they bind an action. */
  withRcps(action: string, policies: Asked['policies'], account = this.world.account): Asked['policies'] {
    const rcp = this.rcpsOfAccount(account)
    return rcp !== undefined && isBoundByRcps(action) ? combine(policies, rcp) : policies
  }

  /** Policies with that of a resource, if it has one. */
  withResource(arn: string, policies: Asked['policies'], account = this.world.account): Asked['policies'] {
    const policy = this.resourcePoliciesOf(account)?.of(arn)
    return policy === undefined ? policies : combine(policies, resourceSet(arn, policy))
  }

  /** Whether an action takes resources with ARNs of this form. */
  takes(action: string, arn: string): boolean {
    const templates = this.table.actions[action]?.on.flat().flatMap(({ arns }) => arns) ?? []
    return templates.some((template) => readTemplate(template, arn) !== undefined)
  }

  /**
   * The requests of one need, as alternatives: one of the lists must be allowed. Undefined if the resource that is bound
   * is not of a kind that the action takes.
   */
  ask(call: Call, need: TechniqueNeed): readonly (readonly Asked[])[] | undefined {
    const { actor, technique, binding, known } = call
    const action = this.table.actions[need.action]
    if (action === undefined) return undefined
    const caller = callerFor(actor, need.action)
    const invoker = callerFor(actor, 'lambda:InvokeFunction').variant.principal
    const bound = invoker === caller.variant.principal ? binding : { ...binding, invoker }
    const on = (resource: string | Shape, type: TechniqueResource | undefined) =>
      this.#withTags({ ...call, actor: caller, binding: bound }, need, resource, type)
    const literal = this.#literal(need, binding)
    if (literal !== undefined) return on(literal, action.on[0]?.[0])
    if (action.on.length === 0) return on('*', undefined)
    let alternatives: (readonly Asked[])[] = [[]]
    for (const [place, group] of action.on.entries()) {
      const own = place === 0 ? this.#ownArn(need, binding, known) : undefined
      const named = need.as === undefined ? group : group.filter(({ type }) => type === need.as)
      const types = ofItsService(named, resourceOf(need, binding)?.arn)
      const options = types.flatMap((type) =>
        (own === undefined ? this.#resources(need, type, binding, known) : [own]).flatMap((resource) =>
          on(resource, type),
        ),
      )
      if (options.length === 0) return undefined
      alternatives = alternatives.flatMap((each) => options.map((option) => [...each, ...option]))
    }
    const { arn } = resourceOf(need, binding) ?? {}
    const isAsked = arn !== undefined && !mayChooseKey(technique.needs, need)
    const keys = isAsked ? this.keysOf(caller, need.action, arn) : []
    return keys.length === 0 ? alternatives : alternatives.map((each) => [...each, ...keys])
  }

  /**
   * The requests about the key of AWS KMS under which a resource is, which a call on it asks of who makes it (GRD-470). A key
   * whose policy is in no file may allow it, and the fact is noted. [GRD-801]
   */
  keysOf(actor: Actor, call: string, resource: string): readonly Asked[] {
    const { variant } = actor
    return keysAsked(this.world, call, resource).map(({ action, key, context }) => {
      const account = accountOfArn(key)
      const known = this.resourcePoliciesOf(account)?.of(key)
      const policy = known ?? assumedPolicy(key, '*')
      return {
        call,
        request: this.request(actor, action, key, account, { context }),
        policies: this.withRcps(action, combine(variant.policies, resourceSet(key, policy)), account),
      }
    })
  }

  /** A request for an action that takes no resource, whatever techniques ask for. */
  plain(call: Call, action: string): Asked {
    const actor = callerFor(call.actor, action)
    const need: TechniqueNeed = { action, on: { is: 'any' } }
    return this.#asked({ ...call, actor }, need, '*', undefined)
  }

  /** A request on one resource: as it is, or with tags for what is made, and the call that tags it. */
  #withTags(
    call: Call,
    need: TechniqueNeed,
    resource: string | Shape,
    type: TechniqueResource | undefined,
  ): readonly (readonly Asked[])[] {
    const { actor, binding } = call
    const { brought } = binding
    const asked = this.#asked(call, need, resource, type)
    if (brought?.tags === undefined || !bringsTags(asked)) return [[asked]]
    const { tags: _tags, ...without } = brought
    const plain = { ...call, binding: { ...binding, brought: without } }
    const bare = this.#asked(plain, need, resource, type)
    const tagging = taggingOf(asked, this.table.actions[need.action]?.tagging, brought)
    if (tagging === undefined) return [[asked], [bare]]
    const policies = this.withRcps(tagging.request.action, actor.variant.policies)
    return [[asked, { ...tagging, policies }], [bare]]
  }

  /** iam:PassRole on the role that is handed over. */
  passRole(
    { actor, technique, known, binding: { workload, resources, profile, brought } }: Call,
    role: Role,
    service: string,
    call: string,
    resource?: string | Shape,
  ): Asked {
    const need: TechniqueNeed = { action: 'iam:PassRole', on: { is: 'target' } }
    // Where a role is put into a profile, the resource is any instance.
    const isProfile = call === 'iam:AddRoleToInstanceProfile'
    const binding: Binding = {
      target: role,
      workload,
      ...(resources === undefined ? {} : { resources }),
      profile: isProfile ? profile : undefined,
      ...(resource === undefined ? {} : { passedFor: resource }),
      ...(brought === undefined ? {} : { brought }),
      context: { 'iam:PassedToService': service },
    }
    const type = this.table.actions['iam:PassRole']?.on[0]?.[0]
    // Tags of a resource that nobody knows are not those of the role, though both have one key in the call.
    const isApart = [workload, ...(resources?.values() ?? [])].some(
      (each) => each !== undefined && !each.tags,
    )
    const asked = this.#asked({ actor, technique, known, binding }, need, role.arn, type)
    return { ...asked, call: isApart ? need.action : call }
  }

  #literal({ on }: TechniqueNeed, binding: Binding): string | undefined {
    switch (on.is) {
      case 'provider':
        return binding.provider
      case 'policy':
      case 'boundary':
        return binding.policy?.arn
      case 'target':
      case 'group':
      case 'profile':
        return binding[on.is]?.arn
      default:
        return undefined
    }
  }

  /**
   * The ARN of the existing resource, if it is of a type that the action takes, but has none of the type's forms: some
   * services have more forms than the reference lists. A resource below another one (an app of a user profile) has an
   * ARN of its own, which is not that of the other one.
   */
  #ownArn(need: TechniqueNeed, binding: Binding, known: Known): string | undefined {
    const resource = resourceOf(need, binding)
    if (resource === undefined || this.takes(need.action, resource.arn)) return undefined
    const templates = this.table.actions[need.action]?.on[0]?.flatMap(({ arns }) => arns) ?? []
    const isNamed = templates.some((template) =>
      [...template.matchAll(/\$\{(\w+)\}/g)].some(
        ([, name = '']) => !/^(?:Partition|Region|Account)$/.test(name) && known[name] !== undefined,
      ),
    )
    if (isNamed) return undefined
    const kind = kindOf(resource.arn)
    return templates.some((template) => kindOf(template) === kind) ? resource.arn : undefined
  }

  #resources(
    need: TechniqueNeed,
    type: TechniqueResource,
    binding: Binding,
    known: Known,
  ): readonly (string | Shape)[] {
    const { partition, account } = this.world
    const resource = resourceOf(need, binding)
    if (resource !== undefined) {
      const isOfType = type.arns.some((template) => readTemplate(template, resource.arn) !== undefined)
      if (isOfType) return [resource.arn]
      // an ARN of another service never fits
      const services = this.table.actions[need.action]?.on.flat().flatMap(({ arns }) => arns) ?? []
      if (services.every((template) => template.split(':')[2] !== resource.arn.split(':')[2])) return []
    }
    const service = need.action.slice(0, need.action.indexOf(':'))
    return type.arns.map((template) =>
      shapeOf(template, {
        partition,
        account,
        service,
        type: type.type,
        action: need.action,
        known,
        among: binding.among,
        isNew: need.on.is === 'new',
      }),
    )
  }

  #asked(
    { actor, technique, binding, known }: Call,
    need: TechniqueNeed,
    named: string | Shape,
    type: TechniqueResource | undefined,
  ): Asked {
    const { principal, ownTags, boundaryArn } = actor.variant
    const isSelf = principal.arn === binding.target?.arn
    const self = isSelf ? { ...binding.target, tags: ownTags, boundary: boundaryArn } : undefined
    const bound = self === undefined ? binding : { ...binding, target: self }
    const about = { world: this.world, need, binding: bound, known, type, resource: named }
    const own = requestKeys({
      world: this.world,
      table: this.table,
      need,
      binding: bound,
      known,
      type,
      tags: resourceTags(about),
      sureTags: sureTagsOf(about),
      passed: technique.passesTo === undefined ? undefined : binding.target?.arn,
    })
    const resource = resourceOf(need, binding)
    const account = resource === undefined ? this.world.account : (binding.account ?? this.world.account)
    const chosen = { ...own.chosen, ...grantees(need, own.chosen, binding.invoker ?? principal) }
    const direct = this.request(actor, need.action, named, account, { ...own, chosen })
    const request = binding.brought?.isForwarded === true ? forwarded(direct) : direct
    let { policies } = actor.variant
    if (resource !== undefined) policies = this.withResource(resource.arn, policies, account)
    if (need.ownGrant === true) {
      const further = [grantTo(callerArn(request.principal), [need.action], 'resource')]
      const source = resource && this.resourcePoliciesOf(account)?.of(resource.arn)
      const policy = source === undefined ? { further } : { source, further }
      policies = combine(policies, compile({ resource: { ...policy, grant: 'either' } }))
    }
    const asked = { request, policies: this.withRcps(need.action, policies, account), call: need.action }
    const { newName } = binding
    return newName?.is === 'other' && newName.patterns.length > 0
      ? withoutNames(asked, newName.patterns)
      : asked
  }
}

/**
 * The types of which an existing resource may be named: if it is of one of them, none of another service. An instance of
 * EC2 is no managed instance of Systems Manager. [GRD-433]
 */
function ofItsService(
  types: readonly TechniqueResource[],
  arn: string | undefined,
): readonly TechniqueResource[] {
  if (arn === undefined) return types
  const [, , service] = arn.split(':')
  const isOne = ({ arns }: TechniqueResource): boolean =>
    arns.some((template) => readTemplate(template, arn) !== undefined)
  return types.some(isOne)
    ? types.filter(({ arns }) => arns.some((template) => template.split(':')[2] === service))
    : types
}

/** The service of an ARN and the word before its name: `batch job-definition`. */
function kindOf(arn: string): string {
  const [, , service = '', , , ...rest] = arn.split(':')
  return `${service} ${/^[a-z-]*/i.exec(rest.join(':'))?.[0]}`
}

/**
 * A policy that the attacker writes for a function lets in who invokes it, or everyone: no service. What lets in the account
 * leaves it to the policies of its principals.
 */
function grantees(
  need: TechniqueNeed,
  chosen: CallerKeys['chosen'],
  { arn }: Principal,
): CallerKeys['chosen'] {
  const key = 'lambda:Principal'
  if (need.with?.[key] !== undefined) return {}
  return chosen[key] === undefined ? {} : { [key]: { values: [arn, '*'], mayBeAbsent: false } }
}
