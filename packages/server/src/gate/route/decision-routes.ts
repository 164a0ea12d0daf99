import { type EditedPolicy, editedPolicies, type PolicySource } from '@omen-iam/policy'
import {
  type Call,
  type DecisionRecord,
  type Dependencies,
  type Judged,
  judge,
  principalOf,
} from '../../authorization/index.ts'
import { type Account, roles, users } from '../../directory/index.ts'
import type { Caller } from '../../session/index.ts'
import { hiddenOf, restOnSecrets, viewJudged, waysFor } from '../view/decision-view.ts'
import { withOpened } from '../view/opened-paths.ts'
import { pastCallNow } from '../view/past-call.ts'
import { policyTitle } from '../view/policy-title.ts'
import { askedNow } from '../view/question.ts'
import { type May, type Reader, type Sight, sightOf } from '../view/reader.ts'
import { editsThatAllow } from '../view/ways-out.ts'
import { type AdminRoute, Refusal } from './admin-route.ts'
import { findDecision, getDecision, originsOf, readsDecisions } from './reason.ts'

/** The console's further questions about a decision: what it would be now, and what a change to a policy would do. */
export function decisionRoutes(deps: Dependencies): readonly AdminRoute[] {
  return [
    {
      method: 'GET',
      path: /^\/_omen\/api\/decisions\/([\w-]{1,64})\/now$/,
      by: readsDecisions,
      answer: ([id = ''], _body, _signer, _query, within, { may }) => knownNow(id, within, may, deps),
    },
    {
      method: 'GET',
      path: /^\/_omen\/api\/decisions\/([\w-]{1,64})\/edits\/(\d{1,2})$/,
      by: readsDecisions,
      answer: async ([id = '', number = ''], _body, _signer, _query, within, { may }) => ({
        policies: await edited(await getDecision(id, within, deps), Number(number), within, may),
      }),
    },
  ]
}

/** A kept decision, or else the call of an event, by the policies as they are now. */
async function knownNow(id: string, within: Reader, may: May, deps: Dependencies) {
  const record = await findDecision(id, within, deps)
  if (record !== undefined) return now(record, within, may, deps)
  const past = await pastCallNow(id, within, deps)
  if (past === undefined) throw new Refusal(404, `There is no decision ${id}, or it is no longer kept.`)
  const time = new Date(deps.clock.now()).toISOString()
  if (past === 'gone') return { time, gone: true }
  const { event, call, questions, unknown } = past
  return {
    time,
    ...(await viewNow(questions, call, await sightOf(questions, call, within, may))),
    event: { id: event.id, name: event.name, time: new Date(event.time).toISOString() },
    unknown,
  }
}

/** The same questions by the policies as they are now. */
async function now({ call, judged, behind }: DecisionRecord, within: Reader, may: May, deps: Dependencies) {
  const account = await deps.directory.find(call.account.id)
  const caller = account && callerAsNow(call.caller, account)
  const time = deps.clock.now()
  if (account === undefined || caller === undefined) return { time: new Date(time).toISOString(), gone: true }
  const again: Call = { ...call, account, caller, now: time }
  const questions = []
  for (const { access } of [...judged, ...behind]) {
    const one = judge(await askedNow(access, again), principalOf(caller), again)
    questions.push(one)
    if (one.decision.outcome !== 'allowed') break
  }
  return {
    time: new Date(time).toISOString(),
    ...(await viewNow(questions, again, await sightOf(questions, again, within, may))),
  }
}

/** The present answers. A denial is kept as a decision of its own, so that its fixes can be viewed. */
async function viewNow(questions: readonly Judged[], call: Call, sight: Sight) {
  const denied = questions.find(({ decision }) => decision.outcome !== 'allowed')
  return {
    allowed: denied === undefined,
    asked: questions.map((one) => viewJudged(one, call, sight)),
    ...(denied === undefined
      ? { ways: [] }
      : {
          ways: await withOpened(waysFor(sight, [denied], call), [denied], call),
          decision: call.deps.decisions.noteQuestion(call, denied),
        }),
  }
}

/**
 * The caller with the user or role as it is now; undefined if it is gone. Whether its key is still valid is not
 * checked.
 */
function callerAsNow(caller: Caller, account: Account): Caller | undefined {
  switch (caller.kind) {
    case 'user': {
      const user = account.table(users).find(caller.user.id)
      return user && { ...caller, user }
    }
    case 'role': {
      const role = account.table(roles).find(caller.role.id)
      return role && { ...caller, role }
    }
    default:
      return caller
  }
}

/** The policies that one of the edits changes, before and after. */
async function edited(record: DecisionRecord, number: number, within: Reader, may: May) {
  const { call, judged, behind } = record
  const questions = [...judged, ...behind]
  const sight = await sightOf(questions, call, within, may, originsOf(record))
  const hidden = hiddenOf(questions, call, sight)
  const all = restOnSecrets(questions, call, sight) ? [] : editsThatAllow(questions)
  const ways = all.filter(({ edits }) => !edits.some(({ layer }) => hidden.has(layer)))
  const edits = ways[number]?.edits
  if (edits === undefined) throw new Refusal(404, `The decision has no change ${number}.`)
  const edited = new Map<string, EditedPolicy>()
  for (const { policies } of questions) {
    for (const each of editedPolicies(policies, edits) ?? []) {
      const { source, policy } = (each.before ?? each.after)! // one of both is there
      edited.set(`${each.layer} ${source.arn ?? source.name ?? source.id} ${policy.text}`, each)
    }
  }
  return [...edited.values()].map(({ layer, before, after }) => {
    const one = (before ?? after)! // as above
    return {
      layer,
      kind: one.policy.kind,
      title: policyTitle(one),
      ...place(one),
      before: before?.policy.text ?? null,
      after: after?.policy.text ?? null,
    }
  })
}

function place({ source: { arn } }: PolicySource) {
  return arn === undefined ? {} : { arn }
}
