import { type ConditionEntry, type Finding, type Statement, wildcardMatcher } from '@omen-iam/policy'
import { perText } from '../base/index.ts'
import { overlaps } from './arn-overlap.ts'
import { type ActionInfo, actionInfo, prefixOf, serviceActions, serviceInfo } from './catalogue/index.ts'
import { isKey } from './names.ts'

/** Real actions of one service, and their resources. */
interface Actions {
  readonly actions: readonly ActionInfo[]
  /** The ARN patterns of all of them, each once. */
  readonly arns: readonly string[]
  /** The service, if one of them has no resource types. */
  readonly open: string | undefined
}

/** An element of Action, and what it matches. */
interface Meant extends Actions {
  readonly written: string
  readonly span: Finding['span']
}

/**
 * Finds actions that apply to none of the statement's resources, and condition keys that no request for them has: such
 * a statement does not do what it says (behaviour LNT-1). A wildcard is correct if one of its actions is.
 */
export function actionUseFindings(statement: Statement): readonly Finding[] {
  if (statement.action.negated) return []
  const meant = statement.action.values.flatMap(({ value, span }): Meant[] => {
    const actionList = actionsOf(value)
    return actionList.actions.length === 0 ? [] : [{ written: value, span, ...actionList }]
  })
  // `*` and unknown names: nothing is certain
  const isWhole = meant.length === statement.action.values.length
  return [
    ...meant.flatMap((each) => resourceFinding(each, statement)),
    ...statement.condition.flatMap((entry) => keyFinding(entry, meant, isWhole, statement)),
  ]
}

/** Returns the actions of one service that a pattern matches; none if it matches more than one service. */
const actionsOf = perText((pattern): Actions => {
  const prefix = prefixOf(pattern)
  const fits = wildcardMatcher(pattern.slice(prefix.length + 1), { ignoreCase: true })
  return together(serviceActions(prefix).filter(({ name }) => fits(name)))
})

/**
 * Returns the resource types of a service in lower case, by their own names and by the words that begin their ARNs;
 * undefined if AWS has no such service.
 */
export const resourceTypesOf = perText((service): ReadonlySet<string> | undefined => {
  const types = serviceInfo(service)?.resourceTypes
  if (types === undefined) return undefined
  const names = new Set<string>()
  for (const [type, arns] of types) {
    names.add(type.toLowerCase())
    for (const arn of arns)
      names.add((arn.split(':').slice(5).join(':').split(/[:/]/)[0] ?? '').toLowerCase())
  }
  return names
})

/** Returns the actions of one service that an element of Action matches, in any case; none if it matches several services. */
export function actionsMeant(written: string): readonly ActionInfo[] {
  return actionsOf(written).actions
}

function together(actions: readonly ActionInfo[]): Actions {
  const arnsOf = ({ resources }: ActionInfo) => resources.flatMap(({ arns }) => arns)
  return {
    actions,
    arns: [...new Set(actions.flatMap(arnsOf))],
    open: actions.find((action) => arnsOf(action).length === 0)?.service,
  }
}

/**
 * Services whose types the reference does not list completely: it has one of two generations of load balancers, and
 * for stages of an API only the beginning of their names.
 */
const unlisted = /^(?:apigateway|elasticloadbalancing):/i

function resourceFinding(meant: Meant, statement: Statement): readonly Finding[] {
  const { written, span } = meant
  const { resource, effect, index } = statement
  if (unlisted.test(written)) return []
  if (resource === undefined || resource.negated || resource.values.length === 0) return []
  const values = resource.values.map(({ value }) => value)
  if (values.some((value) => mayBeOn(meant, value))) return []
  const path = ['Statement', index, 'Action']
  const message = `${written} does not apply to ${values.length === 1 ? 'this resource' : 'any of these resources'}. ${whereOf(meant)}`
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

/** Returns whether one of the actions may be asked on a policy's resource. */
function mayBeOn({ arns, open }: Actions, value: string, meet = overlaps): boolean {
  return (open !== undefined && isOpen(open, value)) || arns.some((arn) => meet(value, arn))
}

/** Returns whether an action can be asked on a policy's resource; true if AWS has no such action. */
export function appliesTo(action: string, resource: string): boolean {
  return appliesToMany()(action, resource)
}

/** Returns `appliesTo` for many actions on the same resources: each resource is compared with each ARN once. */
export function appliesToMany(): typeof appliesTo {
  const answers = new Map<string, boolean>()
  const meet = (value: string, arn: string): boolean => {
    const pair = `${value} ${arn}`
    const found = answers.get(pair) ?? overlaps(value, arn)
    answers.set(pair, found)
    return found
  }
  return (action, resource) => {
    const info = unlisted.test(action) ? undefined : actionInfo(action)
    return info === undefined || mayBeOn(together([info]), resource, meet)
  }
}

/**
 * Returns whether a resource may be the one of an action without resource types: `*`, or an ARN with a wildcard for
 * the account or for all of a kind, such as `role/*`, which some services use. EC2 asks on `*` alone.
 */
function isOpen(service: string, value: string): boolean {
  const fields = value.replaceAll(/\$\{[^{}]*\}/g, '*').split(':')
  if (fields.length < 6) return /[*?]$/.test(value)
  const rest = fields.slice(5).join(':')
  if (service === 'ec2') return rest === '*'
  const [, word, separator] = /^([\w-]*)([/:]*)\*[*/:]*$/.exec(rest) ?? []
  if (word === undefined) return false
  if (word === '' || separator === '' || fields[4] !== '') return true
  // without an account the word may be a name, such as that of a bucket
  return resourceTypesOf(fields[2] ?? service)?.has(word.toLowerCase()) ?? true
}

function whereOf({ actions, arns }: Actions): string {
  const they = actions.length === 1 ? 'It applies' : 'These actions apply'
  if (arns.length === 0) return `${they} to the resource * only.`
  const shown = arns
    .toSorted((a, b) => a.length - b.length)
    .slice(0, 3)
    .join(' or ')
  return `${they} to resources such as ${shown}${arns.length > 3 ? ' and others' : ''}.`
}

/** Keys that every request of a role session may have, whatever its action: they come with its credentials. */
const ofSessions: ReadonlySet<string> = new Set(['ssm:sourceinstancearn'])

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
  const lowered = key.toLowerCase()
  if (!isWhole || ofSessions.has(lowered) || ofAccessPoints.has(lowered)) return []
  if (/IfExists$|^ForAllValues:|Null/.test(operator) || !isKeyOfActions(key)) return []
  const without = meant.filter(({ actions }) => !actions.some((action) => hasKey(action, key)))
  if (without.length === 0) return []
  const names = without.map(({ written }) => written)
  const shown = names.slice(0, 5).join(', ') + (names.length > 5 ? ` and ${names.length - 5} more` : '')
  const message = `The following actions: ${shown} are not supported by the condition key ${key}. The condition will not be evaluated for these actions. We recommend that you move these actions to a different statement without this condition key.`
  return [
    {
      class: 'error',
      code: 'UNSUPPORTED_ACTION_FOR_CONDITION_KEY',
      message,
      path: ['Statement', index, 'Condition', operator, key],
      span,
    },
  ]
}

/** Returns whether the reference lists the actions of a key at all: it does not for keys of resource types. */
const isKeyOfActions = perText((key) => serviceActions(prefixOf(key)).some((action) => hasKey(action, key)))

function hasKey({ conditionKeys, resources }: ActionInfo, key: string): boolean {
  return (
    conditionKeys.some((known) => isKey(key, known)) ||
    resources.some((each) => each.conditionKeys.some((known) => isKey(key, known)))
  )
}
