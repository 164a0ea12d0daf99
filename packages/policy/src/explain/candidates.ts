import type { CompiledSet } from '../compile/compile.ts'
import { parseOperator } from '../condition/operators.ts'
import type { PolicySource } from '../document/set.ts'
import type { ConditionTrace, LayerTrace, StatementTrace, Trace } from '../evaluate/story.ts'
import { vendorOf } from '../match/action.ts'
import type { ExplicitDeny, ImplicitDeny, LayerName } from '../request/decision.ts'
import type { Principal } from '../request/principal.ts'
import type { Request } from '../request/request.ts'
import { layerAt } from './apply.ts'
import type { Change, Edit, NamedPrincipal, NewStatement, Place } from './edit.ts'
import { guardrailOf } from './guardrail.ts'
import { hasVariable, resourcePattern } from './pattern.ts'

/**
 * Edits that may lift a denial: first those that only add a permission, then those that weaken a guardrail, each from
 * narrow to wide. The engine must confirm each. AWS managed policies cannot be edited.
 */
export function candidates(
  denial: ExplicitDeny | ImplicitDeny,
  decisionTrace: Trace,
  compiled: CompiledSet,
): Edit[] {
  const edits = editsFor(denial, decisionTrace, compiled)
  const rank = (edit: Edit) =>
    guardrailOf(edit, decisionTrace) === undefined ? 0 : edit.type === 'removeCondition' ? 2 : 1
  return edits.sort((a, b) => rank(a) - rank(b))
}

function editsFor(denial: ExplicitDeny | ImplicitDeny, decisionTrace: Trace, compiled: CompiledSet): Edit[] {
  if (denial.outcome === 'explicitDeny') return liftDeny(denial, decisionTrace)
  const edits = widenLayer(denial.layer, denial.level, decisionTrace, compiled)
  // Within one account, a resource policy that names the caller is as good as an identity policy.
  const other = denial.layer === 'identity' && !denial.crossAccount && compiled.resource !== undefined
  return other ? [...edits, ...widenLayer('resource', undefined, decisionTrace, compiled)] : edits
}

function liftDeny(denial: ExplicitDeny, { request, layers }: Trace): Edit[] {
  const [by] = denial.by
  if (by === undefined) return []
  const { statement, source } = by
  for (const { layer, level, policies } of layers) {
    const found = policies.find((each) => each.source === source && each.policy === by.policy)
    const traced = found?.statements[statement.index]
    if (layer !== by.layer || traced === undefined || !isEditable(source.type)) continue
    const at: Change = { ...placeOf(layer, level), policy: { policy: by.policy, source }, statement }
    return [...exceptions(at, traced, request), ...narrowings(at, traced), { ...at, type: 'removeStatement' }]
  }
  return []
}

/** Removes the matching value of a Deny and keeps the others. */
function narrowings(at: Change, { statement, elements }: StatementTrace): Edit[] {
  return elements.flatMap((traced): Edit[] => {
    if (!('by' in traced) || traced.by === undefined) return []
    const { element, by } = traced
    if (element !== 'Action' && element !== 'Resource') return []
    const values = element === 'Action' ? statement.action.values : (statement.resource?.values ?? [])
    return values.length < 2 ? [] : [{ ...at, type: 'removeValue', element, value: by }]
  })
}

/** A Deny with a negated element stops applying to values that are added to its list. */
function exceptions(at: Change, { statement, elements }: StatementTrace, request: Request): Edit[] {
  const edits: Edit[] = []
  for (const element of elements) {
    if ('operator' in element) edits.push(...fitting(at, element, true))
  }
  const { type } = request.principal
  const principal = type === 'anonymous' ? undefined : namedPrincipal(request.principal)
  if (statement.principal?.negated && principal) edits.push({ ...at, type: 'addPrincipal', principal })
  if (statement.resource?.negated)
    edits.push({ ...at, type: 'addResource', resource: resourcePattern(request, false) })
  if (statement.action.negated) edits.push({ ...at, type: 'addAction', action: request.action })
  return edits
}

function widenLayer(
  layer: LayerName,
  level: number | undefined,
  decisionTrace: Trace,
  compiled: CompiledSet,
): Edit[] {
  const place = placeOf(layer, level)
  const traced = decisionTrace.layers.find((each) => each.layer === layer && each.level === level)
  const edits = (traced?.policies ?? []).flatMap(({ policy, source, statements }) =>
    isEditable(source.type)
      ? statements.flatMap((each) =>
          widenStatement(
            { ...place, policy: { policy, source }, statement: each.statement },
            each,
            decisionTrace.request,
          ),
        )
      : [],
  )
  const added = addStatement(place, decisionTrace.request, compiled, traced)
  return added === undefined ? edits : [...edits, added]
}

