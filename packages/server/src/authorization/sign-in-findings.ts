import type { Finding, FindingClass, Path, Policy, Span, Statement } from '@omen-iam/policy'

const cognito = 'cognito-identity.amazonaws.com'
const anywhere = 'rolesanywhere.amazonaws.com'
const pods = 'pods.eks.amazonaws.com'

/**
 * Finds what lets other people or machines in than meant: trust in identity pools, certificates and pods, and names of roles of
 * permission sets. Access Analyzer has no name for it (behaviour LNT-70).
 */
export function signInFindings(policy: Policy): readonly Finding[] {
  return policy.statements.flatMap((statement) => [
    ...(policy.kind === 'trust' && statement.effect === 'Allow' ? trustFindings(statement, policy) : []),
    ...roleNameFindings(statement),
  ])
}

interface Note {
  readonly class: FindingClass
  readonly code: string
  readonly message: string
  readonly span: Span
}

function trustFindings(statement: Statement, { statements }: Policy): readonly Finding[] {
  const keys = new Set(statement.condition.map(({ key }) => key.toLowerCase()))
  const lacks = (key: string) => !keys.has(key.toLowerCase())
  const notes: Note[] = []
  for (const { value, span } of statement.principal?.negated === false ? statement.principal.entries : []) {
    if (value === cognito && lacks(`${cognito}:aud`))
      notes.push({
        class: 'securityWarning',
        code: 'MISSING_IDENTITY_POOL_CONDITION_KEY',
        message: `Without a condition on ${cognito}:aud, identities of every identity pool can assume the role, also of other accounts. Add the condition key with the id of the pool.`,
        span,
      })
    else if (value === cognito && lacks(`${cognito}:amr`))
      notes.push({
        class: 'warning',
        code: 'MISSING_IDENTITY_POOL_SIGN_IN_CONDITION_KEY',
        message: `Without a condition on ${cognito}:amr, guests of the identity pool can assume the role as well. Add the condition key with authenticated or unauthenticated.`,
        span,
      })
    if (value === anywhere && lacks('aws:SourceArn'))
      notes.push({
        class: 'warning',
        code: 'MISSING_TRUST_ANCHOR_CONDITION_KEY',
        message:
          'Without a condition on aws:SourceArn, certificates of every trust anchor of the account can assume the role. Add the condition key with the ARN of the trust anchor.',
        span,
      })
    if (value === pods && !statements.some((each) => each.effect === 'Allow' && allowsTags(each, pods)))
      notes.push({
        class: 'error',
        code: 'MISSING_ACTION_FOR_POD_IDENTITY_TRUST_POLICY',
        message: `The ${pods} service principal requires the sts:AssumeRole and sts:TagSession permissions to assume a role. Add the missing permission to the policy.`,
        span,
      })
  }
  return notes.map((note) => ({ ...note, path: pathOf(statement) }))
}

function allowsTags({ action, principal }: Statement, service: string): boolean {
  const names = principal?.entries.some(({ value }) => value === service || value === '*') === true
  return (
    names &&
    !action.negated &&
    action.values.some(({ value }) => /^(?:\*|sts:(?:\*|tag\*|tagsession))$/i.test(value))
  )
}

/** Values that name the role of a permission set: a new role has another suffix, and the path has a region but for us-east-1. */
function roleNameFindings(statement: Statement): readonly Finding[] {
  const values = [
    ...(statement.principal?.entries ?? []),
    ...(statement.resource?.values ?? []),
    ...statement.condition.flatMap((entry) => (/arn$/i.test(entry.key) ? entry.values : [])),
  ]
  const notes: Note[] = []
  for (const { value, span } of values) {
    if (/AWSReservedSSO_[\w+=,.@-]{1,32}_[0-9a-f]{16}(?![0-9a-f])/.test(value))
      notes.push({
        class: 'suggestion',
        code: 'PERMISSION_SET_ROLE_WITH_SUFFIX',
        message:
          'The role of a permission set gets another suffix when the set is assigned again. Use a condition on aws:PrincipalArn with a wildcard in its place.',
        span,
      })
    if (/role\/aws-reserved\/sso\.amazonaws\.com\/AWSReservedSSO_[^/]*\*/.test(value))
      notes.push({
        class: 'warning',
        code: 'PERMISSION_SET_ROLE_WITHOUT_REGION',
        message:
          'The path of a role of IAM Identity Center has the region of its instance unless that is us-east-1, so this pattern may match no role. Write aws-reserved/sso.amazonaws.com* before the name.',
        span,
      })
  }
  return notes.map((note) => ({ ...note, path: pathOf(statement) }))
}

function pathOf({ index }: Statement): Path {
  return ['Statement', index]
}
