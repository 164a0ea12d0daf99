import type { Answer, Asked, Shape } from '@omen-iam/policy'
import type { Technique, TechniqueNeed, TechniqueWay } from '../../authorization/catalogue/index.ts'
import { type Actor, callerFor, callersOf, withMfa } from '../request/actor.ts'
import { carrierOf, networkCalls } from '../request/brought.ts'
import { headsOf } from '../request/candidates.ts'
import { mayHaveMfa } from '../request/form.ts'
import { answerWithNewNames } from '../request/new-name.ts'
import { clusterProviders, podTrusts } from '../request/pod-trust.ts'
import type { Call, Questions } from '../request/question.ts'
import { refusal } from '../request/quick.ts'
import type { Binding } from '../request/request-keys.ts'
import { hasAllow } from '../request/statements.ts'
import { respelled } from '../request/tag-spelling.ts'
import { coversAction } from '../world/resource-policy.ts'
import { isListed, type Role } from '../world/world.ts'
import { bringings, mayBeForwarded } from './bringing.ts'
import { StepBudget } from './budget.ts'
import { type FactQuestion, type FactUsed, optionsOf } from './fact.ts'
import { type FactOption, none, product, unknown } from './fact-option.ts'
import { typesTaken } from './fact-resource.ts'
import { better, type Finding, findingOf, isOneCondition, isProven, isSettled } from './finding.ts'
import { taggedWays } from './new-tags.ts'
import { type Alternatives, isOpenToSessions, mayUseSession, ownSession } from './own-session.ts'
import { type Bound, partsOf, type Reads, readRecord } from './records.ts'
import { requestsOfRole } from './role-requests.ts'
import { sourceArnOf, sourceOf } from './source-arn.ts'
import { unknownFacts } from './unknown-behind.ts'

/** Asks for the steps of techniques. */
export class Prover {
  readonly questions: Questions
  /** Whether an actor can run code on an instance. */
  readonly controls: Bound['controls']
  /** Questions asked of the witness search so far. */
  asked = 0
  /** Counts the decisions and the entries that are looked at. */
  readonly budget: StepBudget

  readonly #readsOf: (technique: Technique) => Reads
  /** The record of the proof that is made now; undefined if it is of no technique. */
  #noting: Noting | undefined

  constructor(
    questions: Questions,
    controls: Bound['controls'],
    readsOf: (technique: Technique) => Reads,
    budget = new StepBudget(),
  ) {
    this.questions = questions
    this.controls = controls
    this.#readsOf = readsOf
    this.budget = budget
  }

  /** The best way in which an actor can use a technique on what is bound. What it reads is noted. */
  prove(actor: Actor, technique: Technique, binding: Binding): Finding {
    // Whether an actor controls an instance is asked within the proof of another technique.
    const outer = this.#noting
    this.#noting = { reads: this.#readsOf(technique), parts: partsOf(binding) }
    try {
      return this.#prove(actor, technique, binding)
    } finally {
      this.#noting = outer
    }
  }

  #prove(actor: Actor, technique: Technique, binding: Binding): Finding {
    let best: Finding
    const isRefused = this.#isRefusedWithoutMfa(actor, technique, binding)
    for (const way of technique.ways.length === 0 ? [nothing] : technique.ways) {
      if (binding.only !== undefined && way.needs[0]?.action !== binding.only) continue
      const needs = [...technique.needs, ...way.needs]
      const known = this.questions.known(technique, needs, binding)
      const call: Call = { actor, technique, binding, known }
      const question = this.#factQuestion(call)
      const facts = [...technique.facts, ...way.facts]
      const options = product([
        binding.isRoleUnknown === true ? unknown('role', 'notSaid', { member: 'role' }) : [none],
        ...this.#unbound(technique, needs, binding),
        ...facts.map((fact) => optionsOf(fact, question)),
        taggedWays(actor, needs, binding.newTags),
      ])
      for (const option of options) {
        best = better(best, this.#plan(call, needs, option, way))
        if (isProven(best) || (isRefused && isOneCondition(best))) return best
      }
      best ??= this.#missing(call, question, needs, facts, options.length > 0)
    }
    return best
  }

