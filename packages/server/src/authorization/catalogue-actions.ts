import { type ConditionEntry, type Finding, type Statement, wildcardMatcher } from '@omen-iam/policy'
import { overlaps } from './arn-overlap.ts'
import { type ActionInfo, actionInfo, serviceActions } from './catalogue/index.ts'
import { isKey } from './names.ts'

/** Actions of a statement that are examined; only wildcards match more, and one of those is enough. */
const mostActions = 2000

/** An element of Action and the real actions that it matches. */
interface Meant {
  readonly written: string
  readonly span: Finding['span']
  readonly actions: readonly ActionInfo[]
}

/**
 * Finds actions that apply to none of the statement's resources, and condition keys that no request for them has: such
 * a statement does not do what it says (behaviour LNT-1). A wildcard is correct if one of its actions is.
 */
export function actionUseFindings(statement: Statement): readonly Finding[] {
  if (statement.action.negated) return []
  const meant = statement.action.values.flatMap(({ value, span }): Meant[] => {
    const actions = actionsOf(value)
    return actions === undefined ? [] : [{ written: value, span, actions }]
  })
  // `*` and unknown names: nothing is certain
  const isWhole = meant.length === statement.action.values.length
  return [
    ...meant.flatMap((each) => resourceFinding(each, statement)),
    ...statement.condition.flatMap((entry) => keyFinding(entry, meant, isWhole, statement)),
  ]
}

const kept = new Map<string, readonly ActionInfo[] | undefined>()
/** The most cached results, so that a long-lived process does not grow with its input. */
const mostKept = 20_000

/**
 * Returns the actions of one service that a pattern matches, or undefined if it matches none or more than one service.
 */
function actionsOf(pattern: string): readonly ActionInfo[] | undefined {
  if (kept.has(pattern)) return kept.get(pattern)
  const colon = pattern.indexOf(':')
  const prefix = pattern.slice(0, Math.max(colon, 0))
  const fits = wildcardMatcher(pattern.slice(colon + 1), { ignoreCase: true })
  const actions = serviceActions(prefix)
    .filter(({ name }) => fits(name))
    .slice(0, mostActions)
  const found = actions.length === 0 ? undefined : actions
  if (kept.size < mostKept) kept.set(pattern, found)
  return found
}

/**
 * Services whose types the reference does not list completely: it has one of two generations of load balancers, and
 * for stages of an API only the beginning of their names.
 */
const unlisted = /^(?:apigateway|elasticloadbalancing):/i

function resourceFinding({ written, span, actions }: Meant, statement: Statement): readonly Finding[] {
  const { resource, effect, index } = statement
  if (unlisted.test(written)) return []
  if (resource === undefined || resource.negated || resource.values.length === 0) return []
  const values = resource.values.map(({ value }) => value)
  if (values.some((value) => actions.some((action) => mayBeOn(action, value)))) return []
  const path = ['Statement', index, 'Action']
  const message = `${written} does not apply to ${values.length === 1 ? 'this resource' : 'any of these resources'}. ${whereOf(actions)}`
  return [
    {
      class: effect === 'Deny' ? 'securityWarning' : 'warning',
      code: 'ACTION_WITHOUT_MATCHING_RESOURCE',
      message,
      path,
      span,
    },
  ]
}

const decided = new Map<string, boolean>()
const mostDecided = 50_000

function mayBeOn({ service, name, resources }: ActionInfo, value: string): boolean {
  const key = `${service}:${name} ${value}`
  const known = decided.get(key)
  if (known !== undefined) return known
  const arns = resources.flatMap((each) => each.arns)
  const may = arns.length === 0 ? isOpen(service, value) : arns.some((arn) => overlaps(value, arn))
  if (decided.size < mostDecided) decided.set(key, may)
  return may
}

/** Returns whether an action can be asked on a policy's resource; true if AWS has no such action. */
export function appliesTo(action: string, resource: string): boolean {
  const info = unlisted.test(action) ? undefined : actionInfo(action)
  return info === undefined || mayBeOn(info, resource)
}

