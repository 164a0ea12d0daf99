import {
  type Asked,
  type ContextInput,
  combine,
  compile,
  findWitness,
  type ResidualCondition,
} from '@omen-iam/policy'
import type { Path, PathsAnswer } from './answer.ts'
import { type OwnPermission, ownPermissions } from './own-permission.ts'
import { actionsWithin } from './power-pattern.ts'
import type { FactUsed } from './proof/fact.ts'
import { better, type Finding } from './proof/finding.ts'
import { administrator } from './proof/goal.ts'
import { unknownFacts } from './proof/unknown-behind.ts'
import type { Administrator } from './relevance/power-found.ts'
import { type Ends, lowered } from './relevance/search-options.ts'
import type { Shared } from './relevance/shared.ts'
import { type Actor, withMfa } from './request/actor.ts'
import { callerArn, callerKeys } from './request/caller.ts'
import { mayHaveMfa } from './request/form.ts'
import { grantTo } from './request/variant.ts'
import { type KeyAsked, keysAsked } from './world/keys-of-resources.ts'
import { valueIn } from './world/lists.ts'
import { resourcePolicyIn } from './world/neighbours.ts'
import { assumedPolicy, carrierOf, coversAction, isKey, resourceSet } from './world/resource-policy.ts'
import { accountOfArn, type Document, type Principal, type Resource, type World } from './world/world.ts'

/** A principal that may make a call, directly or through others. */
export interface Power {
  readonly principal: Principal
  readonly verdict: 'proven' | 'conditional' | 'undecided'
  /** The steps before the call; none if the principal may make it itself. */
  readonly steps: Path['steps']
  readonly residual: readonly ResidualCondition[]
  /** The facts that no file has and that the call depends on. */
  readonly facts: readonly FactUsed[]
  /** The call by which the principal lets itself make the call, if it needs one: `s3:PutBucketPolicy`. */
  readonly after?: string
}

/** A call on a resource. */
export interface Call {
  readonly action: string
  readonly resource: string
  /** The values of condition keys that the question states. */
  readonly context?: Readonly<Record<string, ContextInput>> | undefined
  /** The keys of AWS KMS that the call uses. */
  readonly keys?: readonly KeyAsked[]
  /** Of an action with wildcards: actions that it fits and that must be allowed as well. [GRD-570] */
  readonly within?: readonly string[]
}

/** A call, with the keys of AWS KMS that it uses and the actions within one with wildcards. */
export function callOf(world: World, action: string, resource: string, context: Call['context']): Call {
  return {
    action,
    resource,
    context,
    keys: keysAsked(world, action, resource),
    within: actionsWithin(world, action),
  }
}

/** The actions that are asked about a call: its own, those of its keys, and those by which a caller lets itself make them. */
export function actionsAsked({ action, resource, keys = [], within = [] }: Call): readonly string[] {
  const used = [{ action, resource }, ...keys.map((each) => ({ action: each.action, resource: each.key }))]
  return [...used, ...used.flatMap(ownPermissions)].map((each) => each.action).concat(within)
}

/** The answers to who comes to make a call, as powers. */
export function powersOf(
  answers: readonly PathsAnswer[],
  find: (arn: string) => Principal | undefined,
  call: Call,
): readonly Power[] {
  return answers.flatMap(({ from, verdict, residual, paths: [best] }) => {
    const principal = find(from)
    const isFound = verdict === 'proven' || verdict === 'conditional' || verdict === 'undecided'
    if (principal === undefined || best === undefined || !isFound) return []
    const steps = best.steps.filter(({ technique }) => technique !== administrator)
    const facts = best.steps.flatMap(({ technique, proof }) =>
      technique === administrator && proof !== undefined && 'facts' in proof
        ? proof.facts.filter(({ known }) => known === 'unknown')
        : [],
    )
    const after = ownPermissions(call).find(({ action }) => endRequests(best).includes(action))?.action
    return [{ principal, verdict, steps, residual, facts, ...(after === undefined ? {} : { after }) }]
  })
}

/** The actions of the requests at the end of a path. */
function endRequests({ steps }: Path): readonly string[] {
  return steps.flatMap(({ technique, proof }) =>
    technique === administrator && proof !== undefined && 'witness' in proof
      ? proof.witness.requests.map(({ action }) => action)
      : [],
  )
}

/** The principals that may make a call, as the end of paths. Decided by the search for a request that is allowed. */
export class CallEnds implements Ends {
  readonly name: string
  readonly #shared: Shared
  readonly #call: Call
  /** The call, and those by which a principal lets itself make it. */
  readonly #actions: readonly string[]
  /** By who acts, as far as it counts. */
  readonly #found = new Map<string, Administrator>()

  constructor(shared: Shared, call: Call) {
    this.name = JSON.stringify([call.action, call.resource, call.context])
    this.#shared = shared
    this.#call = call
    this.#actions = [call.action, ...ownPermissions(call).map((each) => each.action)].map(lowered)
  }

