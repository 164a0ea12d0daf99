import { reasonsOf } from '@omen-iam/policy'
import { type Call, type Judged, refusalSentence, shownPrincipals } from '../authorization/index.ts'
import { Fault, parseArn } from '../base/index.ts'
import { findRoleNamed } from '../directory/index.ts'
import { checkPaths, pathView, StepBudget, type StepView, shortArn } from '../graph/index.ts'
import type { RunningOmen } from '../index.ts'
import { graphOfAccount } from '../services/omen/search/index.ts'
import {
  type Answered,
  askAction,
  askAssume,
  askBearer,
  askMost,
  askMostTrust,
  askPass,
  type ClientCredentials,
  eventsNamed,
  fieldOf,
  type Identity,
  makeCall,
  textIn,
} from '../testing/index.ts'
import { type Check, questionsOf } from './form/index.ts'

/** How a check went. */
export interface CheckAnswer {
  readonly holds: boolean
  /** The answer, in a few words. */
  readonly got: string
  /** The excess: an action on a resource, or a principal. */
  readonly example?: string
  readonly path?: string
  /** AWS's sentence, or the code and message of a refusal. */
  readonly sentence?: string
  /** The decision, with the request and the policies: the last of them if there are several. */
  readonly judged?: Judged
  /** The call that was asked about, of a decision. */
  readonly call?: Call
  /** Questions that were asked. */
  readonly asked: number
}

/** The results that calls of one round keep for each other. */
export class Kept {
  readonly sessions = new Map<string, ClientCredentials>()
  readonly texts = new Map<string, string>()

  copy(): Kept {
    const copy = new Kept()
    for (const [name, session] of this.sessions) copy.sessions.set(name, session)
    for (const [name, text] of this.texts) copy.texts.set(name, text)
    return copy
  }
}

/** The server that checks are asked of. */
export interface CheckHouse {
  readonly omen: RunningOmen
  readonly kept: Kept
  /** ARNs and actions that the checks name: examples are made of them. */
  readonly names?: readonly string[]
  readonly actions?: readonly string[]
  /** A session policy that sessions of this role have in every check: the learner's. */
  readonly lent?: { readonly role: string; readonly policy: object }
}

/** Asks one check. @throws TypeError if it names something that does not exist */
export async function judgeCheck(check: Check, house: CheckHouse): Promise<CheckAnswer> {
  try {
    return await answerOf(check, house)
  } catch (error) {
    if (error instanceof Fault) throw new TypeError(error.message)
    throw error
  }
}

function answerOf(check: Check, house: CheckHouse): Promise<CheckAnswer> | CheckAnswer {
  if (check.paths !== undefined) return pathsOf(check.paths, house)
  if (check.trail !== undefined) return eventsOf(check, house)
  if (check.call !== undefined) return callOf(check.call, check, house)
  if (check.most !== undefined) return mostOf(check.most, check, house)
  if (check['most-trust'] !== undefined) return mostTrustOf(check['most-trust'], check, house)
  return decisionsOf(check, house)
}

/** Asks every question of a check that is about decisions; the first that is otherwise than expected is the answer. */
async function decisionsOf(check: Check, house: CheckHouse): Promise<CheckAnswer> {
  const { context = {}, because, on = '*', to = '' } = check
  let asked = 0
  let last: CheckAnswer = { holds: false, got: 'nothing is asked', asked }
  for (const { thing, kind, expected } of questionsOf(check)) {
    for (const resource of kind === 'action' ? [on].flat() : ['']) {
      asked++
      if (check.bearer !== undefined) {
        const bearer = check.bearer.startsWith('arn:')
          ? { provider: check.bearer }
          : { service: check.bearer }
        const isAllowed = askBearer(bearer, thing, textsOf(context), house.omen.as('root'))
        last = { holds: isAllowed === expected, got: isAllowed ? 'allowed' : 'denied', asked }
      } else {
        const who = identityOf(check, house)
        const answered = await (kind === 'action'
          ? askAction(who, thing, resource, context)
          : kind === 'assume'
            ? askAssume(who, thing, context)
            : askPass(who, thing, to))
        last = { ...judged(answered, expected, because), asked }
      }
      if (!last.holds) {
        const example = kind === 'action' ? { example: exampleOf(thing, resource) } : {}
        return { ...last, ...example }
      }
    }
  }
  return last
}

function judged(
  answered: Answered,
  expected: boolean,
  because: string | undefined,
): Omit<CheckAnswer, 'asked'> {
  const { decision } = answered.judged
  const isAllowed = decision.outcome === 'allowed'
  const isMeant = because === undefined || isAllowed || reasonsOf(answered.trace).has(because.toLowerCase())
  return {
    holds: isAllowed === expected && isMeant,
    got: isAllowed ? 'allowed' : `denied by ${decision.layer}`,
    judged: answered.judged,
    call: answered.call,
    ...(isAllowed ? {} : { sentence: refusalSentence(answered.judged) }),
  }
}

function identityOf({ who = 'root', session }: Check, { omen, lent }: CheckHouse): Identity {
  const narrowed = lent !== undefined && who === lent.role ? { policy: lent.policy } : {}
  return omen.as(who, { ...narrowed, ...session })
}

function exampleOf(action: string, resource: string): string {
  if (resource === '*') return action
  const short = /^arn:aws:iam::\d{12}:((?:role|user|policy)\/.+)$/.exec(resource)?.[1]
  return `${action} on ${short ?? resource}`
}

