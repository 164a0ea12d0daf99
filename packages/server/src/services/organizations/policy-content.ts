import { POLICY_SIZE_LIMITS } from '@omen-iam/policy'
import { isBoundByRcps, parsedDocument } from '../../authorization/index.ts'
import type { OrganizationPolicyType } from '../../directory/index.ts'
import { refuse, violates } from './faults.ts'

/** @throws Fault where AWS would not store the text as a policy of this type (behaviours ORG-33 to ORG-35) */
export function checkContent(content: string, type: OrganizationPolicyType): void {
  const scp = type === 'SERVICE_CONTROL_POLICY'
  // unlike IAM, Organizations counts white space
  if (content.length > POLICY_SIZE_LIMITS[scp ? 'scp' : 'rcp']) {
    throw violates(
      'POLICY_CONTENT_LIMIT_EXCEEDED',
      'You attempted to create a policy that is larger than the maximum size.',
    )
  }
  const parsed = parsedDocument(content, scp ? 'scp' : 'rcp')
  if (!parsed.ok || parsed.policy.version !== '2012-10-17') {
    throw refuse('MalformedPolicyDocumentException')
  }
  if (scp) return
  for (const { effect, action } of parsed.policy.statements) {
    const bound = !action.negated && action.values.every(({ value }) => isBoundByRcps(value))
    if (effect !== 'Deny' || !bound) throw refuse('MalformedPolicyDocumentException')
  }
}
