import {
  type Principal as Caller,
  type CompiledSet,
  Context,
  combine,
  compile,
  evaluate,
  principalContext,
} from '@omen-iam/policy'
import { callerOf } from '../request/caller.ts'
import { keysOfTags } from '../request/keys-of-tags.ts'
import { PolicySets } from '../request/variant.ts'
import { valueIn } from '../world/lists.ts'
import { carrierOf, ResourcePolicies, resourceSet } from '../world/resource-policy.ts'
import { accountsIn, type Principal, principalOf, type Role, type World } from '../world/world.ts'

/** The part of a trail that was read: calls that were made, each once. */
export interface TrailRead {
  readonly calls: readonly SeenCall[]
  /** The time of the oldest event that was read (ISO 8601), if older ones of the period were not. */
  readonly since?: string
}

/** A call that was made: a question that policies answered. */
export interface SeenCall {
  /** The ARN of a user or role, or the name of a service. */
  readonly principal: string
  readonly action: string
  readonly resource: string
  /** The service that a role was passed to. */
  readonly passedTo?: string
  readonly calls: number
  /** When it was made last. ISO 8601. */
  readonly last?: string
}

/** Which seen calls a world allows: by policies alone, keys of the surroundings left out. */
export class SeenCalls {
  readonly #seen: readonly SeenCall[]
  /** The calls that the world allows as it is. */
  readonly #allowed: readonly SeenCall[]

  constructor(seen: readonly SeenCall[], world: World) {
    this.#seen = seen
    this.#allowed = this.#allowedIn(world, seen)
  }

  /** The services that roles were passed to. */
  get services(): readonly string[] {
    return [...new Set(this.#seen.flatMap(({ passedTo }) => passedTo ?? []))].sort()
  }

  /** The seen calls that a changed world no longer allows. */
  refusedIn(world: World): readonly SeenCall[] {
    if (this.#allowed.length === 0) return []
    const still = new Set(this.#allowedIn(world, this.#allowed))
    return this.#allowed.filter((call) => !still.has(call))
  }

  #allowedIn(world: World, calls: readonly SeenCall[]): readonly SeenCall[] {
    const all = new Map(accountsIn(world).map((each) => [each.account, new PolicySets(each)]))
    const policySetsOf = (account: string): PolicySets => all.get(account) ?? new PolicySets(world)
    const trusts = new Map<string, CompiledSet>()
    const resources = accountsIn(world).map((each) => ({
      account: each.account,
      policies: new ResourcePolicies(each),
    }))
    return calls.filter((call) => {
      const principal = principalOf(world, call.principal)
      const role = /^sts:AssumeRole/.test(call.action) ? principalOf(world, call.resource) : undefined
      const own = principal && policySetsOf(principal.account).variant(principal, []).policies
      const trust = role?.type === 'role' ? trustOf(role, trusts) : undefined
      const carrier = resources.find(({ policies }) => policies.of(call.resource) !== undefined)
      const source = carrier?.policies.of(call.resource)
      const resource = source && resourceSet(carrierOf(call.resource), source)
      const known = [own, trust, resource].filter((each) => each !== undefined)
      const policies = known.length === 0 ? undefined : known.reduce((one, other) => combine(one, other))
      if (policies === undefined) return false
      const request = requestOf(world, call, principal, carrier?.account)
      return evaluate(request, policies).outcome === 'allowed'
    })
  }
}

function trustOf(role: Role, known: Map<string, CompiledSet>): CompiledSet {
  return valueIn(known, role.arn, () => {
    const { trust } = role
    return compile({ resource: { ...(trust === undefined ? {} : { source: trust }), grant: 'trust' } })
  })
}

function requestOf(
  world: World,
  { principal: name, action, resource, passedTo }: SeenCall,
  principal: Principal | undefined,
  carrier: string | undefined,
) {
  const caller: Caller =
    principal === undefined
      ? { type: 'service', names: [name] }
      : callerOf(new PolicySets(world).variant(principal, []))
  return {
    principal: caller,
    action,
    resource,
    ...(principal === undefined || carrier !== undefined
      ? { resourceAccount: carrier ?? world.account }
      : {}),
    context: new Context({
      ...principalContext(caller),
      ...keysOfTags('aws:PrincipalTag', principal?.tags),
      // the call was allowed, whatever its surroundings were
      'aws:MultiFactorAuthPresent': 'true',
      'aws:SecureTransport': 'true',
      ...(passedTo === undefined ? {} : { 'iam:PassedToService': passedTo }),
    }),
  }
}
