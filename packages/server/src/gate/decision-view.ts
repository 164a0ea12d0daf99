import {
  type ConditionTrace,
  type Edit,
  type ElementName,
  type ElementTrace,
  evaluate,
  explain,
  type LayerTrace,
  type Source,
  type Statement,
  type StatementTrace,
  type Suggestion,
  type SuggestOptions,
  suggest,
  suggestTogether,
  trace,
} from '@omen-iam/policy'
import {
  type Call,
  callerArn,
  type DecisionRecord,
  isThere,
  type Judged,
  judge,
  mayWear,
  principalOf,
  refusalSentence,
  wearing,
} from '../authorization/index.ts'
import { iamArn, parseAccountId } from '../base/index.ts'
import { type Account, roles } from '../directory/index.ts'
import { isSigned } from '../session/index.ts'

/** How many roles are tried when other masks are looked for. */
const rolesTried = 200

/** A decision as people and programs read it: JSON, every word of it derived from the record. */
export function viewDecision(record: DecisionRecord) {
  const { call, judged, behind, beyond, allowed, letThrough, id } = record
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
    behind: behind.map(({ request: { action, resource }, decision: { outcome } }) => ({
      action,
      resource,
      outcome,
    })),
    ...(beyond > 0 ? { beyond } : {}),
    change: allowed ? undefined : changeOf([...judged, ...behind]),
    otherRoles: allowed ? [] : rolesThatMay([...judged, ...behind], call),
  }
}

/** What would allow the whole call, and not only the question that stopped it; null where no policy can. */
function changeOf(questions: readonly Judged[]) {
  if (questions.some(isScopedOut)) return null
  const edits = suggestTogether(
    questions.map(({ access, request, policies }) => ({ request, compiled: policies, ...fixedBy(access) })),
  )
  return edits === undefined ? null : { edits: edits.map(viewEdit) }
}

/** Whether the policies allow it, and the scopes of the caller's session do not (behaviour STS-74). */
function isScopedOut({ request, policies, decision }: Judged): boolean {
  return decision.outcome !== 'allowed' && evaluate(request, policies).outcome === 'allowed'
}

/** A resource that is not there has no policy that could be edited. */
function fixedBy({ resourcePolicy }: Judged['access']): SuggestOptions {
  return resourcePolicy?.missing ? { fixed: ['resource'] } : {}
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
    layers: told.layers.map(viewLayer),
    suggestions: denied ? suggest(request, policies, fixedBy(access)).map(viewSuggestion) : [],
  }
}

/** Roles that the caller may put on, of its own account and of the resources', and that may then do all that the call asks. */
function rolesThatMay(questions: readonly Judged[], call: Call): readonly string[] {
  const { caller, account } = call
  if (!isSigned(caller) || (caller.kind !== 'user' && caller.kind !== 'role') || !isThere(caller, account))
    return []
  const owners = new Set<Account>([account])
  for (const { request } of questions) {
    const owner = parseAccountId(request.resourceAccount ?? '')
    const other = owner && call.house.directory.loaded(owner)
    if (other !== undefined) owners.add(other)
  }
  const found: string[] = []
  let tried = 0
  for (const owner of owners) {
    for (const role of owner.table(roles).values()) {
      if (++tried > rolesTried) return found
      if (role.linkedService !== undefined || (caller.kind === 'role' && caller.role.id === role.id)) continue
      const arn = iamArn(owner.id, 'role', role.path, role.name)
      if (mayWear(call, role, owner).decision.outcome !== 'allowed') continue
      const worn = wearing(owner, role.name, 'hypothetical', call.now, [caller.arn])
      if (worn === undefined) continue
      const then = { ...call, caller: worn, account: owner }
      const may = ({ access }: Judged) =>
        judge(access, principalOf(worn), then).decision.outcome === 'allowed'
      if (questions.every(may)) found.push(arn)
    }
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
      statements: statements.map(viewStatement),
    })),
  }
}

function viewStatement({ statement, matched, elements, failed, problem }: StatementTrace) {
  const held = matched ? elements.filter((each) => 'operator' in each) : []
  return {
    sid: statement.sid,
    index: statement.index,
    effect: statement.effect,
    line: statement.span.start.line,
    column: statement.span.start.column,
    matched,
    ...(held.length === 0 ? {} : { conditions: held.map(viewCondition) }),
    ...(failed === undefined ? {} : { failed: viewFailure(failed, statement) }),
    ...(problem === undefined ? {} : { problem }),
  }
}

function viewCondition({ operator, key, wanted, seen, span: { start } }: ConditionTrace) {
  return { operator, key, wanted, seen: seen ?? null, line: start.line, column: start.column }
}

function viewFailure(failed: ElementTrace | ConditionTrace, { action, resource, principal }: Statement) {
  if ('operator' in failed) return { element: failed.element, ...viewCondition(failed) }
  const lists = {
    Action: action.values,
    NotAction: action.values,
    Resource: resource?.values,
    NotResource: resource?.values,
    Principal: principal?.entries,
    NotPrincipal: principal?.entries,
    Condition: [],
  }
  const wanted = (lists[failed.element] ?? []).map(({ value }) => value)
  return { element: failed.element, wanted, line: failed.span.start.line, column: failed.span.start.column }
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
        ...elementOf(edit),
      }
}

/** In which element of the statement a value is added. */
function elementOf(edit: Edit): { readonly element?: ElementName } {
  switch (edit.type) {
    case 'addAction':
      return { element: edit.statement.action.negated ? 'NotAction' : 'Action' }
    case 'addResource':
      return { element: edit.statement.resource?.negated ? 'NotResource' : 'Resource' }
    case 'addPrincipal':
      return { element: edit.statement.principal?.negated ? 'NotPrincipal' : 'Principal' }
    default:
      return {}
  }
}

function nameOf(source: Source): string {
  return source.arn ?? source.name ?? source.type
}
