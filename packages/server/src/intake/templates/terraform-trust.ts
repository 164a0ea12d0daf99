/** Something that a trust policy refers to, as the plan makes it. */
export interface TrustedThing {
  readonly type: string
  readonly arn: string
  /** Of a provider of OIDC: the issuer without its scheme, and the audiences. */
  readonly issuer?: string | undefined
  readonly audiences?: readonly string[]
}

/**
 * The trust policy that names things of the plan, where the plan has its references alone: `jsonencode` with one part that
 * is not known is not known as a whole. Its conditions are those that AWS makes for such a provider (behaviour TPL-149).
 * Undefined if nothing that may be trusted is named.
 */
export function inferredTrust(things: readonly TrustedThing[]): string | undefined {
  const statements = things.flatMap(({ type, arn, issuer, audiences = [] }) => {
    switch (type) {
      case 'aws_iam_openid_connect_provider': {
        const isNamed = issuer !== undefined && audiences.length > 0
        const Condition = isNamed ? { StringEquals: { [`${issuer}:aud`]: audiences } } : undefined
        return [statementOf({ Federated: arn }, 'sts:AssumeRoleWithWebIdentity', Condition)]
      }
      case 'aws_iam_saml_provider':
        return [
          statementOf({ Federated: arn }, 'sts:AssumeRoleWithSAML', {
            StringEquals: { 'SAML:aud': 'https://signin.aws.amazon.com/saml' },
          }),
        ]
      case 'aws_iam_role':
      case 'aws_iam_user':
        // a name that is not known yet is no principal
        return arn.includes('*') ? [] : [statementOf({ AWS: arn }, 'sts:AssumeRole', undefined)]
      default:
        return []
    }
  })
  return statements.length === 0
    ? undefined
    : JSON.stringify({ Version: '2012-10-17', Statement: statements })
}

function statementOf(Principal: object, Action: string, Condition: object | undefined) {
  return { Effect: 'Allow', Principal, Action, ...(Condition === undefined ? {} : { Condition }) }
}
