import { type Explanation, explain, type LayerName, type Suggestion, suggest, trace } from '@omen-iam/policy'
import {
  type Call,
  callerArn,
  type DecisionRecord,
  type Judged,
  refusalSentence,
} from '../../authorization/index.ts'
import type { BehindView, DecisionView, QuestionView, WayView } from '../../views/index.ts'
import { viewEdit } from './edit-view.ts'
import { policyTitle } from './policy-title.ts'
import type { Sight } from './reader.ts'
import { restsOnSecret } from './secret-keys.ts'
import { viewLayer } from './statement-view.ts'
import { changeOf, fixedBy, isScopedOut, waysOut } from './ways-out.ts'

/** A decision as people and programs read it: JSON, every word derived from the record, without what is hidden. */
export function viewDecision(record: DecisionRecord, sight: Sight): DecisionView {
  const { call, judged, behind, beyond, allowed, letThrough, id } = record
  const questions = [...judged, ...behind]
  const ways = allowed ? [] : waysFor(sight, questions, call)
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
    asked: judged.map((one) => viewJudged(one, call, sight)),
    behind: behind.map((one) => viewBehind(one, sight.hidden(one, call))),
    ...(beyond > 0 ? { beyond } : {}),
    change:
      allowed || restOnSecrets(questions, call, sight)
        ? undefined
        : viewChange(questions, hiddenOf(questions, call, sight)),
    otherRoles: ways.flatMap((way) => (way.kind === 'role' ? [way.role] : [])),
    ways,
  }
}

/** The fixes for a denial, without those that reveal hidden policies or roles of other accounts. */
export function waysFor(sight: Sight, questions: readonly Judged[], call: Call): readonly WayView[] {
  const ways = waysOut(questions, call)
  const { reader } = sight
  if (reader === undefined) return ways
  const hidden = hiddenOf(questions, call, sight)
  const isSecret = restOnSecrets(questions, call, sight)
  return ways.filter((way) => {
    if (isSecret && way.kind !== 'role') return false
    switch (way.kind) {
      case 'call': // the required value, such as an external id, is in the hidden policy
        return hidden.size === 0
      case 'role':
        return way.role.split(':')[4] === reader
      default:
        return !way.edits.some(({ layer }) => hidden.has(layer))
    }
  })
}

/** Returns whether the answer to one of the questions rests on values that the reader may not see: edits would have them. */
export function restOnSecrets(questions: readonly Judged[], call: Call, sight: Sight): boolean {
  return questions.some((one) => restsOnSecret(one.policies, sight.secrets(one, call)))
}

/** Layers that any of the questions has and that the reader may not see. */
export function hiddenOf(questions: readonly Judged[], call: Call, sight: Sight): ReadonlySet<LayerName> {
  return new Set(
    questions.flatMap((one) =>
      [...sight.hidden(one, call)].filter((layer) => one.policies[layer] !== undefined),
    ),
  )
}

/** A question behind the denied one, and why it is denied as well. */
function viewBehind({ request, decision, policies }: Judged, hidden: ReadonlySet<LayerName>): BehindView {
  const { action, resource } = request
  const { outcome } = decision
  if (outcome === 'allowed') return { action, resource, outcome }
  const { layer } = decision
  const [by] = outcome === 'explicitDeny' && !hidden.has(layer) ? decision.by : []
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

/** The change that would allow the whole call; null if no policy can. */
function viewChange(questions: readonly Judged[], hidden: ReadonlySet<LayerName>) {
  const edits = changeOf(questions)
  if (edits?.some(({ layer }) => hidden.has(layer))) return undefined
  return edits === undefined ? null : { edits: edits.map(viewEdit) }
}

/** One question with its answer: the gates in order, the sentence, and what would change it. */
export function viewJudged(judged: Judged, call: Call, sight: Sight): QuestionView {
  const { access, request, policies, decision } = judged
  const isMissing = access.resourcePolicy?.missing === true
  const traced = trace(request, policies)
  const denied = decision.outcome !== 'allowed'
  const hidden = sight.hidden(judged, call)
  const isSecret = sight.secrets(judged, call)
  const isUntold = restsOnSecret(policies, isSecret)
  const isHidden = isUntold || traced.layers.some(({ layer }) => hidden.has(layer))
  const suggestions = denied && !isUntold ? suggest(request, policies, fixedBy(access)) : []
  return {
    caller: callerArn(call) ?? call.caller.kind,
    action: request.action,
    resource: request.resource,
    outcome: decision.outcome,
    because: decision.outcome === 'allowed' ? decision.reason : decision.layer,
    crossAccount: decision.crossAccount,
    sentence: denied ? refusalSentence(judged) : '',
    ...(isHidden ? { story: [] } : storyOf(explain(traced, request))),
    context: Object.fromEntries([...request.context.entries()].filter(([key]) => !isSecret(key))),
    // AWS does not reveal whether a resource exists; this reader owns the server, or at least the account
    ...(isMissing && !hidden.has('resource') ? { missing: true } : {}),
    ...(isScopedOut(judged) ? { outOfScope: true } : {}),
    layers: traced.layers.map((layer) =>
      hidden.has(layer.layer)
        ? { layer: layer.layer, verdict: layer.verdict, policies: [], hidden: true as const }
        : viewLayer(layer, { request, call, isSecret }),
    ),
    suggestions: suggestions
      .filter(({ edits }) => !edits.some(({ layer }) => hidden.has(layer)))
      .map(viewSuggestion),
  }
}

/** The story, and what of it nobody knows of AWS. */
function storyOf({ story, assumed }: Explanation) {
  return assumed.length === 0 ? { story } : { story, assumed }
}

function viewSuggestion({ edits }: Suggestion) {
  return { edits: edits.map(viewEdit) }
}
