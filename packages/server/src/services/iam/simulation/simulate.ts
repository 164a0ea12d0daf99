import {
  Budget,
  type CompiledSet,
  Context,
  combine,
  compile,
  keysAsWritten,
  type PolicySource,
  type Trace,
  trace,
} from '@omen-iam/policy'
import { addOrganizationKeys, type Call, type Levels, storedDocument } from '../../../authorization/index.ts'
import { accountInArn, assert } from '../../../base/index.ts'
import type { Iam } from '../../../model/index.ts'
import { findEntity } from '../entity.ts'
import { invalidInput } from '../faults.ts'
import { page } from '../page.ts'
import { callerContext, type SimulatedCaller } from './caller.ts'
import { addEntries } from './context-entries.ts'
import { inputPolicy } from './documents.ts'
import {
  checkActions,
  checkResourcePolicy,
  lengthOf,
  ownerOf,
  resourcesOf,
  type SimulationInput,
} from './input.ts'
import { simulatedSources } from './operands.ts'
import { type Answer, allowedBy, evaluationResult } from './results.ts'
import { fitsAction } from './templates.ts'

/** The caller and its policies. */
export interface Subject {
  readonly caller: SimulatedCaller
  /** Whether the request names the caller; if not, every resource counts as of the caller's own account. */
  readonly callerGiven: boolean
  readonly identity: readonly PolicySource[]
  readonly boundary: readonly PolicySource[] | undefined
  readonly scp: Levels | undefined
  /** Whether results say what the organization allows even if no SCP binds the caller (behaviour SIM-15). */
  readonly inOrganization: boolean
  /** Whether roles' own trust policies are used if the request has none. */
  readonly ownTrust: boolean
}

/**
 * The most statements that one answer evaluates, each as often as it is asked. A page is shorter if its actions have
 * many resources and policies, as AWS's may be. One action may take more, but not without limit, because no other call
 * is answered meanwhile.
 */
const statementsOfPage = 50_000
const statementsOfAction = 100_000
/**
 * The engine's steps for one page (behaviour SIM-33). Reading its documents counts too, but some steps are reserved.
 */
const steps = { ofPage: 1_000_000, ofCharacter: 0.5, least: 400_000 }
/** The least cost of an answer about one resource, in statements. */
const statementsOfAnswer = 4

/** The page of results that a simulation returns. */
export function simulate(input: SimulationInput, subject: Subject, call: Call): Iam.SimulatePolicyResponse {
  const { ActionNames: actions } = input
  const resources = resourcesOf(input)
  checkActions(actions, resources)
  const simulation = new Simulation(input, resources, subject, call)
  const numbered = actions.map((action, index) => ({ action, key: String(index).padStart(4, '0') }))
  const perAction =
    resources.length * (simulation.statements + simulation.missing.length + statementsOfAnswer)
  if (perAction > statementsOfAction) throw tooLarge()
  const most = Math.max(1, Math.floor(statementsOfPage / perAction))
  const paging = { Marker: input.Marker, MaxItems: Math.min(input.MaxItems ?? 100, most) }
  const { items } = page(
    numbered,
    ({ key }) => key,
    paging,
    () => true,
    invalidMarker,
  )
  const frame = { missing: simulation.missing, inOrganization: subject.inOrganization }
  const results: Iam.EvaluationResult[] = []
  for (const { action } of items) {
    const answers = simulation.answers(action, resources)
    if (answers === undefined) break
    results.push(evaluationResult(action, answers, frame))
  }
  if (results.length === 0 && items.length > 0) throw tooLarge()
  // a page that used all its steps ends sooner
  const { rest } = page(numbered, ({ key }) => key, { ...paging, MaxItems: Math.max(1, results.length) })
  return { EvaluationResults: results, ...rest }
}

function tooLarge() {
  return invalidInput('The simulation is too large: simulate fewer resources and policies at once.')
}

function invalidMarker() {
  return invalidInput('Invalid marker for pagination.')
}

const assuming = /^sts:assume/i

/** Whether the resource's policy is evaluated as a role's trust policy (behaviour SIM-30). */
function isAssuming(action: string): boolean {
  return assuming.test(action)
}

/** The policies of one simulation, compiled once; evaluated for each action and resource. */
class Simulation {
  readonly #subject: Subject
  readonly #call: Call
  readonly #owner: string
  readonly #context: Context
  readonly #contexts = new Map<string, Context>()
  readonly #budget: Budget
  readonly #own: CompiledSet
  /** The resource policy of the request, as an ordinary resource's and as a role's. */
  readonly #resource: CompiledSet | undefined
  readonly #trust: CompiledSet | undefined
  /** The same as a KMS key's: unless it allows, identity policies allow nothing (behaviour SIM-32). */
  readonly #key: CompiledSet | undefined
  /** The keys that the policies use and the request does not give, each as it is written (behaviour SIM-10). */
  readonly missing: readonly string[]

