import { parsePolicy } from '@omen-iam/policy'
import {
  budgetFor,
  type Call,
  callerArn,
  type DecidedCall,
  type DecisionRecord,
  type Dependencies,
  type FailedCall,
  hypotheticalCall,
  hypotheticalCaller,
  hypotheticalSession,
  type Judged,
  listDenials,
  mayAssume,
  type Origin,
  openRefusal,
  recallDecision,
  recallLastDenial,
  requestIdOf,
} from '../../authorization/index.ts'
import { type AccountId, accountInArn, parseAccountId, parseArn } from '../../base/index.ts'
import { type Account, findRoleNamed } from '../../directory/index.ts'
import { isSigned } from '../../session/index.ts'
import type { DenialHead } from '../../store/index.ts'
import { isReadOnly } from '../../trail/index.ts'
import { loadManagement } from '../admission.ts'
import { viewDecision, viewJudged, waysFor } from '../view/decision-view.ts'
import { findEvent } from '../view/find-event.ts'
import { withOpened } from '../view/opened-paths.ts'
import { isReadOfPage } from '../view/page-read.ts'
import { judgeQuestion } from '../view/question.ts'
import { type May, type Origins, type Reader, type Sight, sightOf } from '../view/reader.ts'
import { whoAmI } from '../whoami.ts'
import { type AdminRoute, Refusal, type RoutePermission, textIn } from './admin-route.ts'
import { asksWhatIf, longestChain } from './asked-principals.ts'

/** The most denials in a list. */
const listed = 100
/** Characters of a session policy, white space among them (AssumeRole takes 2,048 without it). */
const longestSessionPolicy = 10_240
const origin: Origin = { sourceIp: '127.0.0.1', userAgent: 'omen', host: '', secure: true }

/** A caller that may decode an authorization message may read the decision behind it. */
export const readsDecisions: RoutePermission = { action: 'sts:DecodeAuthorizationMessage' }

/** Questions about decisions: past ones, and hypothetical ones. */
export function reasonRoutes(deps: Dependencies): readonly AdminRoute[] {
  return [
    {
      method: 'GET',
      path: /^\/_omen\/decisions$/,
      by: readsDecisions,
      answer: async (_groups, _body, _signer, _query, within) => ({
        denials: (await listDenials(listed, deps))
          .filter(isWithin(within))
          .filter(({ id }) => !isPageRead(deps.decisions.find(id)?.call))
          .map(brief),
      }),
    },
    {
      method: 'GET',
      path: /^\/_omen\/decisions\/([\w-]{1,64})$/,
      by: readsDecisions,
      async answer([id = ''], _body, _signer, query, within, { may }) {
        if (id === 'last') {
          const by = whoIn(query)
          const last = await lastDenial(within, by?.arn, deps)
          const failed = within === undefined ? deps.decisions.failed.last(by) : undefined
          if (failed !== undefined && failed.time >= (last?.call.now ?? 0)) return viewFailed(failed)
          if (last === undefined) throw new Refusal(404, 'Nothing was denied yet.', 'nothingDenied')
          return seenDecision(last, within, may)
        }
        const failed = within === undefined ? deps.decisions.failed.find(id) : undefined
        if (failed !== undefined) return viewFailed(failed)
        return seenDecision(await getDecision(id, within, deps), within, may)
      },
    },
    {
      method: 'POST',
      path: /^\/_omen\/decisions\/decode$/,
      by: readsDecisions,
      async answer(_groups, body, _signer, _query, within, { may }) {
        const opened = openRefusal(deps.vault, textIn(body, 'message', 10_240), deps.clock.now())
        if (opened === undefined)
          throw new Refusal(400, 'The message does not come from this server, was altered, or is too old.')
        if (within !== undefined && opened.account !== within)
          throw new Refusal(403, 'The message is of another account.')
        const record = await recallDecision(opened.requestId, deps)
        const message: unknown = JSON.parse(opened.json)
        return record === undefined || !isOf(within, record)
          ? { message }
          : { message, decision: await seenDecision(record, within, may) }
      },
    },
    {
      method: 'POST',
      path: /^\/_omen\/can$/,
      by: asksWhatIf(deps),
      answer: (_groups, body, _signer, _query, within, { may }) => can(body, within, may, deps),
    },
  ]
}

/** A decision as its reader may see it. */
async function seenDecision(record: DecisionRecord, within: Reader, may: May) {
  const questions = [...record.judged, ...record.behind]
  const view = viewDecision(record, await sightOf(questions, record.call, within, may, originsOf(record)))
  return { ...view, ways: await withOpened(view.ways, questions, record.call) }
}

