import type { Policy, Statement } from '../document/policy.ts'
import type { Report } from '../document/report.ts'
import { EMPTY } from '../evaluate/context.ts'
import { compileAction, isWild } from '../match/action.ts'

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

const PERMISSIVE = 'can be overly permissive because'
const UNINTENDED = 'can allow creation of unintended service-linked roles'
const SPECIFY = 'We recommend that you specify resource ARNs instead.'
const OR_NARROW =
  'We recommend that you specify resource ARNs or add the iam:PassedToService condition key to your statement.'

const SENSITIVE: readonly Sensitive[] = [
  {
    action: 'iam:PassRole',
    class: 'securityWarning',
    code: 'PASS_ROLE',
    risk: {
      NOT_RESOURCE: `${PERMISSIVE} it can allow iam:PassRole permissions on multiple resources. ${SPECIFY}`,
      STAR_IN_ACTION_AND_NOT_RESOURCE: `${PERMISSIVE} it can allow iam:PassRole permissions on multiple resources. ${SPECIFY}`,
      // two full stops, as AWS has it
      NOT_ACTION_AND_NOT_RESOURCE: `${PERMISSIVE} it can allow iam:PassRole permissions on multiple resources.. ${SPECIFY}`,
      STAR_IN_RESOURCE: `${PERMISSIVE} it allows iam:PassRole permissions on multiple resources. ${OR_NARROW}`,
      STAR_IN_ACTION_AND_RESOURCE: `${PERMISSIVE} it allows iam:PassRole permissions on all resources. ${OR_NARROW}`,
      STAR_IN_RESOURCE_AND_NOT_ACTION: `${PERMISSIVE} it allows iam:PassRole permissions on all resources. ${OR_NARROW}`,
    },
    narrowedBy: 'iam:passedtoservice',
  },
  {
    action: 'iam:CreateServiceLinkedRole',
    class: 'warning',
    code: 'CREATE_SLR',
    risk: {
      NOT_RESOURCE: `${UNINTENDED} for multiple resources. ${SPECIFY}`,
      STAR_IN_ACTION_AND_NOT_RESOURCE: `${UNINTENDED} because it can allow iam:CreateServiceLinkedRole permissions on multiple resources. ${SPECIFY}`,
      NOT_ACTION_AND_NOT_RESOURCE: `${UNINTENDED} because it allows iam:CreateServiceLinkedRole permissions on multiple resources. ${SPECIFY}`,
      STAR_IN_RESOURCE: `${UNINTENDED}. ${SPECIFY}`,
      STAR_IN_ACTION_AND_RESOURCE: `${UNINTENDED} because it allows iam:CreateServiceLinkedRole permissions on all resources. ${SPECIFY}`,
      STAR_IN_RESOURCE_AND_NOT_ACTION: `${UNINTENDED} because it allows iam:CreateServiceLinkedRole permissions on all resources. ${SPECIFY}`,
    },
    narrowedBy: 'iam:awsservicename',
  },
]

/** Statements that pass any role or create any service-linked role. */
export function checkSensitiveActions({ kind, statements }: Policy, report: Report): void {
  if (kind !== 'identity' && kind !== 'session') return
  for (const statement of statements) {
    if (statement.effect !== 'Allow' || statement.resource === undefined) continue
    for (const sensitive of SENSITIVE) checkSensitive(statement, sensitive, report)
  }
}

function checkSensitive(statement: Statement, sensitive: Sensitive, report: Report): void {
  const { resource, action, condition, index } = statement
  const actions = coverage(statement, sensitive.action.toLowerCase())
  if (actions === undefined || resource === undefined) return
  const star = resource.values.find(({ value }) => value === '*' || /:(?:role\/)?\*$/.test(value))
  if (!resource.negated && star === undefined) return
  if (!resource.negated && condition.some(({ key }) => key.toLowerCase() === sensitive.narrowedBy)) return
  const name = RESOURCE_NAMES[resource.negated ? 'not' : 'star'][actions]
  report.note(
    sensitive.class,
    `${sensitive.code}_WITH_${name}`,
    `Using ${WRITTEN[name].replace('$', sensitive.action)} ${sensitive.risk[name]}`,
    ['Statement', index, resource.negated ? 'NotResource' : 'Resource'],
    star?.span ?? action.span,
  )
}

type Coverage = 'named' | 'star' | 'not'

/** The form of the statement in Access Analyzer's words; `$` is replaced by the action. */
const WRITTEN = {
  NOT_RESOURCE: 'the $ action with NotResource',
  STAR_IN_ACTION_AND_NOT_RESOURCE: 'an action with a wildcard (*) and NotResource',
  NOT_ACTION_AND_NOT_RESOURCE: 'NotAction with NotResource',
  STAR_IN_RESOURCE: 'the $ action with wildcards (*) in the resource',
  STAR_IN_ACTION_AND_RESOURCE: 'wildcards (*) in the action and the resource',
  STAR_IN_RESOURCE_AND_NOT_ACTION: 'a resource with wildcards (*) and NotAction',
} as const

type Written = keyof typeof WRITTEN

const RESOURCE_NAMES: Readonly<Record<'not' | 'star', Readonly<Record<Coverage, Written>>>> = {
  star: {
    named: 'STAR_IN_RESOURCE',
    star: 'STAR_IN_ACTION_AND_RESOURCE',
    not: 'STAR_IN_RESOURCE_AND_NOT_ACTION',
  },
  not: { named: 'NOT_RESOURCE', star: 'STAR_IN_ACTION_AND_NOT_RESOURCE', not: 'NOT_ACTION_AND_NOT_RESOURCE' },
}

/** How a statement's action element covers an action, if it does. */
function coverage({ action }: Statement, wanted: string): Coverage | undefined {
  const fitting = action.values.filter(({ value }) => compileAction(value)(wanted, EMPTY))
  if (action.negated) return fitting.length === 0 ? 'not' : undefined
  if (fitting.length === 0) return undefined
  return fitting.some(({ value }) => !isWild(value)) ? 'named' : 'star'
}
