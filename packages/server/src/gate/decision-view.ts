import {
  type ConditionTrace,
  type Edit,
  type ElementTrace,
  explain,
  type LayerTrace,
  type Source,
  type Suggestion,
  suggest,
  trace,
} from '@omen-iam/policy'
import {
  type Call,
  callerArn,
  type DecisionRecord,
  hypotheticalCall,
  isThere,
  type Judged,
  judge,
  mayWear,
  principalOf,
  refusalSentence,
  wearing,
} from '../authorization/index.ts'
import { iamArn } from '../base/index.ts'
import { roles } from '../directory/index.ts'
import { isSigned } from '../session/index.ts'

/** How many roles are tried when other masks are looked for. */
const rolesTried = 200

/** A decision as people and programs read it: JSON, every word of it derived from the record. */
export function viewDecision(record: DecisionRecord) {
  const { call, judged, allowed, id } = record
  const last = judged.at(-1)
  return {
    id,
    time: new Date(call.now).toISOString(),
    requestId: call.id,
    service: call.service.id,
    operation: call.operation.name,
    caller: callerArn(call) ?? call.caller.kind,
    sourceIp: call.origin.sourceIp,
    allowed,
    asked: judged.map((one) => viewJudged(one, call)),
    otherRoles: allowed || last === undefined ? [] : rolesThatMay(last, call),
  }
}

/** One question with its answer: the gates in order, the sentence, and what would change it. */
export function viewJudged(judged: Judged, call: Call) {
  const { request, policies, decision } = judged
  const told = trace(request, policies)
  const denied = decision.outcome !== 'allowed'
  return {
    action: request.action,
    resource: request.resource,
    outcome: decision.outcome,
    because: decision.outcome === 'allowed' ? decision.reason : decision.layer,
    crossAccount: decision.crossAccount,
    sentence: denied ? refusalSentence(judged, call) : '',
    story: explain(told, request).story,
    context: Object.fromEntries(request.context.entries()),
    layers: told.layers.map(viewLayer),
    suggestions: denied ? suggest(request, policies).map(viewSuggestion) : [],
  }
}

/** Roles that the caller may put on, and that may then do what was denied. */
function rolesThatMay(denied: Judged, call: Call): readonly string[] {
  const { caller, account, house } = call
  if (!isSigned(caller) || caller.kind === 'root' || !isThere(caller, account)) return []
  const found: string[] = []
  let tried = 0
  for (const role of account.table(roles).values()) {
    if (++tried > rolesTried) break
    if (role.linkedService !== undefined || (caller.kind === 'role' && caller.role.id === role.id)) continue
    const arn = iamArn(account.id, 'role', role.path, role.name)
    if (mayWear(call, arn, account, role.trust).decision.outcome !== 'allowed') continue
    const worn = wearing(account, role.name, 'hypothetical', call.now, [caller.arn])
    if (worn === undefined) continue
    const then = hypotheticalCall(worn, account, house, call.origin)
    if (judge(denied.access, principalOf(worn), then).decision.outcome === 'allowed') found.push(arn)
  }
  return found
}

function viewLayer({ layer, level, verdict, grantedTo, policies }: LayerTrace) {
  return {
    layer,
    ...(level === undefined ? {} : { level }),
    verdict,
    ...(grantedTo === undefined ? {} : { grantedTo }),
    policies: policies.map(({ source, statements }) => ({
      policy: nameOf(source),
      statements: statements.map(({ statement, matched, failed, problem }) => ({
        sid: statement.sid,
        index: statement.index,
        effect: statement.effect,
        line: statement.span.start.line,
        column: statement.span.start.column,
        matched,
        ...(failed === undefined ? {} : { failed: viewFailure(failed) }),
        ...(problem === undefined ? {} : { problem }),
      })),
    })),
  }
}

function viewFailure(failed: ElementTrace | ConditionTrace) {
  const at = { line: failed.span.start.line, column: failed.span.start.column }
  if (failed.element !== 'Condition') return { element: failed.element, ...at }
  if (!('operator' in failed)) return { element: failed.element, ...at }
  const { element, operator, key, wanted, seen } = failed
  return { element, operator, key, wanted, seen: seen ?? null, ...at }
}

function viewSuggestion({ edits }: Suggestion) {
  return { edits: edits.map(viewEdit) }
}

function viewEdit(edit: Edit) {
  const { policy, statement, ...rest } = edit
  const place = policy === undefined ? 'a new policy' : nameOf(policy.source)
  return edit.type === 'addStatement'
    ? { ...rest, policy: place, statement }
    : {
        ...rest,
        policy: place,
        sid: edit.statement.sid,
        index: edit.statement.index,
        line: edit.statement.span.start.line,
      }
}

function nameOf(source: Source): string {
  return source.arn ?? source.name ?? source.type
}
