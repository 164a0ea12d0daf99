import type { Statement } from '@omen-iam/policy'
import { serviceActions } from '../../../authorization/catalogue/index.ts'
import { budgetFor, type Call, judge, parsedDocument, principalOf } from '../../../authorization/index.ts'
import { assert } from '../../../base/index.ts'
import type { Iam } from '../../../model/index.ts'

/** The most questions of a check; a policy that needs more is not decided. */
const questionsMost = 500

/**
 * Returns whether the caller may do all that a request's policy allows. An approximation, as AWS calls its own:
 * conditions and wide wildcards leave the answer open (behaviour DLG-9).
 */
export function checkPermissions(policy: string, call: Call): Iam.PermissionCheckResultType {
  const parsed = parsedDocument(policy, 'identity')
  assert(parsed.ok, 'a rendered policy does not parse')
  const principal = principalOf(call.caller)
  const budget = budgetFor(questionsMost)
  let unsure = false
  let questions = 0
  for (const statement of parsed.policy.statements) {
    if (statement.effect === 'Deny') continue
    const actions = actionsOf(statement)
    const resources = statement.resource?.values.map(({ value }) => value) ?? ['*']
    questions += (actions?.length ?? 0) * resources.length
    if (statement.condition.length > 0 || actions === undefined || questions > questionsMost) {
      unsure = true
      continue
    }
    for (const action of actions) {
      for (const resource of resources) {
        const access = { action, resource, resourceAccount: call.account.id }
        if (judge(access, principal, call, budget).decision.outcome !== 'allowed') return 'DENIED'
      }
    }
  }
  return unsure ? 'UNSURE' : 'ALLOWED'
}

/** Returns the actions of a statement, or undefined if it names no service. */
function actionsOf({ action, resource }: Statement): readonly string[] | undefined {
  if (action.negated || resource?.negated === true) return undefined
  const services: string[] = []
  for (const { value } of action.values) {
    const [service = '', pattern = ''] = value.split(':')
    if (!/[*?]/.test(value)) services.push(value)
    else if (pattern === '' || /[*?]/.test(service)) return undefined
    else services.push(...expand(service.toLowerCase(), pattern))
  }
  return services
}

/** Only the most common wildcard is expanded: a prefix and a star. */
function expand(service: string, pattern: string): readonly string[] {
  const head = pattern.slice(0, pattern.search(/[*?]/)).toLowerCase()
  return serviceActions(service)
    .filter(({ name }) => name.toLowerCase().startsWith(head))
    .map(({ name }) => `${service}:${name}`)
}
