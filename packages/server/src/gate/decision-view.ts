import { explain, type Suggestion, suggest, trace } from '@omen-iam/policy'
import {
  type Call,
  callerArn,
  type DecisionRecord,
  type Judged,
  refusalSentence,
} from '../authorization/index.ts'
import { viewEdit } from './edit-view.ts'
import { policyTitle } from './policy-title.ts'
import { viewLayer } from './statement-view.ts'
import { changeOf, fixedBy, isScopedOut, waysOut } from './ways-out.ts'

/** A decision as people and programs read it: JSON, every word of it derived from the record. */
export function viewDecision(record: DecisionRecord) {
  const { call, judged, behind, beyond, allowed, letThrough, id } = record
  const ways = allowed ? [] : waysOut([...judged, ...behind], call)
  return {
    id,
    time: new Date(call.now).toISOString(),
    requestId: call.id,
    service: call.service.id,
    operation: call.operation.name,
    caller: callerArn(call) ?? call.caller.kind,
    sourceIp: call.origin.sourceIp,
    allowed,
    ...(letThrough ? { letThrough } : {}),
    asked: judged.map((one) => viewJudged(one, call)),
    behind: behind.map(viewBehind),
    ...(beyond > 0 ? { beyond } : {}),
    change: allowed ? undefined : viewChange([...judged, ...behind]),
    otherRoles: ways.flatMap((way) => (way.kind === 'role' ? [way.role] : [])),
    ways,
  }
}

/** A question behind the denied one, and why it is denied as well. */
function viewBehind({ request, decision, policies }: Judged) {
  const { action, resource } = request
  const { outcome } = decision
  if (outcome === 'allowed') return { action, resource, outcome }
  const { layer } = decision
  const [by] = outcome === 'explicitDeny' ? decision.by : []
  const denying = by && { title: policyTitle(by, resource), sid: by.statement.sid, index: by.statement.index }
  return {
    action,
    resource,
    outcome,
    layer,
    ...(policies.grant === 'trust' ? { trust: true } : {}),
    ...(denying && { by: denying }),
  }
}

/** What would allow the whole call; null where no policy can. */
function viewChange(questions: readonly Judged[]) {
  const edits = changeOf(questions)
  return edits === undefined ? null : { edits: edits.map(viewEdit) }
}

/** One question with its answer: the gates in order, the sentence, and what would change it. */
export function viewJudged(judged: Judged, call: Call) {
  const { access, request, policies, decision } = judged
  const isMissing = access.resourcePolicy?.missing === true
  const told = trace(request, policies)
  const denied = decision.outcome !== 'allowed'
  return {
    caller: callerArn(call) ?? call.caller.kind,
    action: request.action,
    resource: request.resource,
    outcome: decision.outcome,
    because: decision.outcome === 'allowed' ? decision.reason : decision.layer,
    crossAccount: decision.crossAccount,
    sentence: denied ? refusalSentence(judged, call) : '',
    story: explain(told, request).story,
    context: Object.fromEntries(request.context.entries()),
    // AWS tells nobody whether there is such a resource, but who asks here keeps the house
    ...(isMissing ? { missing: true } : {}),
    ...(isScopedOut(judged) ? { outOfScope: true } : {}),
    layers: told.layers.map((layer) => viewLayer(layer, request, call)),
    suggestions: denied ? suggest(request, policies, fixedBy(access)).map(viewSuggestion) : [],
  }
}

function viewSuggestion({ edits }: Suggestion) {
  return { edits: edits.map(viewEdit) }
}
