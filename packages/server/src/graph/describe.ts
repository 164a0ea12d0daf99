import { type Determining, type ResidualCondition, wildcardMatcher } from '@omen-iam/policy'
import { commandOf, factNameIn, factValueIn, problemIn } from './fact-words.ts'
import type { Path, PathsAnswer } from './graph.ts'
import { heldBy } from './held-by.ts'
import { labelOfStep, shortArn } from './label.ts'
import type { Incomplete } from './proof/budget.ts'
import type { FactUsed } from './proof/fact.ts'
import type { Step } from './proof/fact-graph.ts'
import type { Verdict } from './reach.ts'
import { reasonWords, type SentenceLanguage, titleIn } from './sentences.ts'
import { whoFulfils } from './who.ts'
import { accountsIn, placeIn, type World } from './world/world.ts'

/** A statement that decides, and its place. */
export interface StatementPlace {
  readonly policy: string
  readonly layer: string
  /** In the file in which the policy is written; else in the policy's own text. */
  readonly line: number
  readonly column: number
  readonly file?: string
  /** The address of the resource in a plan or state of Terraform, which is often one line. */
  readonly resource?: string
  /** The account, if several are in view. */
  readonly account?: string
  /** The text of the statement, if texts are asked for. */
  readonly statement?: string
}

/** A place for people: `tools of dev:14:9`, in a file `tools of dev (roles.yaml:14:9)`. */
export function placeText(place: Omit<StatementPlace, 'layer'>, title = place.policy): string {
  return place.file === undefined ? placeWithin(place, title) : `${title} (${fileText(place, place.file)})`
}

/** The same within parentheses: `tools of dev, roles.yaml:14:9`. */
export function placeWithin(place: Omit<StatementPlace, 'layer'>, title = place.policy): string {
  const { file, line, column } = place
  return file === undefined ? `${title}:${line}:${column}` : `${title}, ${fileText(place, file)}`
}

function fileText({ line, column, resource }: Omit<StatementPlace, 'layer'>, file: string): string {
  return `${resource === undefined ? '' : `${resource}, `}${file}:${line}:${column}`
}

/** The form in which a path is described. */
export interface ViewOptions {
  /** The language of sentences; English if absent. */
  readonly language?: SentenceLanguage | undefined
  /** Whether the texts of statements are wanted. */
  readonly hasStatements?: boolean
}

/** A condition that is left, and who could fulfil it. */
export interface ResidualView {
  readonly operator: string
  readonly key: string
  readonly values: readonly string[]
  /** False: a Deny applies unless this condition does not hold. */
  readonly mustHold: boolean
  readonly who: string
  readonly at: StatementPlace
}

/** A request of a step, with the statements that allow it. */
export interface RequestView {
  readonly principal: string
  /** The ARN of the user or role that makes it, if that is not the one of the step. */
  readonly by?: string
  readonly action: string
  readonly resource: string
  readonly context: Readonly<Record<string, string | readonly string[]>>
  readonly decision: readonly StatementPlace[]
}

/** A fact that a step rests on, with its name and its value in words. */
export interface FactView extends Pick<FactUsed, 'fact' | 'known'> {
  readonly name: string
  readonly value: string
  /** Of what is not known: the read-only command that says it. [GRD-725] */
  readonly readBy?: string
  /** Of what is not known: whether no call says it. */
  readonly isUnreadable?: boolean
}

/** A request because of which a step is blocked. */
export interface RefusedView {
  /** The ARN of the user or role that makes it, if that is not the one of the step. */
  readonly by?: string
  readonly action: string
  readonly resource: string
  /** The layer that refuses: by a Deny, or because it has no Allow. */
  readonly layer: string
  /** The Deny. */
  readonly deny?: StatementPlace
}

/** A step, ready for JSON. */
export interface StepView {
  readonly from: string
  readonly to: string
  readonly technique: string
  /** The technique in AWS's words. */
  readonly label: string
  readonly gives: string
  readonly verdict: Verdict
  readonly delay: string
  readonly form: string
  readonly basis: string
  readonly requests: readonly RequestView[]
  readonly facts: readonly FactView[]
  readonly residual: readonly ResidualView[]
  /** The reason why a step is blocked, or the fact that the search did not decide. */
  readonly because?: string
  /** Of a step that is blocked by a refusal. */
  readonly refused?: RefusedView
}

