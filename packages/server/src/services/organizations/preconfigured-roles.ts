import { authorize, type Call, refuses } from '../../authorization/index.ts'
import { type AccountId, awsPolicyArn, fault, iamArn, newId, principalIn } from '../../base/index.ts'
import { type Account, type Role, roles } from '../../directory/index.ts'

export const defaultRoleName = 'OrganizationAccountAccessRole'

const service = 'organizations.amazonaws.com'
const linkedName = 'AWSServiceRoleForOrganizations'
const linkedPath = `/aws-service-role/${service}/`

/** The role with which users of the management account enter an account that it created (behaviour ORG-21). */
export function accessRole(account: Account, name: string, management: AccountId, call: Call): void {
  putRole(account, call, {
    name,
    path: '/',
    trust: trust({ AWS: iamArn({ id: management, partition: account.partition }, 'root', '', '') }),
    attached: [awsPolicyArn(account.partition, 'AdministratorAccess')],
  })
}

/**
 * @throws Fault if the caller's account needs AWSServiceRoleForOrganizations and the caller may not create it
 * (behaviour ORG-22)
 */
export function checkMayLink(call: Call): void {
  if (!refuses(call.mode) || isLinked(call.account)) return
  const resource = iamArn(call.account, 'role', linkedPath, linkedName)
  const context = { 'iam:AWSServiceName': service }
  const forwardedBy = principalIn(call.account.partition, service)
  const request = { action: 'iam:CreateServiceLinkedRole', resource, context, forwardedBy }
  if (authorize([request], call).allowed) return
  throw fault(
    'AccessDeniedForDependencyException',
    'The operation that you attempted requires you to have the iam:CreateServiceLinkedRole for organizations.amazonaws.com permission so that AWS Organizations can create the required service-linked role.',
    400,
    { Reason: 'ACCESS_DENIED_DURING_CREATE_SERVICE_LINKED_ROLE' },
  )
}

/** AWSServiceRoleForOrganizations, once for each account (behaviour ORG-22). */
export function serviceLinkedRole(account: Account, call: Call): void {
  if (isLinked(account)) return
  putRole(account, call, {
    name: linkedName,
    path: linkedPath,
    trust: trust({ Service: service }),
    attached: [awsPolicyArn(account.partition, 'aws-service-role/AWSOrganizationsServiceTrustPolicy')],
    description:
      'Service-linked role used by AWS Organizations to enable integration of other AWS services with Organizations.',
    linkedService: service,
  })
}

function isLinked(account: Account): boolean {
  return account.table(roles).findBy('name', linkedName.toLowerCase()) !== undefined
}

type Given = Pick<Role, 'name' | 'path' | 'trust' | 'attached' | 'description' | 'linkedService'>

function putRole(account: Account, call: Call, given: Given): void {
  account.table(roles).put({
    id: newId('AROA', account.id, call.deps.random),
    createdAt: call.now,
    inline: {},
    tags: [],
    maxSessionSeconds: 3_600,
    ...given,
  })
}

function trust(principal: Readonly<Record<string, string>>): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: principal, Action: 'sts:AssumeRole' }],
  })
}
