import { type Asked, findWitness, type ResidualCondition } from '@omen-iam/policy'
import type { TechniqueTable } from '../authorization/catalogue/index.ts'
import { type KeyAsked, keysAsked } from './power-keys.ts'
import type { StepBudget } from './proof/budget.ts'
import { exactStep, residualOf, type Step } from './proof/fact-graph.ts'
import { better, type Finding } from './proof/finding.ts'
import { administrator } from './proof/goal.ts'
import { unknownFacts } from './proof/unknown-behind.ts'
import type { SearchOptions } from './relevance/search-options.ts'
import type { Shared } from './relevance/shared.ts'
import { callerKeys, callerOf, mayHaveMfa } from './request/form.ts'
import type { Actor } from './request/trust-question.ts'
import { Search } from './search/search.ts'
import { Sides } from './search/sides.ts'
import { sharedOf } from './search/view.ts'
import type { Neighbours } from './world/neighbours.ts'
import { ended } from './world/pieces.ts'
import { carrierOf } from './world/resource-policy.ts'
import { accountOfArn, type Person, peopleIn, type World } from './world/world.ts'

/** Who may make a call, directly or through others. */
export interface Power {
  readonly person: Person
  readonly verdict: 'proven' | 'conditional' | 'undecided'
  /** The steps before the call; none if the principal may make it itself. */
  readonly steps: readonly Step[]
  readonly residual: readonly ResidualCondition[]
}

/**
 * Every principal that may make a call on a resource, by its own policies and that of the resource, or through what it can
 * become.
 */
export function powerOver(
  world: World,
  table: TechniqueTable,
  action: string,
  resource: string,
  options: SearchOptions & { readonly budget: StepBudget },
): readonly Power[] {
  const { budget } = options
  const keys = keysAsked(world, action, resource)
  const call = { action, resource, keys }
  const shared = sharedOf(world, table, [action, ...keys.map((key) => key.action)])
  const sides = new Sides(shared, options, undefined)
  const found = peopleIn(world).map((person) => {
    const search = new Search(shared, options)
    const power = powerOf(search, budget, sides, person, call)
    return { person, power, isAdministrator: search.graph.has(administrator) }
  })
  const able = found.flatMap(({ power }) => (power?.steps.length === 0 ? power.person : []))
  return found.flatMap(({ person, power, isAdministrator }) => {
    // What an administrator could become is not searched: it counts only for a call that something refuses to it.
    if (!isAdministrator) return power ?? []
    let best = power
    for (const { arn } of able) {
      if (best?.verdict === 'proven') break
      if (arn === person.arn) continue
      const through = powerOf(new Search(shared, options, arn), budget, sides, person, call)
      if (through !== undefined && (best === undefined || rank(through) < rank(best))) best = through
    }
    return best ?? []
  })
}

function powerOf(
  search: Search,
  budget: StepBudget,
  sides: Sides,
  person: Person,
  call: PowerCall,
): Power | undefined {
  ended(budget.through(search.walk(person), person.arn, search, true))
  let best: Power | undefined
  for (const [fact, held] of search.holdings.held) {
    for (const variant of search.holdings.variants(held)) {
      if (variant === undefined) continue
      const actor = { variant, form: held.form }
      if (!search.order.allows(actor, [fact, ...variant.changes])) continue
      budget.take()
      const finding = withKeys(sides.ofActor(actor).shared, actor, call)
      if (finding === undefined || finding.verdict === 'blocked') continue
      const steps = stepsTo(search, [fact, ...variant.changes])
      if (steps === undefined) continue
      const open = [finding.verdict, ...steps.map(({ verdict }) => verdict)]
      const verdict = open.includes('undecided')
        ? 'undecided'
        : open.includes('conditional')
          ? 'conditional'
          : 'proven'
      const residual = [...residualOf(steps), ...('residual' in finding ? finding.residual : [])]
      const power: Power = { person, verdict, steps: steps.map(exactStep), residual }
      if (best === undefined || rank(power) < rank(best)) best = power
    }
  }
  return best
}

/** A call, and the keys of AWS KMS that it uses. */
interface PowerCall {
  readonly action: string
  readonly resource: string
  readonly keys: readonly KeyAsked[]
}