  get isUndecidedAtBest(): boolean {
    const resources = [this.#call.resource, ...(this.#call.keys ?? []).map(({ key }) => key)]
    return resources.some((resource) =>
      [...this.#shared.neighbours.all].every((each) => missingPolicy(each, resource) !== undefined),
    )
  }

  mayBe(principal: Principal): boolean {
    const shared = this.#of(principal.account)
    // A trust policy may let in whom nothing else allows anything.
    if (this.#actions.some((action) => /^sts:/.test(action))) return true
    const { grants } = shared.classes.saidBy(principal)
    if (this.#actions.some((action) => grants.some((each) => each.has(action)))) return true
    for (const { index } of shared.neighbours.all) {
      const given = index.resourcePolicies.actionsFor(principal)
      if (this.#actions.some((action) => coversAction(given, action))) return true
    }
    return false
  }

  of(actor: Actor): Administrator {
    const { principal } = actor.variant
    const shared = this.#of(principal.account)
    // A policy may name the caller itself in the resource.
    const own = this.#call.resource.includes(principal.name) ? principal.arn : ''
    const key = `${principal.account} ${shared.actorKey(actor)} ${own} ${JSON.stringify(actor.variant.tags)}`
    return valueIn(this.#found, key, () => endOf(findingOf(shared, actor, this.#call)))
  }

  #of(account: string): Shared {
    return this.#shared.neighbours.of(account) ?? this.#shared
  }
}

function endOf(finding: Finding): Administrator {
  if (finding === undefined || finding.verdict === 'blocked') return { is: 'no' }
  if (finding.verdict === 'undecided') return { is: 'unknown', proof: finding }
  return finding.residual.length > 0
    ? { is: 'conditional', residual: finding.residual, proof: finding }
    : { is: 'yes', proof: finding }
}

/** Whether an actor may make a call and use its keys: the weakest of the findings, with what all of them leave. */
export function findingOf(shared: Shared, actor: Actor, call: Call): Finding {
  let whole = directly(shared, actor, call)
  const others = [
    ...(call.keys ?? []).map(({ action, key, context }) => ({ action, resource: key, context })),
    ...(call.within ?? []).map((action) => ({ action, resource: call.resource, context: {} })),
  ]
  for (const { action, resource, context } of others) {
    if (whole === undefined || whole.verdict === 'blocked') return whole
    const used: Call = { action, resource, context: { ...call.context, ...context } }
    const finding = directly(shared, actor, used, resource === call.resource ? undefined : '*')
    if (finding === undefined || finding.verdict === 'blocked') return finding
    const [weaker, other] = better(whole, finding) === whole ? [finding, whole] : [whole, finding]
    const left = 'residual' in other ? other.residual : []
    whole = 'residual' in weaker ? { ...weaker, residual: [...left, ...weaker.residual] } : weaker
  }
  return whole
}

/**
 * Whether an actor may make a call by itself. Keys of the call itself are open. A policy in no file is assumed to leave the call to
 * the policies of the caller's account; that of a key that another call uses, to allow it: `*`. [GRD-801]
 */
function directly(
  shared: Shared,
  actor: Actor,
  call: Call,
  allowed = actor.variant.principal.account,
): Finding {
  const missing = missingPolicy(shared, call.resource)
  const { account } = actor.variant.principal
  const isOwner = ownerOf(call.resource, account, shared.neighbours) === account
  const decide = (requests: readonly Asked[]): Finding => {
    const answer = findWitness(requests)
    if (answer.verdict === 'blocked')
      return answer.isGranted ? { verdict: 'blocked', because: answer } : undefined
    const facts = [...unknownFacts([actor.variant.policies]), ...(missing === undefined ? [] : [missing])]
    if (answer.verdict === 'undecided')
      return { verdict: 'undecided', facts, open: answer.what ?? answer.reason }
    const residual = answer.verdict === 'conditional' ? answer.residual : []
    const verdict = facts.length > 0 ? 'undecided' : answer.verdict
    return { verdict, witness: answer, residual, facts, later: undefined, open: undefined }
  }
  const ask = (caller: Actor): Finding => {
    const assumed = missing === undefined ? undefined : allowed
    let best = decide([asked(shared, caller, call, assumed)])
    for (const own of ownPermissions(call)) {
      if (best?.verdict === 'proven') return best
      if (own.isAcrossAccounts === true || isOwner)
        best = better(best, decide(byItself(shared, caller, call, own, assumed)))
    }
    return best
  }
  const plain = ask(actor)
  const isEnough = plain?.verdict === 'proven' || !mayHaveMfa(actor.form)
  return isEnough ? plain : better(plain, ask(withMfa(actor)))
}

/**
 * The requests of a caller that lets itself make a call, and then the call. Sources:
 * https://docs.aws.amazon.com/kms/latest/developerguide/grants.html [GRD-793], the API references of the services [GRD-812]
 */
function byItself(
  shared: Shared,
  actor: Actor,
  call: Call,
  own: OwnPermission,
  assumed: string | undefined,
): readonly Asked[] {
  const plain = asked(shared, actor, call, assumed)
  const grantee = callerArn(plain.request.principal)
  const context = own.isGrant === true ? { ...call.context, ...grantKeys(call, grantee) } : call.context
  const made = asked(shared, actor, { action: own.action, resource: own.resource, context }, assumed)
  const isKept = own.policy === 'with'
  const after = isKept ? plain : asked(shared, actor, call, assumed, true)
  if (own.policy === 'none') return [made, after]
  const kept = isKept ? policyOf(shared, call.resource, assumed) : undefined
  const further = [grantTo(grantee, [call.action], 'resource')]
  const policy = kept === undefined ? { further } : { source: kept, further }
  const resource = { ...policy, grant: isKey(call.resource) ? 'explicit' : 'either' } as const
  return [made, { ...after, policies: combine(after.policies, compile({ resource })) }]
}

/** The policy of a resource, also one in no file that is assumed to leave calls to an account. */
function policyOf(
  { index, neighbours }: Shared,
  resource: string,
  assumed: string | undefined,
): Document | undefined {
  return assumed === undefined
    ? resourcePolicyIn({ index, neighbours }, resource)
    : assumedPolicy(resource, assumed)
}

/** The condition keys of a grant for one operation. */
function grantKeys({ action }: Call, grantee: string): Readonly<Record<string, ContextInput>> {
  return {
    'kms:GrantOperations': [action.slice('kms:'.length)],
    'kms:GranteePrincipal': grantee,
    'kms:GrantIsForAWSResource': 'false',
  }
}

/**
 * The fact that no file has the policy of a resource on which the call depends: of a key, and of a resource of another
 * account. Without the policy of a key, policies of IAM give nothing, and a caller of another account needs both. [POL-119]
 */
function missingPolicy({ world, index, neighbours }: Shared, resource: string): FactUsed | undefined {
  if (neighbours.principal(resource) !== undefined || resource === '*') return undefined
  if (resourcePolicyIn({ index, neighbours }, resource) !== undefined) return undefined
  const owner = ownerOf(resource, world.account, neighbours)
  const fact = {
    fact: 'policy',
    says: 'ofResource',
    of: { resource: carrierOf(resource) },
    known: 'unknown',
  } as const
  if (isKey(resource)) return fact
  if (owner === world.account) return undefined
  const inventory = neighbours.of(owner)?.world.inventory
  const isKnown =
    resourcesOf(owner, neighbours).some(isOne(resource)) ||
    (inventory?.resources !== undefined && inventory.listed === undefined)
  return isKnown ? undefined : fact
}

function asked(
  shared: Shared,
  actor: Actor,
  { action, resource, context: stated = {} }: Call,
  assumed: string | undefined,
  /** Whether the resource has no policy any more. */
  isBare = false,
): Asked {
  const { world, questions, neighbours } = shared
  const role = neighbours.principal(resource)
  const owner = ownerOf(resource, world.account, neighbours)
  const { principal, ...keys } = questions.inAccount(callerKeys(world, actor), owner)
  const names = new Set(Object.keys(stated).map((key) => key.toLowerCase()))
  const others = <Value>(all: Readonly<Record<string, Value>>): Record<string, Value> =>
    Object.fromEntries(Object.entries(all).filter(([key]) => !names.has(key.toLowerCase())))
  const withoutMfa =
    actor.form === 'key' && actor.asksMfa !== true
      ? ['aws:MultiFactorAuthPresent', 'aws:MultiFactorAuthAge', 'aws:TokenIssueTime']
      : []
  const policy = isBare ? undefined : policyOf(shared, resource, assumed)
  const { policies } = actor.variant
  const own = policy === undefined ? policies : combine(policies, resourceSet(resource, policy))
  return {
    request: {
      principal,
      action,
      resource,
      resourceAccount: owner,
      context: {
        ...others(keys.context),
        'aws:ResourceAccount': owner,
        ...(/^arn:[^:]*:s3:/.test(resource) ? { 's3:ResourceAccount': owner } : {}),
        ...stated,
      },
      chosen: others(keys.chosen),
      open: others(keys.open),
      absent: withoutMfa.filter((key) => !names.has(key.toLowerCase())),
    },
    policies:
      role?.type === 'role' && /^sts:(?:AssumeRole|TagSession|SetSourceIdentity)$/i.test(action)
        ? questions.withTrust(actor.variant, role)
        : questions.withRcps(action, own, owner),
  }
}

/** The account of a resource. A bucket's ARN names none: that of the inventory that has it, or the caller's. */
function ownerOf(arn: string, caller: string, neighbours: Shared['neighbours']): string {
  const named = accountOfArn(arn)
  if (/^\d{12}$/.test(named)) return named
  for (const { world } of neighbours.all)
    for (const account of [world.account, ...(world.elsewhere?.keys() ?? [])])
      if (resourcesOf(account, neighbours).some(isOne(arn))) return account
  return caller
}

function isOne(named: string): (resource: Resource) => boolean {
  const carrier = carrierOf(named)
  return ({ arn }) => arn === named || arn === carrier
}

/** The resources of an account, which need not be in view. */
function resourcesOf(account: string, neighbours: Shared['neighbours']): readonly Resource[] {
  const known = neighbours.of(account)?.world.inventory.resources
  return known ?? [...neighbours.all].flatMap(({ world }) => world.elsewhere?.get(account) ?? [])
}