/** A path, ready for JSON. */
export interface PathView {
  readonly verdict: Verdict
  readonly residual: readonly ResidualView[]
  readonly steps: readonly StepView[]
  /** The ARNs of users and roles that make calls of its steps, and that none of its steps leads to. */
  readonly alsoHeld?: readonly string[]
  /** Of a part of a longer path: the steps before it. */
  readonly before?: readonly StepView[]
  /** An edit that ends this path, in words. */
  readonly breaks?: string
}

/** An answer, ready for JSON. */
export interface AnswerView {
  readonly from: string
  readonly to: string
  readonly verdict: Verdict
  readonly residual: readonly ResidualView[]
  readonly paths: readonly PathView[]
  readonly problems: readonly string[]
  /** If the search ended early: there may be more paths, and better ones. */
  readonly incomplete?: Incomplete
  /** The accounts in view, if there are several. */
  readonly accounts?: readonly string[]
  /** The people and groups that have the role with which the paths begin. */
  readonly heldBy?: readonly string[]
}

/** An answer in the form that `--output json` prints and the API returns. Its sentences are in a language. */
export function answerView(
  world: World,
  { from, to, verdict, residual, paths, incomplete }: PathsAnswer,
  language?: SentenceLanguage,
): AnswerView {
  const holders = heldBy(world, from)
  return {
    from,
    to,
    verdict,
    residual: residual.map((each) => residualView(world, each)),
    paths: paths.map((path) => pathView(world, path, { language })),
    problems: world.problems.map((each) => problemIn(each, language ?? 'en')),
    ...(incomplete === undefined ? {} : { incomplete }),
    ...(world.others === undefined ? {} : { accounts: accountsIn(world).map(({ account }) => account) }),
    ...(holders.length === 0 ? {} : { heldBy: holders }),
  }
}

/** A path in the same form. */
export function pathView(
  world: World,
  { verdict, residual, steps, alsoHeld, before }: Path,
  options: ViewOptions = {},
): PathView {
  return {
    verdict,
    residual: residual.map((each) => residualView(world, each)),
    steps: steps.map((step) => stepView(world, step, options)),
    ...(alsoHeld === undefined ? {} : { alsoHeld }),
    ...(before === undefined ? {} : { before: before.map((step) => stepView(world, step, options)) }),
  }
}

/** A step in the same form. */
export function stepView(world: World, step: Step, options: ViewOptions = {}): StepView {
  const { language = 'en' } = options
  const { from, to, technique, gives, verdict, delay, form, basis, proof } = step
  const because = becauseOf(world, step, language)
  const refused = refusedOf(world, step, options)
  const witness = proof !== undefined && 'witness' in proof ? proof.witness : undefined
  return {
    from,
    to,
    technique,
    label: labelOfStep(step),
    gives,
    verdict,
    delay,
    form,
    basis,
    requests: witness === undefined ? [] : requestsOf(world, step, witness, options),
    facts: proof !== undefined && 'facts' in proof ? proof.facts.map((each) => factIn(each, language)) : [],
    residual: step.residual.map((each) => residualView(world, each)),
    ...(because === undefined ? {} : { because }),
    ...(refused === undefined ? {} : { refused }),
  }
}

function refusedOf(world: World, { proof, helpers }: Step, options: ViewOptions): RefusedView | undefined {
  if (proof?.verdict !== 'blocked' || 'fact' in proof.because) return undefined
  const { request, layer, deny } = proof.because
  const by = helperFor(helpers, request.action)
  return {
    ...(by === undefined ? {} : { by }),
    action: request.action,
    resource: String(request.resource),
    layer,
    ...(deny === undefined ? {} : { deny: shownPlace(world, deny, request.action, options) }),
  }
}

/** The ARN of who else makes the calls of an action. */
function helperFor(helpers: Step['helpers'], action: string): string | undefined {
  return helpers?.find(({ actions }) => actions.includes(action.toLowerCase()))?.from
}

function requestsOf(
  world: World,
  { helpers, residual }: Step,
  {
    requests,
    decisions,
  }: { readonly requests: readonly RequestOf[]; readonly decisions: readonly DecisionOf[] },
  options: ViewOptions,
): readonly RequestView[] {
  return requests.map((request, place): RequestView => {
    const { principal, action, resource, context } = request
    const shown = [...context.entries()].filter(
      ([key]) => !isAlwaysThere(key) && (!isTime(key) || residual.some((each) => isTime(each.key))),
    )
    const by = helperFor(helpers, action)
    return {
      principal: nameOf(principal),
      ...(by === undefined ? {} : { by }),
      action,
      resource,
      context: Object.fromEntries(shown),
      decision: (decisions[place]?.by ?? []).map((each) => shownPlace(world, each, action, options)),
    }
  })
}