/** A question without a call is kept under its own id (`noteQuestion`). */
export function originsOf({ id, call }: DecisionRecord): Origins {
  return call.id === id ? 'question' : 'call'
}

/**
 * The decision of this id, of this request, or on the call that an event of this id is of.
 * @throws Refusal if none is known, or it is of another account
 */
export async function getDecision(id: string, within: Reader, deps: Dependencies): Promise<DecisionRecord> {
  const record = await findDecision(id, within, deps)
  if (record === undefined) throw new Refusal(404, `There is no decision ${id}, or it is no longer kept.`)
  return record
}

/** As `getDecision`; undefined if none is known. */
export async function findDecision(
  id: string,
  within: Reader,
  deps: Dependencies,
): Promise<DecisionRecord | undefined> {
  const record = (await recallDecision(requestIdOf(id) ?? id, deps)) ?? (await ofEvent(id, within, deps))
  return record !== undefined && isOf(within, record) ? record : undefined
}

function isWithin(within: AccountId | undefined): (head: DenialHead) => boolean {
  return ({ account }) => within === undefined || account === within
}

function isOf(within: AccountId | undefined, { call }: DecisionRecord): boolean {
  return within === undefined || call.account.id === within
}

/**
 * The newest denial of the account, or of all, of anyone or of a caller and the sessions that it began. What a page of
 * the console reads by itself does not count (behaviour RSN-30).
 */
function lastDenial(
  within: AccountId | undefined,
  by: string | undefined,
  deps: Dependencies,
): Promise<DecisionRecord | undefined> {
  return recallLastDenial(
    deps,
    isWithin(within),
    ({ call }) => !isPageRead(call) && (by === undefined || chainOf(call).includes(by)),
  )
}

function isPageRead(call: DecidedCall | undefined): boolean {
  if (call === undefined) return false
  const { service, operation, origin } = call
  return isReadOfPage(isReadOnly(service.id, operation.name), origin.userAgent)
}

/** The caller, and those before it in its chain. */
function chainOf(call: Call): readonly (string | undefined)[] {
  const { caller } = call
  return isSigned(caller) ? whoAmI(caller, call.now).chain : [callerArn(call)]
}

/** Whose denial is asked for: of a principal, or of a key that may not exist here. */
function whoIn(query: URLSearchParams) {
  const arn = query.get('by') ?? undefined
  const key = query.get('key') ?? undefined
  return arn === undefined && key === undefined ? undefined : { arn, key }
}

/** A call that ended before any decision, as people and programs read it. */
function viewFailed({ fault, time, ...call }: FailedCall) {
  const { code, message, because } = fault
  const reason = because === undefined ? {} : { because }
  return { failed: true, time: new Date(time).toISOString(), ...call, code, message, ...reason }
}

function brief({ id, time, action, resource }: DenialHead) {
  return { id, time: new Date(time).toISOString(), action, resource }
}

/**
 * The decision on an event's call, whatever the event is about. @throws Refusal if the call ended before any policy
 * was evaluated
 */
async function ofEvent(
  eventId: string,
  within: AccountId | undefined,
  deps: Dependencies,
): Promise<DecisionRecord | undefined> {
  const event = await findEvent(eventId, within, deps)
  if (event === undefined) return undefined
  const { requestID, errorCode, errorMessage } = JSON.parse(event.json) as LoggedCall // what makeEvent wrote
  const record = requestID === undefined ? undefined : await recallDecision(requestID, deps)
  if (record !== undefined || errorCode === undefined || (event.decision ?? event.asked) !== undefined)
    return record
  throw new Refusal(
    404,
    `No policy was asked about this ${event.name}: it ended with ${errorCode}, ${errorMessage}`,
  )
}

interface LoggedCall {
  readonly requestID?: string
  readonly errorCode?: string
  readonly errorMessage?: string
}