  /** Whether a request that every way needs is refused without MFA: no way is better than one condition. */
  #isRefusedWithoutMfa(actor: Actor, technique: Technique, binding: Binding): boolean {
    if (technique.ways.length < 2 || !mayHaveMfa(actor.form) || this.questions.world.stated) return false
    if (!this.#mayStart(actor, technique.needs)) return false
    if (bringings(this.questions.table, actor, technique.needs).length > 0) return false
    const known = this.questions.known(technique, technique.needs, binding)
    const alternatives = this.#alternatives({ actor, technique, binding, known }, technique.needs)
    return alternatives.length > 0 && alternatives.every((asked) => refusal(asked) !== undefined)
  }

  /** Asks for requests that are made already. */
  proveAsked(alternatives: Alternatives, actor: Actor): Finding {
    return this.#both(alternatives, actor, [], undefined)
  }

  #plan(call: Call, needs: readonly TechniqueNeed[], option: FactOption, way: TechniqueWay): Finding {
    const { actor, technique, binding } = call
    const all = [...needs, ...option.needs]
    if (all.length === 0 && technique.passesTo === undefined) return undefined
    if (!this.#mayStart(actor, all)) return undefined
    const { resources, fixed, among, newTags, context } = option
    const bound: Binding = {
      ...binding,
      ...(context === undefined ? {} : { context: { ...binding.context, ...context } }),
      ...(newTags === undefined ? {} : { newTags }),
      ...(among === undefined ? {} : { among }),
      ...(resources === undefined
        ? {}
        : { resources: new Map([...(binding.resources ?? []), ...resources]) }),
    }
    const known = { ...call.known, ...fixed }
    const ask = (now: Binding, facts: readonly FactUsed[]): Finding => {
      const { target, brought } = now
      const isInNetwork = brought?.isInNetwork === true
      const network = isInNetwork ? networkCalls(all.map(({ action }) => action)) : noNetwork
      const interfaces =
        isInNetwork && target?.type === 'role' ? this.#asTarget(target, network.role, '*') : []
      const alternatives: Alternatives = (caller) => {
        const made: Call = { actor: caller, technique, binding: now, known }
        return this.#alternatives(made, all).map((asked) => [
          ...(binding.ahead?.(caller) ?? []),
          ...asked,
          ...network.caller.map((action) => this.questions.plain(made, action)),
          ...interfaces,
          ...(option.asked ?? []),
          ...(option.askedWith?.(caller) ?? []),
          ...(binding.more?.(caller) ?? []),
        ])
      }
      return this.#both(alternatives, actor, facts, way.later)
    }
    const carrier = carrierOf(all.map(({ action }) => action))
    let best = ask(carrier === undefined ? bound : { ...bound, brought: { carrier } }, option.facts)
    if (isProven(best)) return best
    for (const { brought, facts } of bringings(this.questions.table, actor, all)) {
      best = better(best, ask({ ...bound, brought }, [...option.facts, ...facts]))
      if (isProven(best)) return best
    }
    if ((best !== undefined && 'residual' in best) || !mayBeForwarded(actor, all)) return best
    return better(best, ask({ ...bound, brought: { carrier, isForwarded: true } }, option.facts))
  }

  /** Whether each action has an Allow at all: most techniques end here. */
  #mayStart(actor: Actor, needs: readonly TechniqueNeed[]): boolean {
    const { resourcePolicies } = this.questions.index
    return needs.every(({ action, ownGrant }) => {
      this.#noting?.reads.noteAllow(action)
      if (ownGrant === true) return true
      const { policies, principal } = callerFor(actor, action).variant
      if (hasAllow(policies, action)) return true
      const granted = resourcePolicies.actionsFor(principal)
      return granted.length > 0 && coversAction(granted, action.toLowerCase())
    })
  }

  #alternatives(call: Call, needs: readonly TechniqueNeed[]): readonly (readonly Asked[])[] {
    const { technique, binding, known } = call
    const { questions } = this
    let alternatives: (readonly Asked[])[] = [[]]
    const role = binding.target?.type === 'role' ? binding.target : undefined
    const passes = technique.passesTo !== undefined && role !== undefined
    const isListed = needs.some(({ action }) => action === 'iam:PassRole')
    for (const need of needs) {
      const bound =
        need.action === 'iam:PassRole' && technique.passesTo !== undefined
          ? { ...binding, context: { 'iam:PassedToService': technique.passesTo[0] ?? '' } }
          : binding
      const asked = questions.ask({ ...call, binding: bound }, need)
      if (asked === undefined) return []
      alternatives = alternatives.flatMap((each) => asked.map((more) => [...each, ...more]))
    }
    if (passes && !isListed) {
      const services = technique.passesTo ?? []
      const first = needs[0]?.action ?? 'iam:PassRole'
      alternatives = services.flatMap((service) =>
        alternatives.map((each) => [questions.passRole(call, role, service, first, sourceOf(each)), ...each]),
      )
    }
    if (technique.trusts === undefined || role === undefined) return alternatives
    const { type, name } = technique.trusts
    if (type === 'federated') {
      const tokens = clusterProviders.includes(name)
        ? podTrusts(questions, questions.index, role, name)
        : [questions.poolTrust(role, name, binding)]
      return alternatives.flatMap((each) => tokens.map((token) => [...each, token]))
    }
    const own = binding.isOpened === true
    return alternatives.flatMap((each) => {
      const source = sourceArnOf(each, questions.world, known)
      return questions.serviceTrusts(role, name, source, own).map((trusts) => [...each, ...trusts])
    })
  }

  /** Without MFA first; where that is not proven, what would be allowed with it, or to a session without it. */
  #both(
    alternatives: Alternatives,
    actor: Actor,
    facts: readonly FactUsed[],
    later: string | undefined,
  ): Finding {
    let best = this.#search(actor, alternatives(actor), facts, later)
    const maySomeone = callersOf(actor).some(({ form }) => mayHaveMfa(form))
    if (!isProven(best) && !isSettled(best, facts) && maySomeone)
      best = better(best, this.#search(actor, alternatives(withMfa(actor)), facts, later))
    if (!mayUseSession(actor, best !== undefined && 'residual' in best ? best.residual : [])) return best
    const session: Actor = { ...actor, form: 'console' }
    const asked = alternatives(session).filter((each) => each.every(isOpenToSessions))
    return asked.length === 0
      ? best
      : better(best, this.#search(session, asked, [...facts, ownSession], later))
  }

  #search(
    actor: Actor,
    alternatives: readonly (readonly Asked[])[],
    facts: readonly FactUsed[],
    later: string | undefined,
  ): Finding {
    let best: Finding
    for (const asked of alternatives) {
      best = better(best, this.#answer(actor, asked, facts, later))
      if (isProven(best)) break
      for (const other of respelled(asked)) {
        best = better(best, this.#answer(actor, other, facts, later))
        if (isProven(best)) return best
      }
    }
    return best
  }

  #answer(
    actor: Actor,
    asked: readonly Asked[],
    facts: readonly FactUsed[],
    later: string | undefined,
  ): Finding {
    this.asked++
    this.budget.take()
    for (const { request } of asked) {
      const { action, resource } = request
      const parts = typeof resource === 'string' ? this.#noting?.parts.get(resource) : undefined
      this.#noting?.reads.note(action, parts)
    }
    const all = this.questions.withToken(actor, asked)
    const answer = answerWithNewNames(this.questions.index, all ?? asked, this.questions.answer)
    const given = [...facts, ...unknownFacts(asked.map(({ policies }) => policies))]
    return findingOf(all === undefined ? answer : firstOf(answer, asked.length), given, later)
  }

  /** Existing resources that no principal is bound to: unknown without a list of resources, otherwise empty. */
  #unbound(
    { workloads = [] }: Technique,
    needs: readonly TechniqueNeed[],
    binding: Binding,
  ): readonly (readonly FactOption[])[] {
    const { inventory } = this.questions.world
    const workload = 'a resource that runs as the role'
    const isOfWorkload = binding.workload !== undefined
    const wanted: (readonly [name: string, types: readonly string[]])[] = needs.flatMap(({ on, action }) => {
      if (on.is === 'resource') return binding.resources?.has(on.type) === true ? [] : [[on.type, [on.type]]]
      return on.is === 'workload' && !isOfWorkload
        ? [[workload, typesTaken(action, workloads, this.questions.table)]]
        : []
    })
    // Calls of some rows do not name the resource that runs as the role: it must be there all the same.
    if (!isOfWorkload && workloads.length > 0 && wanted.every(([name]) => name !== workload))
      wanted.push([workload, workloads])
    const found = new Map<string, readonly FactOption[]>()
    for (const [name, types] of wanted) {
      const open = types.find((each) => !isListed(inventory, each))
      if (open === undefined) return [[]]
      // several calls on one resource wait for one list
      found.set(`${name} ${open}`, unknown(`exists ${name}`, 'notListed', { type: open }))
    }
    return [...found.values()]
  }

  /**
   * The finding if a fact does not hold, or holds only after calls that the actor may not make. It is blocked by that fact only
   * if the policies would allow the requests.
   */
  #missing(
    call: Call,
    question: Omit<FactQuestion, 'block'>,
    needs: readonly TechniqueNeed[],
    facts: readonly string[],
    isAfterCalls: boolean,
  ): Finding {
    const { actor } = call
    if (needs.length === 0 || !this.#mayStart(actor, needs)) return undefined
    const fails = (fact: string): boolean =>
      optionsOf(fact, question).every(({ needs: more }) => more.length > 0 && !this.#mayStart(actor, more))
    const fact = facts.find(fails)
    if (isAfterCalls && fact === undefined) return undefined
    const found = this.#search(actor, this.#alternatives(call, needs), [], undefined)
    if (found === undefined || found.verdict === 'blocked') return found
    const calls = fact === undefined ? [] : optionsOf(fact, question).flatMap((each) => each.needs)
    const after = [...new Set(calls.map(({ action }) => action))]
    return { verdict: 'blocked', because: { fact: fact ?? 'a resource that exists', after } }
  }

  #factQuestion(call: Call): Omit<FactQuestion, 'block'> {
    const { actor, technique, binding } = call
    const { questions, controls } = this
    return {
      questions,
      ...call,
      read: (name) => {
        this.#noting?.reads.noteRecord(name)
        return readRecord(name, { questions, actor, technique, binding, controls })
      },
      headsFor: (action) => {
        this.#noting?.reads.note(action)
        return headsOf(questions.world, actor.variant, action)
      },
      noteAlone: () => this.#noting?.reads.noteAlone(),
      asTarget: (actions, resource) =>
        binding.target?.type === 'role' ? this.#asTarget(binding.target, actions, resource) : [],
      mayAsk: (action) => this.#mayStart(actor, [{ action, on: { is: 'any' } }]),
      askAs: (role, need) => this.#askAs(call, role, need),
      ask: (need) => questions.ask(call, need) ?? [],
      passFor: (caller, role, service, action, resource) =>
        questions.passRole({ ...call, actor: caller }, role, service, action, resource),
      asAssumed: (role) => {
        const { target } = binding
        if (target?.type !== 'role') return []
        return questions.assume({ variant: this.variantOf(role), form: 'service' }, target, {})
      },
    }
  }

  /** The requests of a need that a role makes. A task of Amazon ECS is passed its role by who runs it. [PSR-29] */
  #askAs(call: Call, role: Role, need: TechniqueNeed): readonly (readonly Asked[])[] {
    const made: Call = { ...call, actor: { variant: this.variantOf(role), form: 'service' } }
    const { target } = call.binding
    const [service = ''] = call.technique.passesTo ?? []
    const passes = need.action === 'ecs:RunTask' && target?.type === 'role'
    const passing = passes ? [this.questions.passRole(made, target, service, need.action)] : []
    const alternatives = this.questions.ask(made, need) ?? []
    return alternatives.map((asked) => [...asked, ...passing])
  }

  /** Requests that the role which is the target makes by itself, as the service that runs as it does. */
  #asTarget(role: Role, actions: readonly string[], resource: string | Shape): readonly Asked[] {
    this.#noting?.reads.noteTarget()
    return requestsOfRole(this.questions, this.variantOf(role), actions, resource)
  }

  /** The role as it is. Set by the search, which has the policy sets. */
  variantOf: (role: Role) => Actor['variant'] = () => {
    throw new Error('no policy sets')
  }
}

/** Where a proof notes what it reads. */
interface Noting {
  readonly reads: Reads
  readonly parts: ReturnType<typeof partsOf>
}

const noNetwork = networkCalls([])
const nothing: TechniqueWay = { needs: [], facts: [] }

/** The answer without the requests that were added to make it. */
function firstOf(answer: Answer, count: number): Answer {
  if (!('requests' in answer)) return answer
  return { ...answer, requests: answer.requests.slice(0, count), decisions: answer.decisions.slice(0, count) }
}