  constructor(input: SimulationInput, resources: readonly string[], subject: Subject, call: Call) {
    this.#subject = subject
    this.#call = call
    this.#budget = new Budget(Math.max(steps.least, steps.ofPage - steps.ofCharacter * lengthOf(input)))
    this.#owner = ownerOf(input.ResourceOwner) ?? subject.caller.account
    this.#context = callerContext(subject.caller, call)
    const given = addEntries(this.#context, input.ContextEntries ?? [])
    const { identity, boundary, scp } = subject
    const read = (sources: readonly PolicySource[]) => simulatedSources(sources, this.#context)
    this.#own = compile({
      identity: read(identity),
      ...(boundary && { boundary: read(boundary) }),
      ...(scp && { scp: scp.map(read) }),
    })
    const policiesShown = [...identity, ...(boundary ?? [])]
    const text = input.ResourcePolicy
    if (text !== undefined) {
      if (input.ActionNames.some(isAssuming)) this.#trust = resourceSet(givenPolicy(text, 'trust'), 'trust')
      if (input.ActionNames.some((action) => !isAssuming(action))) {
        const source = givenPolicy(text, 'resource')
        checkResourcePolicy(source.policy)
        policiesShown.push(source)
        this.#resource = resourceSet(read([source])[0]!, 'either') // as many as given
        if (resources.some(isKey)) this.#key = resourceSet(givenPolicy(text, 'key'), 'explicit')
      }
    }
    this.missing = keysAsWritten(policiesShown.map(({ policy }) => policy)).filter(
      (key) => !given.has(key.toLowerCase()),
    )
  }

  /** The most statements of each decision. */
  get statements(): number {
    const { identity, boundary, scp } = this.#own
    const layers = [identity, boundary, ...(scp ?? []), this.#resource?.resource, this.#trust?.resource]
    return layers
      .flatMap((layer) => layer?.policies ?? [])
      .reduce((sum, { policy }) => sum + policy.statements.length, 0)
  }

  /**
   * Returns the answers about an action; undefined if the page has too few steps left, because an answer is never
   * partial.
   */
  answers(action: string, resources: readonly string[]): readonly Answer[] | undefined {
    const answers: Answer[] = []
    for (const resource of resources) {
      answers.push(this.#answer(action, resource))
      if (this.#budget.isSpent) return undefined
    }
    return answers
  }

  #answer(action: string, resource: string): Answer {
    const owner = this.#ownerOf(resource)
    const context = this.#contextFor(owner)
    const special = isAssuming(action)
      ? (this.#trust ?? this.#ownTrust(resource))
      : isKey(resource)
        ? this.#key
        : undefined
    const side = special ?? (isAssuming(action) ? undefined : this.#resource)
    const set = side === undefined ? this.#own : combine(this.#own, side)
    const { principal } = this.#subject.caller
    const request = { principal, action, resource, resourceAccount: owner, context }
    const traced = trace(request, set, this.#budget)
    const crossAccount = owner !== this.#subject.caller.account
    const outcome = !fitsAction(action, resource)
      ? 'implicitDeny'
      : special === undefined
        ? outcomeOf(traced, crossAccount)
        : traced.decision.outcome
    return { resource, outcome, trace: traced, crossAccount }
  }

  #ownerOf(resource: string): string {
    const accountOfArn = resource === '*' ? undefined : accountInArn(resource)
    return this.#subject.callerGiven ? (accountOfArn ?? this.#owner) : this.#subject.caller.account
  }

  /** Adds the owner of the resource, unless the request named it. */
  #contextFor(owner: string): Context {
    if (this.#context.lookup('aws:resourceaccount') !== undefined) return this.#context
    const contextOfOwner = this.#contexts.get(owner)
    if (contextOfOwner !== undefined) return contextOfOwner
    const context = new Context(Object.fromEntries(this.#context.entries()))
    context.set('aws:ResourceAccount', owner)
    if (owner === this.#call.account.id) {
      addOrganizationKeys(context, 'Resource', this.#call.account, this.#call.deps.directory)
    }
    this.#contexts.set(owner, context)
    return context
  }

  #ownTrust(resource: string): CompiledSet | undefined {
    if (!this.#subject.ownTrust) return undefined
    const role = findEntity(this.#call.account, resource)
    if (role?.type !== 'role') return undefined
    const policy = storedDocument(role.record.trust, 'trust')
    assert(policy !== undefined, `the trust policy of ${role.record.id} cannot be read`)
    return resourceSet(
      { policy, source: { type: 'resource', name: role.record.name, arn: resource } },
      'trust',
    )
  }
}

/**
 * The simulator's own rule: what a resource policy allows within one account is allowed, however it names the caller and whatever the
 * boundary says; otherwise identity policies and boundary must allow, and across accounts all three (behaviour SIM-53).
 */
function outcomeOf(traced: Trace, crossAccount: boolean): Trace['decision']['outcome'] {
  if (traced.decision.outcome === 'explicitDeny') return 'explicitDeny'
  if (allowedBy(traced, 'scp') === false) return 'implicitDeny'
  const resource = allowedBy(traced, 'resource') === true
  const allowsItself = allowedBy(traced, 'identity') === true && allowedBy(traced, 'boundary') !== false
  return (crossAccount ? resource && allowsItself : resource || allowsItself) ? 'allowed' : 'implicitDeny'
}

const keyForm = /^arn:[^:]*:kms:[^:]*:[^:]*:key\//

function isKey(resource: string): boolean {
  return keyForm.test(resource)
}

function givenPolicy(text: string, kind: 'trust' | 'resource' | 'key'): PolicySource {
  const name = 'ResourcePolicy'
  const invalid = (message: string) => invalidInput(`Invalid Input ${name}: ${message}`)
  return { policy: inputPolicy(text, kind, invalid), source: { type: 'resource', name } }
}

function resourceSet(source: PolicySource, grant: 'either' | 'trust' | 'explicit'): CompiledSet {
  return compile({ resource: { source, grant } })
}
