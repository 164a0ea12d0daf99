import { policySizeLimits } from '@omen-iam/policy'
import { isBoundByRcps, parsedDocument } from '../../authorization/index.ts'
import type { OrganizationPolicyType } from '../../directory/index.ts'
import { readDocument } from './effective/document.ts'
import { fitsType, isManagementType, managementTypes } from './effective/types.ts'
import { refuse, violates } from './faults.ts'

/** @throws Fault if AWS would not store the text as a policy of this type (behaviours ORG-33 to ORG-35 and ORG-91) */
export function checkContent(content: string, type: OrganizationPolicyType): void {
  if (isManagementType(type)) {
    checkSize(content, managementTypes[type].size)
    const document = readDocument(content)
    if (document === undefined || !fitsType(document, type)) throw refuse('MalformedPolicyDocumentException')
    return
  }
  const scp = type === 'SERVICE_CONTROL_POLICY'
  checkSize(content, policySizeLimits[scp ? 'scp' : 'rcp'])
  const parsed = parsedDocument(content, scp ? 'scp' : 'rcp')
  if (!parsed.ok) throw refuse('MalformedPolicyDocumentException')
  if (scp) return
  for (const { effect, action } of parsed.policy.statements) {
    const bound = !action.negated && action.values.every(({ value }) => isBoundByRcps(value))
    if (effect !== 'Deny' || !bound) throw refuse('MalformedPolicyDocumentException')
  }
}

/** Returns a policy's text as it is kept: that of an RCP is compact, with a version and a list (behaviour ORG-35). */
export function keptContent(content: string, type: OrganizationPolicyType): string {
  if (type !== 'RESOURCE_CONTROL_POLICY') return content
  const { Version = '2008-10-17', Statement, ...rest } = JSON.parse(content) as Record<string, unknown> // checked
  return JSON.stringify({ Version, ...rest, Statement: Array.isArray(Statement) ? Statement : [Statement] })
}

/** Unlike IAM, Organizations counts white space. */
function checkSize(content: string, limit: number): void {
  if (content.length <= limit) return
  throw violates(
    'POLICY_CONTENT_LIMIT_EXCEEDED',
    'You attempted to create a policy that is larger than the maximum size.',
  )
}