/** Whether an actor may make a call and use its keys: the weakest of the findings, with what all of them leave. */
function withKeys(shared: Shared, actor: Actor, { action, resource, keys }: PowerCall): Finding {
  let whole = directly(shared, actor, action, resource)
  for (const { action, key, context } of keys) {
    if (whole === undefined || whole.verdict === 'blocked') return whole
    const finding = directly(shared, actor, action, key, context)
    if (finding === undefined || finding.verdict === 'blocked') return finding
    const [weaker, other] = better(whole, finding) === whole ? [finding, whole] : [whole, finding]
    const left = 'residual' in other ? other.residual : []
    whole = 'residual' in weaker ? { ...weaker, residual: [...left, ...weaker.residual] } : weaker
  }
  return whole
}

function rank({ verdict, residual, steps }: Power): number {
  return ['proven', 'conditional', 'undecided'].indexOf(verdict) * 1e6 + residual.length * 1e3 + steps.length
}

function stepsTo(search: Search, facts: readonly string[]): readonly Step[] | undefined {
  const steps: Step[] = []
  for (const fact of facts) {
    const proof = search.graph.proofs(fact, 1)[0]
    if (proof === undefined) return undefined
    steps.push(...proof.filter((step) => !steps.includes(step)))
  }
  return steps
}

/** Whether an actor may make a call by itself. Keys of the call itself are open. */
function directly(
  shared: Shared,
  actor: Actor,
  action: string,
  resource: string,
  more: KeyAsked['context'] = {},
): Finding {
  const ask = (mfa: boolean): Finding => {
    const answer = findWitness([asked(shared, actor, action, resource, mfa, more)])
    if (answer.verdict === 'blocked')
      return answer.isGranted ? { verdict: 'blocked', because: answer } : undefined
    if (answer.verdict === 'undecided')
      return { verdict: 'undecided', facts: [], open: answer.what ?? answer.reason }
    const residual = answer.verdict === 'conditional' ? answer.residual : []
    const facts = unknownFacts(actor, [])
    return {
      verdict: facts.length > 0 ? 'undecided' : answer.verdict,
      witness: answer,
      residual,
      facts,
      later: undefined,
      open: undefined,
    }
  }
  const plain = ask(false)
  return plain?.verdict === 'proven' || !mayHaveMfa(actor.form) ? plain : better(plain, ask(true))
}

function asked(
  { world, questions, neighbours }: Shared,
  actor: Actor,
  action: string,
  resource: string,
  mfa: boolean,
  more: KeyAsked['context'],
): Asked {
  const principal = callerOf(actor.variant)
  const role = neighbours.person(resource)
  const owner = ownerOf(resource, world.account, neighbours)
  const keys = questions.inAccount(callerKeys(world, actor.variant, principal, actor.form, mfa), owner)
  return {
    request: {
      principal,
      action,
      resource,
      resourceAccount: owner,
      context: {
        ...keys.context,
        'aws:ResourceAccount': owner,
        ...(/^arn:[^:]*:s3:/.test(resource) ? { 's3:ResourceAccount': owner } : {}),
        ...more,
      },
      chosen: keys.chosen,
      open: keys.open,
      absent:
        actor.form === 'key' && !mfa
          ? ['aws:MultiFactorAuthPresent', 'aws:MultiFactorAuthAge', 'aws:TokenIssueTime']
          : [],
    },
    policies:
      role?.type === 'role' && /^sts:(?:AssumeRole|TagSession|SetSourceIdentity)$/i.test(action)
        ? questions.withTrust(actor.variant, role)
        : questions.withRcps(action, questions.withResource(resource, actor.variant.policies, owner), owner),
  }
}

/** The account of a resource. A bucket's ARN names none: that of the inventory that has it, or the caller's. */
function ownerOf(arn: string, caller: string, { all }: Neighbours<Shared>): string {
  const named = accountOfArn(arn)
  if (/^\d{12}$/.test(named)) return named
  for (const { world } of all)
    if (world.inventory.things?.some((thing) => thing.arn === arn || thing.arn === carrierOf(arn)) === true)
      return world.account
  return caller
}