type RequestOf = NonNullable<Extract<Step['proof'], { witness: unknown }>>['witness']['requests'][number]
type DecisionOf = NonNullable<Extract<Step['proof'], { witness: unknown }>>['witness']['decisions'][number]

function nameOf(principal: RequestOf['principal']): string {
  switch (principal.type) {
    case 'roleSession':
      return principal.sessionArn
    case 'service':
      return principal.names[0] ?? 'a service'
    case 'webIdentity':
    case 'saml':
      return principal.provider
    case 'anonymous':
      return 'anyone'
    case 'root':
    case 'user':
    case 'federatedUser':
      return principal.arn
  }
}

/** Keys of the time: what they hold says something only if a condition is left on it. */
function isTime(key: string): boolean {
  return /^aws:(?:currenttime|epochtime)$/i.test(key)
}

/** Keys that every request of a principal has: they say nothing of the step. */
function isAlwaysThere(key: string): boolean {
  return /^aws:(?:principal(?!tag)|userid|username|securetransport|viaawsservice|resourceaccount|requestedregion|useragent|referer|sourceaccount)/.test(
    key,
  )
}

/** The place of a statement, with its text if that is wanted. */
function shownPlace(
  world: World,
  by: Determining,
  action: string,
  { hasStatements = false }: ViewOptions,
): StatementPlace {
  const place = placeOf(world, by, action)
  const { start, end } = by.statement.span
  return hasStatements ? { ...place, statement: by.policy.text.slice(start.offset, end.offset) } : place
}

/** Where a statement is: at the value of its Action that is meant. */
export function placeOf(world: World, by: Determining, action: string): StatementPlace {
  const { layer, source, policy, statement } = by
  const { values, negated, span } = statement.action
  const value = negated ? undefined : values.find((each) => matches(each.value, action))
  const position = (value ?? statement.action).span.start ?? span.start
  const place = placeIn(world, policy, statement.index, position)
  return { policy: titleOf(source), layer, ...place }
}

function matches(pattern: string, action: string): boolean {
  return wildcardMatcher(pattern.toLowerCase())(action.toLowerCase())
}

/** The name of a policy for people: `dev-tools (user dev)`. */
export function titleOf({ name, arn, inline, group }: Determining['source']): string {
  const own = name ?? arn ?? 'a policy'
  const owner = inline?.owner ?? group?.slice(group.lastIndexOf('/') + 1)
  return owner === undefined ? own : `${own} of ${owner}`
}

function residualView(world: World, condition: ResidualCondition): ResidualView {
  const { operator, key, values, mustHold, by, span } = condition
  const place = placeIn(world, by.policy, by.statement.index, span.start)
  return {
    operator,
    key,
    values,
    mustHold,
    who: whoFulfils(condition),
    at: { policy: titleOf(by.source), layer: by.layer, ...place },
  }
}

/** A fact, ready for JSON. */
export function factIn(used: FactUsed, language: SentenceLanguage = 'en'): FactView {
  const { fact, known } = used
  const command = known === 'unknown' ? commandOf(used) : undefined
  return {
    fact,
    name: factNameIn(fact, language),
    value: factValueIn(used, language),
    known,
    ...(typeof command === 'string' ? { readBy: command } : {}),
    ...(command === null ? { isUnreadable: true } : {}),
  }
}

function becauseOf(world: World, step: Step, language: SentenceLanguage): string | undefined {
  const { proof } = step
  if (proof === undefined) return undefined
  const words = reasonWords[language]
  if (proof.verdict === 'blocked') {
    if ('fact' in proof.because)
      return words.factFails(factNameIn(proof.because.fact, language), proof.because.after)
    const { layer, deny, level, request } = proof.because
    const { action, resource } = request
    const by = helperFor(step.helpers, action)
    const who = by === undefined ? '' : `${shortArn(by)}: `
    if (deny === undefined) return `${who}${words.notAllowed(layer, level, action, String(resource))}`
    const place = placeOf(world, deny, action)
    const at = placeText(place, titleIn(place.policy, language))
    return `${who}${words.denied(at, layer, action, String(resource))}`
  }
  if ('open' in proof && proof.open !== undefined) return words.open(proof.open)
  const missing = 'facts' in proof ? proof.facts.filter(({ known }) => known === 'unknown') : []
  return missing.length === 0 ? undefined : words.missing(missing.map((each) => factIn(each, language)))
}
