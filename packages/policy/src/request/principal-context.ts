import type { ContextInput } from './context.ts'
import type { Principal } from './principal.ts'

/** aws:PrincipalType of services in requests of their own; that of others was not recorded (behaviour GRD-209). */
const typesOfServices: Readonly<Record<string, string | undefined>> = {
  cloudtrail: 'AssumedRole',
  events: 'User',
}

/**
 * The condition keys that follow from the principal: aws:PrincipalArn, PrincipalAccount, PrincipalType, userid and
 * username, PrincipalIsAWSService, and FederatedProvider (behaviours POL-101 to POL-104, POL-171 and POL-172).
 */
export function principalContext(principal: Principal): Readonly<Record<string, ContextInput>> {
  switch (principal.type) {
    case 'root':
      return identity(principal.arn, principal.account, 'Account', principal.account)
    case 'user':
      return {
        ...identity(principal.arn, principal.account, 'User', principal.id),
        'aws:username': lastPart(principal.arn),
      }
    case 'roleSession': {
      const { roleArn, account, roleId, sessionArn } = principal
      const userId = roleId && `${roleId}:${lastPart(sessionArn)}`
      return identity(roleArn, account, 'AssumedRole', userId)
    }
    case 'federatedUser': {
      const userId = `${principal.account}:${lastPart(principal.arn)}`
      return identity(principal.arn, principal.account, 'FederatedUser', userId)
    }
    case 'service': {
      const type = typesOfServices[principal.names[0]?.split('.', 1)[0] ?? '']
      return {
        'aws:PrincipalIsAWSService': true,
        ...(type !== undefined && { 'aws:PrincipalType': type }),
        'aws:PrincipalServiceName': principal.names[0] ?? '',
        'aws:PrincipalServiceNamesList': principal.names,
      }
    }
    // The bearer of a token or an assertion has no identity yet: policies that exclude strangers apply (behaviour POL-172).
    case 'webIdentity':
      return { 'aws:FederatedProvider': principal.provider }
    case 'saml':
      return {}
    case 'anonymous':
      return {
        'aws:PrincipalAccount': 'anonymous',
        'aws:PrincipalType': 'Anonymous',
        'aws:userid': 'anonymous',
      }
  }
}

function identity(
  arn: string,
  account: string,
  type: string,
  userId: string | undefined,
): Readonly<Record<string, ContextInput>> {
  return {
    'aws:PrincipalArn': arn,
    'aws:PrincipalAccount': account,
    'aws:PrincipalType': type,
    'aws:PrincipalIsAWSService': false,
    ...(userId === undefined ? {} : { 'aws:userid': userId }),
  }
}

/** The name without its path. */
function lastPart(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1)
}