function widenStatement(at: Change, { statement, failed }: StatementTrace, request: Request): Edit[] {
  if (statement.effect !== 'Allow' || failed === undefined) return []
  if ('operator' in failed)
    return [
      ...fitting(at, failed, false),
      { ...at, type: 'removeCondition', operator: failed.operator, key: failed.key },
    ]
  switch (failed.element) {
    case 'Action':
      return isAbout(statement.action.values, request.action)
        ? [{ ...at, type: 'addAction', action: request.action }]
        : []
    case 'Resource':
      return addResource(at, statement, request)
    case 'Principal': {
      const principal = namedPrincipal(request.principal)
      return principal === undefined ? [] : [{ ...at, type: 'addPrincipal', principal }]
    }
    default:
      return []
  }
}

/**
 * A statement with a variable (`user/${aws:username}`) must not get a fixed resource, and one with other actions must
 * not get all resources.
 */
function addResource(
  at: Change,
  { action, resource }: StatementTrace['statement'],
  request: Request,
): Edit[] {
  if (resource?.values.some(({ value }) => hasVariable(value))) return []
  const [only] = action.values
  const isAlone =
    !action.negated &&
    action.values.length === 1 &&
    only?.value.toLowerCase() === request.action.toLowerCase()
  const pattern = resourcePattern(request, isAlone)
  return pattern === '*' && !isAlone ? [] : [{ ...at, type: 'addResource', resource: pattern }]
}

/** Whether a statement names an action of the same service; an action is added only to such statements. */
function isAbout(actions: readonly { readonly value: string }[], action: string): boolean {
  const vendor = vendorOf(action.toLowerCase())
  return actions.some(({ value }) => vendorOf(value.toLowerCase()) === vendor)
}

/** Adding the request's value to a condition: positive operators then hold, negated ones no longer do. */
function fitting(at: Change, { operator, key, seen }: ConditionTrace, negated: boolean): Edit[] {
  const known = parseOperator(operator).operator
  const isOrder = known?.bound !== undefined
  if (isOrder || known?.negated !== negated || typeof seen !== 'string') return []
  // A comparison with a variable must not get a literal value.
  if (!negated && valuesOf(at, operator, key).some(hasVariable)) return []
  return [{ ...at, type: 'addConditionValue', operator, key, value: seen }]
}

function valuesOf({ statement }: Change, operator: string, key: string): readonly string[] {
  const entry = statement.condition.find((each) => each.operator === operator && each.key === key)
  return entry?.values.map(({ value }) => value) ?? []
}

function addStatement(
  place: Place,
  request: Request,
  compiled: CompiledSet,
  traced: LayerTrace | undefined,
): Edit | undefined {
  const { principal, action, resource, context } = request
  const named = place.layer === 'resource' ? namedPrincipal(principal) : undefined
  const everyone = place.layer === 'endpoint' ? { type: 'AWS', value: '*' } : undefined
  const who = named ?? everyone
  if (place.layer === 'resource' && named === undefined) return undefined
  const pattern = resourcePattern(request, true)
  const own = editablePolicy(layerAt(compiled, place)?.policies ?? [])
  // A document of the older version cannot escape wildcards (behaviour POL-086).
  const isTooOld = place.layer === 'identity' && pattern !== resource && own?.policy.version !== '2012-10-17'
  const policy = isTooOld ? undefined : own
  // A resource has one policy and a principal one boundary: without one to edit, a new one is made.
  if (
    policy === undefined &&
    (place.layer === 'resource' || place.layer === 'boundary') &&
    traced !== undefined &&
    traced.policies.length > 0
  )
    return undefined
  // also where an edit before has taken the trust policy's last statement away
  const isTrust =
    place.layer === 'resource' && (policy?.policy.kind === 'trust' || compiled.grant === 'trust')
  const passedTo = action === 'iam:PassRole' ? context.get('iam:PassedToService') : undefined
  const statement: NewStatement = {
    Effect: 'Allow',
    ...(who === undefined ? {} : { Principal: { [who.type]: who.value } }),
    Action: action,
    ...(isTrust ? {} : { Resource: pattern }),
    // The condition limits the role to one service.
    ...(typeof passedTo === 'string'
      ? { Condition: { StringEquals: { 'iam:PassedToService': passedTo } } }
      : {}),
  }
  return { ...place, type: 'addStatement', ...(policy === undefined ? {} : { policy }), statement }
}

function editablePolicy(policies: readonly PolicySource[]): PolicySource | undefined {
  return policies.findLast(({ source }) => isEditable(source.type))
}

function isEditable(type: PolicySource['source']['type']): boolean {
  return type !== 'aws-managed'
}

function placeOf(layer: LayerName, level: number | undefined): Place {
  return level === undefined ? { layer } : { layer, level }
}

/** How a policy names the caller: a role session by its role, an anonymous caller as everyone. */
function namedPrincipal(principal: Principal): NamedPrincipal | undefined {
  switch (principal.type) {
    case 'root':
    case 'user':
    case 'federatedUser':
      return { type: 'AWS', value: principal.arn }
    case 'roleSession':
      return { type: 'AWS', value: principal.roleArn }
    case 'service': {
      const [value] = principal.names
      return value === undefined ? undefined : { type: 'Service', value }
    }
    case 'webIdentity':
    case 'saml':
      return { type: 'Federated', value: principal.provider }
    case 'anonymous':
      return { type: 'AWS', value: '*' }
  }
}
