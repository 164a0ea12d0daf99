import type { Policy, Statement } from '../document/policy.ts'
import { compileAction, isWild } from '../match/action.ts'
import type { Report } from '../parse/report.ts'
import { emptyContext } from '../request/context.ts'

/** An action that should not be allowed on every resource. */
interface Sensitive {
  readonly action: string
  readonly class: 'securityWarning' | 'warning'
  /** The start of a finding's code: `PASS_ROLE_WITH_STAR_IN_RESOURCE`. */
  readonly code: string
  /** The end of the message, by the form of the statement. */
  readonly risk: Readonly<Record<Written, string>>
  /** A condition on this key restricts the statement sufficiently. */
  readonly narrowedBy: string
}

const overlyPermissive = 'can be overly permissive because'
const unintendedRoles = 'can allow creation of unintended service-linked roles'
const specifyArns = 'We recommend that you specify resource ARNs instead.'
const orNarrow =
  'We recommend that you specify resource ARNs or add the iam:PassedToService condition key to your statement.'

const sensitiveActions: readonly Sensitive[] = [
  {
    action: 'iam:PassRole',
    class: 'securityWarning',
    code: 'PASS_ROLE',
    risk: {
      NOT_RESOURCE: `${overlyPermissive} it can allow iam:PassRole permissions on multiple resources. ${specifyArns}`,
      STAR_IN_ACTION_AND_NOT_RESOURCE: `${overlyPermissive} it can allow iam:PassRole permissions on multiple resources. ${specifyArns}`,
      // two full stops, as AWS has it
      NOT_ACTION_AND_NOT_RESOURCE: `${overlyPermissive} it can allow iam:PassRole permissions on multiple resources.. ${specifyArns}`,
      STAR_IN_RESOURCE: `${overlyPermissive} it allows iam:PassRole permissions on multiple resources. ${orNarrow}`,
      STAR_IN_ACTION_AND_RESOURCE: `${overlyPermissive} it allows iam:PassRole permissions on all resources. ${orNarrow}`,
      STAR_IN_RESOURCE_AND_NOT_ACTION: `${overlyPermissive} it allows iam:PassRole permissions on all resources. ${orNarrow}`,
    },
    narrowedBy: 'iam:passedtoservice',
  },
  {
    action: 'iam:CreateServiceLinkedRole',
    class: 'warning',
    code: 'CREATE_SLR',
    risk: {
      NOT_RESOURCE: `${unintendedRoles} for multiple resources. ${specifyArns}`,
      STAR_IN_ACTION_AND_NOT_RESOURCE: `${unintendedRoles} because it can allow iam:CreateServiceLinkedRole permissions on multiple resources. ${specifyArns}`,
      NOT_ACTION_AND_NOT_RESOURCE: `${unintendedRoles} because it allows iam:CreateServiceLinkedRole permissions on multiple resources. ${specifyArns}`,
      STAR_IN_RESOURCE: `${unintendedRoles}. ${specifyArns}`,
      STAR_IN_ACTION_AND_RESOURCE: `${unintendedRoles} because it allows iam:CreateServiceLinkedRole permissions on all resources. ${specifyArns}`,
      STAR_IN_RESOURCE_AND_NOT_ACTION: `${unintendedRoles} because it allows iam:CreateServiceLinkedRole permissions on all resources. ${specifyArns}`,
    },
    narrowedBy: 'iam:awsservicename',
  },
]

/** Statements that pass any role or create any service-linked role. */
export function checkSensitiveActions({ kind, statements }: Policy, report: Report): void {
  if (kind !== 'identity' && kind !== 'session') return
  for (const statement of statements) {
    if (statement.effect !== 'Allow' || statement.resource === undefined) continue
    for (const sensitive of sensitiveActions) checkSensitive(statement, sensitive, report)
  }
}

function checkSensitive(statement: Statement, sensitive: Sensitive, report: Report): void {
  const { resource, action, condition, index } = statement
  const actions = coverage(statement, sensitive.action.toLowerCase())
  if (actions === undefined || resource === undefined) return
  const star = resource.values.find(({ value }) => value === '*' || /:(?:role\/)?\*$/.test(value))
  if (!resource.negated && star === undefined) return
  if (!resource.negated && condition.some(({ key }) => key.toLowerCase() === sensitive.narrowedBy)) return
  const name = resourceNames[resource.negated ? 'not' : 'star'][actions]
  report.note(
    sensitive.class,
    `${sensitive.code}_WITH_${name}`,
    `Using ${written[name].replace('$', sensitive.action)} ${sensitive.risk[name]}`,
    ['Statement', index, resource.negated ? 'NotResource' : 'Resource'],
    star?.span ?? action.span,
  )
}

type Coverage = 'named' | 'star' | 'not'

/** The form of the statement in Access Analyzer's words; `$` is replaced by the action. */
const written = {
  NOT_RESOURCE: 'the $ action with NotResource',
  STAR_IN_ACTION_AND_NOT_RESOURCE: 'an action with a wildcard (*) and NotResource',
  NOT_ACTION_AND_NOT_RESOURCE: 'NotAction with NotResource',
  STAR_IN_RESOURCE: 'the $ action with wildcards (*) in the resource',
  STAR_IN_ACTION_AND_RESOURCE: 'wildcards (*) in the action and the resource',
  STAR_IN_RESOURCE_AND_NOT_ACTION: 'a resource with wildcards (*) and NotAction',
} as const

type Written = keyof typeof written

const resourceNames: Readonly<Record<'not' | 'star', Readonly<Record<Coverage, Written>>>> = {
  star: {
    named: 'STAR_IN_RESOURCE',
    star: 'STAR_IN_ACTION_AND_RESOURCE',
    not: 'STAR_IN_RESOURCE_AND_NOT_ACTION',
  },
  not: { named: 'NOT_RESOURCE', star: 'STAR_IN_ACTION_AND_NOT_RESOURCE', not: 'NOT_ACTION_AND_NOT_RESOURCE' },
}

/** How a statement's action element covers an action, if it does. */
function coverage({ action }: Statement, wanted: string): Coverage | undefined {
  const fitting = action.values.filter(({ value }) => compileAction(value)(wanted, emptyContext))
  if (action.negated) return fitting.length === 0 ? 'not' : undefined
  if (fitting.length === 0) return undefined
  return fitting.some(({ value }) => !isWild(value)) ? 'named' : 'star'
}