function pathsOf(
  { from, to = 'administrator', expect }: NonNullable<Check['paths']>,
  { omen }: CheckHouse,
): CheckAnswer {
  const { deps } = omen.omen
  const account = deps.directory.loaded(deps.firstAccount)
  if (account === undefined) throw new TypeError('the first account is gone')
  const { graph } = graphOfAccount(account, deps)
  const budget = new StepBudget()
  const answer = checkPaths(graph, { from: [from], to: [to], expect, except: [] }, { budget })
  if (answer.unmatched.length > 0)
    throw new TypeError(`there is no user or role ${answer.unmatched.join(', ')}`)
  const [worst] = [...answer.wrong, ...answer.undecided]
  if (worst === undefined) return { holds: true, got: expect, asked: answer.asked }
  const [best] = worst.paths
  const path = best === undefined ? worst.verdict : wayOf(pathView(graph.world, best).steps)
  return { holds: false, got: worst.verdict, path, asked: answer.asked }
}

/** A path in a line: who takes which step, and who that leads to. */
function wayOf(steps: readonly StepView[]): string {
  return steps
    .filter(({ technique }) => technique !== 'administrator')
    .map(({ from, to, requests }) => {
      const actions = [...new Set(requests.map(({ action }) => action))].join(', ')
      return `${shortArn(from)} ─ ${actions} → ${shortArn(to)}`
    })
    .join('; ')
}

async function eventsOf({ trail = '', where, count }: Check, { omen }: CheckHouse): Promise<CheckAnswer> {
  const events = await eventsNamed(omen.omen.deps, trail, where)
  const holds = count === undefined ? events.length > 0 : events.length === Number(count)
  return { holds, got: `${events.length} events`, asked: 1 }
}

async function callOf(operation: string, check: Check, house: CheckHouse): Promise<CheckAnswer> {
  const { who = 'root', input = {}, code, equals = {}, keep = {}, wears } = check
  const { kept } = house
  const identity = callerOf(who, check, house)
  const filled = JSON.parse(JSON.stringify(input), (_, value) =>
    typeof value === 'string' && value.startsWith('$') ? (kept.texts.get(value.slice(1)) ?? value) : value,
  ) as Readonly<Record<string, unknown>> // an object as it was
  const answer = await makeCall(identity, operation, filled)
  if (!answer.ok) {
    const sentence = `${answer.code}: ${answer.message}`
    return { holds: code === answer.code, got: answer.code, sentence, asked: 1 }
  }
  if (wears !== undefined) {
    const text = (name: string) => textIn(answer.output, name) ?? ''
    const keys = { accessKeyId: text('AccessKeyId'), secretAccessKey: text('SecretAccessKey') }
    kept.sessions.set(wears, { ...keys, sessionToken: text('SessionToken') })
    kept.sessions.set(`${wears}.half`, keys)
  }
  for (const [name, element] of Object.entries(keep))
    kept.texts.set(name, textIn(answer.output, element) ?? '')
  for (const [element, wanted] of Object.entries(equals)) {
    const got = textIn(answer.output, element)
    if (got !== wanted) return { holds: false, got: got ?? 'nothing', asked: 1 }
  }
  const texts = Object.entries(equals).map(([element, text]) => `${element}: ${text}`)
  return { holds: code === undefined, got: texts.join(', ') || 'it works', asked: 1 }
}

function callerOf(who: string, check: Check, house: CheckHouse): Identity {
  if (!who.startsWith('$')) return identityOf(check, house)
  const session = house.kept.sessions.get(who.slice(1))
  if (session === undefined) throw new TypeError(`no call has begun the session ${who}`)
  return house.omen.as(session)
}

async function mostOf(policy: object, check: Check, house: CheckHouse): Promise<CheckAnswer> {
  const { names = [], actions = [] } = house
  const of = check.of === undefined ? {} : { of: check.of }
  const answer = await askMost(identityOf(check, house), JSON.stringify(policy), { ...of, names, actions })
  const { asked } = answer
  if (answer.verdict !== 'more') return { holds: true, got: answer.verdict, asked }
  return { holds: false, got: 'more', example: exampleOf(answer.action, answer.resource), asked }
}

function mostTrustOf(policy: object, { who = '' }: Check, { omen }: CheckHouse): CheckAnswer {
  const { deps } = omen.omen
  const owner = deps.directory.loaded(deps.firstAccount)
  const role = owner && findRoleNamed(owner, who.replace(/^role\//, ''))
  if (owner === undefined || role === undefined) throw new TypeError(`there is no role ${who}`)
  const answer = askMostTrust(
    shownPrincipals(role.trust, 'trust', { deps, account: owner }),
    JSON.stringify(policy),
  )
  if (answer.verdict !== 'more') return { holds: true, got: answer.verdict, asked: 1 }
  const example = parseArn(answer.principal ?? '')?.resource ?? answer.principal ?? ''
  return { holds: false, got: 'more', example, asked: 1 }
}

function textsOf(context: NonNullable<Check['context']>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(context).map(([key, value]) => [key, String(value)]))
}

/** The texts of an event that a question asks for, or undefined if there is none. */
export async function eventTexts(
  {
    trail,
    where,
    fields,
  }: {
    readonly trail: string
    readonly where?: Readonly<Record<string, string>>
    readonly fields: readonly string[]
  },
  omen: RunningOmen,
): Promise<readonly string[] | undefined> {
  // the first one: what a learner calls later changes no answer
  const event = (await eventsNamed(omen.omen.deps, trail, where)).at(-1)
  return event && fields.map((path) => fieldOf(event, path) ?? '')
}