/**
 * Returns whether a resource may be the one of an action without resource types: `*`, or an ARN with a wildcard for
 * the account or for all of a kind, such as `role/*`, which some services use. EC2 asks on `*` alone.
 */
function isOpen(service: string, value: string): boolean {
  const fields = value.replaceAll(/\$\{[^{}]*\}/g, '*').split(':')
  if (fields.length < 6) return /[*?]$/.test(value)
  const rest = fields.slice(5).join(':')
  return service === 'ec2' ? rest === '*' : /^[\w-]*[/:]*\*[*/:]*$/.test(rest)
}

function whereOf(actions: readonly ActionInfo[]): string {
  const arns = [...new Set(actions.flatMap(({ resources }) => resources.flatMap((each) => each.arns)))].sort(
    (a, b) => a.length - b.length,
  )
  const they = actions.length === 1 ? 'It applies' : 'These actions apply'
  if (arns.length === 0) return `${they} to the resource * only.`
  const shown = arns.slice(0, 3).join(' or ')
  return `${they} to resources such as ${shown}${arns.length > 3 ? ' and others' : ''}.`
}

/** Keys that every request of a role session may have, whatever its action: they come with its credentials. */
const ofSessions: ReadonlySet<string> = new Set([
  'codebuild:buildarn',
  'codebuild:projectarn',
  'ec2:roledelivery',
  'ec2:sourceinstancearn',
  'glue:credentialissuingservice',
  'glue:roleassumedby',
  'lambda:sourcefunctionarn',
  'ssm:sourceinstancearn',
])

/** Keys of requests for objects through an access point, which the reference does not list. */
const ofAccessPoints: ReadonlySet<string> = new Set([
  's3:accesspointnetworkorigin',
  's3:dataaccesspointaccount',
  's3:dataaccesspointarn',
])

function keyFinding(
  { key, operator, span }: ConditionEntry,
  meant: readonly Meant[],
  isWhole: boolean,
  { index }: Statement,
): readonly Finding[] {
  const prefix = key.slice(0, Math.max(key.indexOf(':'), 0)).toLowerCase()
  const lowered = key.toLowerCase()
  if (!isWhole || ofSessions.has(lowered) || ofAccessPoints.has(lowered)) return []
  if (/IfExists$|^ForAllValues:|Null$/.test(operator) || !isToldOfActions(prefix, key)) return []
  const without = meant.filter(({ actions }) => !actions.some((action) => hasKey(action, key)))
  if (without.length === 0) return []
  const names = without.map(({ written }) => written)
  const shown = names.slice(0, 5).join(', ') + (names.length > 5 ? ` and ${names.length - 5} more` : '')
  const message = `The following actions: ${shown} are not supported by the condition key ${key}. The condition will not be evaluated for these actions. We recommend that you move these actions to a different statement without this condition key.`
  return [
    {
      // the reference sometimes lacks keys, so this is no reason to refuse a policy
      class: 'warning',
      code: 'UNSUPPORTED_ACTION_FOR_CONDITION_KEY',
      message,
      path: ['Statement', index, 'Condition', operator, key],
      span,
    },
  ]
}

const existing = new Map<string, boolean>()

/** Returns whether the reference lists the actions of a key at all: it does not for keys of resource types. */
function isToldOfActions(prefix: string, key: string): boolean {
  const known = existing.get(key)
  if (known !== undefined) return known
  const found = serviceActions(prefix).some((action) => hasKey(action, key))
  if (existing.size < mostKept) existing.set(key, found)
  return found
}

function hasKey({ conditionKeys, resources }: ActionInfo, key: string): boolean {
  return (
    conditionKeys.some((known) => isKey(key, known)) ||
    resources.some((each) => each.conditionKeys.some((known) => isKey(key, known)))
  )
}
