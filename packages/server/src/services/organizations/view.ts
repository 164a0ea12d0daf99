import {
  type Organization,
  type OrganizationAccount,
  type OrganizationalUnit,
  type OrganizationPolicy,
  organizationArn,
  organizationPath,
  organizationPolicyArn,
  pathToRoot,
} from '../../directory/index.ts'
import type { Organizations } from '../../model/index.ts'
import type { Place } from './place.ts'
import type { AccountRequest } from './records.ts'
import { arnOfOrganization } from './resource.ts'

/** AWS's name of every root. */
export const rootName = 'Root'

export function organizationView(organization: Organization): Organizations.Organization {
  const { managementAccount } = organization
  return {
    Id: organization.id,
    Arn: arnOfOrganization(organization),
    FeatureSet: organization.featureSet,
    MasterAccountArn: organizationArn(organization, 'account', managementAccount),
    MasterAccountId: managementAccount,
    MasterAccountEmail: organization.managementEmail,
    AvailablePolicyTypes:
      organization.featureSet === 'ALL' ? [{ Type: 'SERVICE_CONTROL_POLICY', Status: 'ENABLED' }] : [],
  }
}

export function rootView(organization: Organization): Organizations.Root {
  return {
    Id: organization.rootId,
    Arn: organizationArn(organization, 'root', organization.rootId),
    Name: rootName,
    PolicyTypes: organization.enabledPolicyTypes
      .toSorted()
      .map((Type) => ({ Type, Status: 'ENABLED' as const })),
  }
}

export function accountView(place: Place, account: OrganizationAccount): Organizations.Account {
  return {
    Id: account.id,
    Arn: organizationArn(place.organization, 'account', account.id),
    Email: account.email,
    Name: account.name,
    Status: account.status,
    State: account.closedAt === undefined ? account.status : 'CLOSED',
    Paths: [`${organizationPath(place.management, account.id)}${account.id}/`],
    JoinedMethod: account.joinedMethod,
    JoinedTimestamp: account.joinedAt,
  }
}

export function stateOf({ failure }: AccountRequest): 'SUCCEEDED' | 'FAILED' {
  return failure === undefined ? 'SUCCEEDED' : 'FAILED'
}

export function unitView(place: Place, unit: OrganizationalUnit): Organizations.OrganizationalUnit {
  const { management, organization } = place
  return {
    Id: unit.id,
    Arn: organizationArn(organization, 'ou', unit.id),
    Name: unit.name,
    Path: `${[organization.id, ...pathToRoot(management, unit.id)].join('/')}/`,
  }
}

export function policySummary(
  { organization }: Place,
  policy: OrganizationPolicy,
): Organizations.PolicySummary {
  return {
    Id: policy.id,
    Arn: organizationPolicyArn(organization, policy),
    Name: policy.name,
    Description: policy.description,
    Type: policy.type,
    AwsManaged: policy.awsManaged,
  }
}

export function policyView(place: Place, policy: OrganizationPolicy): Organizations.Policy {
  return { PolicySummary: policySummary(place, policy), Content: policy.content }
}