/** Returns whether a principal may do something, before it happens; through a chain of roles if one is given. */
async function can(
  body: Readonly<Record<string, unknown>>,
  within: AccountId | undefined,
  may: May,
  deps: Dependencies,
) {
  const budget = budgetFor(longestChain + 1)
  const who = textIn(body, 'who')
  const account = await accountIn(who, within ?? deps.firstAccount, deps)
  keepWithin(within, account.id)
  const now = deps.clock.now()
  const context = contextIn(body)
  let call = hypotheticalCall(hypotheticalCaller(who, account, now), account, deps, origin)
  const steps = []
  for (const name of chainIn(body)) {
    const owner = await accountIn(name, call.account.id, deps)
    keepWithin(within, owner.id)
    const role = findRoleNamed(owner, name)
    if (role === undefined)
      throw new Refusal(404, `There is no role ${name} in account ${owner.id}.`, 'NoSuchEntity')
    const { caller } = call
    const step = mayAssume(call, role, owner, context, budget)
    const sight = await sightOf([step], call, within, may)
    steps.push(viewJudged(step, call, sight))
    if (step.decision.outcome !== 'allowed') return answered(steps, step, call, sight)
    const chain = caller.kind === 'role' ? caller.session.chain : []
    const session = hypotheticalSession(owner, role.name, 'hypothetical', now, [
      ...chain,
      callerArn(call) ?? '',
    ])
    if (session === undefined) throw new Refusal(404, `There is no role ${name} in account ${owner.id}.`)
    call = hypotheticalCall(session, owner, deps, origin)
  }
  const resource = textIn(body, 'resource')
  const owner = accountInArn(resource)
  // the answer would reveal the resource's own policy
  if (owner !== undefined && (await deps.directory.find(owner)) !== undefined) keepWithin(within, owner)
  call = withSessionPolicy(call, body)
  const judged = await judgeQuestion(textIn(body, 'action'), resource, context, call, ownerIn(body))
  const sight = await sightOf([judged], call, within, may)
  return answered([...steps, viewJudged(judged, call, sight)], judged, call, sight)
}

/** @throws Refusal if the answer would reveal the policies of another account */
function keepWithin(within: AccountId | undefined, id: AccountId): void {
  if (within !== undefined && id !== within)
    throw new Refusal(403, `Ask in account ${id} what its principals may do.`)
}

/** A denial names its decision, so that it can be viewed again. */
async function answered(
  asked: readonly ReturnType<typeof viewJudged>[],
  last: Judged,
  call: Call,
  sight: Sight,
) {
  const allowed = last.decision.outcome === 'allowed'
  const id = call.deps.decisions.noteQuestion(call, last)
  return {
    id,
    allowed,
    caller: callerArn(call),
    asked,
    ways: allowed ? [] : await withOpened(waysFor(sight, [last], call), [last], call),
  }
}

/**
 * The account in an ARN, and the organization that it belongs to; if the text is not an ARN, those of `otherwise`.
 */
async function accountIn(text: string, otherwise: AccountId, deps: Dependencies): Promise<Account> {
  const named = parseArn(text)?.account
  const id = named === undefined ? otherwise : parseAccountId(named)
  const account = id && (await deps.directory.find(id))
  if (account === undefined) throw new Refusal(404, `There is no account ${named ?? otherwise} here.`)
  await loadManagement(account, deps)
  return account
}

/** The call with what `sessionPolicy` of the body, a document, leaves of the session that makes it. */
function withSessionPolicy(call: Call, body: Readonly<Record<string, unknown>>): Call {
  if (body.sessionPolicy === undefined) return call
  const inline = textIn(body, 'sessionPolicy', longestSessionPolicy)
  const parsed = parsePolicy(inline, 'session')
  if (!parsed.ok) throw new Refusal(400, `sessionPolicy: ${parsed.message}`)
  const { caller } = call
  if (caller.kind !== 'role')
    throw new Refusal(400, 'A session policy limits a session: name a role, or put one on in chain.')
  return { ...call, caller: { ...caller, session: { ...caller.session, policies: { inline, arns: [] } } } }
}

/** The account that owns the resource, if the body names it: ARNs of S3 do not contain it. */
function ownerIn({ owner }: Readonly<Record<string, unknown>>): AccountId | undefined {
  if (owner === undefined || owner === '') return undefined
  const id = typeof owner === 'string' ? parseAccountId(owner) : undefined
  if (id === undefined) throw new Refusal(400, 'owner must be the number of an account')
  return id
}

function chainIn(body: Readonly<Record<string, unknown>>): readonly string[] {
  const { chain = [] } = body
  if (!Array.isArray(chain) || chain.length > longestChain)
    throw new Refusal(400, `chain must be a list of at most ${longestChain} roles`)
  return chain.map(String)
}

function contextIn(
  body: Readonly<Record<string, unknown>>,
): Readonly<Record<string, string | readonly string[]>> {
  const { context = {} } = body
  if (typeof context !== 'object' || context === null) throw new Refusal(400, 'context must be an object')
  return Object.fromEntries(
    Object.entries(context).map(([key, value]) => [
      key,
      Array.isArray(value) ? value.map(String) : String(value),
    ]),
  )
}
