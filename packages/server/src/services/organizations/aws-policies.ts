import { type Account, type OrganizationPolicy, organizationPolicies } from '../../directory/index.ts'

/** The SCP that allows everything: attached to every target when SCPs are enabled (behaviour ORG-31). */
export const scpFullAccess: OrganizationPolicy = {
  id: 'p-FullAWSAccess',
  type: 'SERVICE_CONTROL_POLICY',
  name: 'FullAWSAccess',
  description: 'Allows access to every operation',
  content: `{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Action": "*",
      "Resource": "*"
    }
  ]
}`,
  awsManaged: true,
  tags: [],
}

/** The RCP that allows everything: attached to every target while RCPs are enabled, and never detached (ORG-32). */
export const rcpFullAccess: OrganizationPolicy = {
  id: 'p-RCPFullAWSAccess',
  type: 'RESOURCE_CONTROL_POLICY',
  name: 'RCPFullAWSAccess',
  description: 'Allows access to every resource',
  content: `{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Principal": "*",
      "Action": "*",
      "Resource": "*"
    }
  ]
}`,
  awsManaged: true,
  tags: [],
}

/** AWS's own policies of organizations. */
export const awsOrganizationPolicies: readonly OrganizationPolicy[] = [scpFullAccess, rcpFullAccess]

/** AWS's own policies: they exist once all features are enabled. */
export function bringAwsPolicies(management: Account): void {
  for (const policy of awsOrganizationPolicies) management.table(organizationPolicies).put(policy)
}
