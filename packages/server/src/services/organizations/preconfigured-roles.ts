import type { Call } from '../../authorization/index.ts'
import { type AccountId, newId } from '../../base/index.ts'
import { type Account, type Role, roles } from '../../directory/index.ts'

export const defaultRoleName = 'OrganizationAccountAccessRole'

const service = 'organizations.amazonaws.com'

/** The role by which the management account's people enter an account that it made (behaviour ORG-21). */
export function accessRole(account: Account, name: string, management: AccountId, call: Call): void {
  putRole(account, call, {
    name,
    path: '/',
    trust: trust({ AWS: `arn:aws:iam::${management}:root` }),
    attached: ['arn:aws:iam::aws:policy/AdministratorAccess'],
  })
}

/** AWSServiceRoleForOrganizations, once an account (behaviour ORG-22). */
export function serviceLinkedRole(account: Account, call: Call): void {
  const name = 'AWSServiceRoleForOrganizations'
  if (account.table(roles).findBy('name', name.toLowerCase()) !== undefined) return
  putRole(account, call, {
    name,
    path: `/aws-service-role/${service}/`,
    trust: trust({ Service: service }),
    attached: ['arn:aws:iam::aws:policy/aws-service-role/AWSOrganizationsServiceTrustPolicy'],
    description:
      'Service-linked role used by AWS Organizations to enable integration of other AWS services with Organizations.',
    linkedService: service,
  })
}

type Given = Pick<Role, 'name' | 'path' | 'trust' | 'attached' | 'description' | 'linkedService'>

function putRole(account: Account, call: Call, given: Given): void {
  account.table(roles).put({
    id: newId('AROA', account.id, call.house.random),
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
