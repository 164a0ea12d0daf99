/** A resource that look-ups find an event by, beside those in the record. */
export interface LookUpResource {
  readonly type: string
  readonly name: string
}

/** The types of resources that parameters and results name, for each API (behaviour TRL-67). */
const kinds: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  // the session's ARN is beside its id (behaviour TRL-57)
  sts: {
    accessKeyId: 'AWS::IAM::AccessKey',
    roleSessionName: 'AWS::STS::AssumedRole',
    assumedRoleId: 'AWS::STS::AssumedRole',
    // of GetFederationToken
    federatedUserId: 'AWS::STS::FederatedUser',
    name: 'AWS::STS::FederatedUser',
  },
  iam: {
    userName: 'AWS::IAM::User',
    userId: 'AWS::IAM::User',
    roleName: 'AWS::IAM::Role',
    roleId: 'AWS::IAM::Role',
    groupName: 'AWS::IAM::Group',
    groupId: 'AWS::IAM::Group',
    policyArn: 'AWS::IAM::Policy',
    policyName: 'AWS::IAM::Policy',
    policyId: 'AWS::IAM::Policy',
    instanceProfileName: 'AWS::IAM::InstanceProfile',
    instanceProfileId: 'AWS::IAM::InstanceProfile',
    accessKeyId: 'AWS::IAM::AccessKey',
    serialNumber: 'AWS::IAM::MFADevice',
    sAMLProviderArn: 'AWS::IAM::SAMLProvider',
    openIDConnectProviderArn: 'AWS::IAM::OIDCProvider',
    serverCertificateName: 'AWS::IAM::ServerCertificate',
  },
  cloudtrail: { name: 'AWS::CloudTrail::Trail', trailARN: 'AWS::CloudTrail::Trail' },
  ec2: {
    instanceId: 'AWS::EC2::Instance',
    imageId: 'AWS::EC2::Ami',
    vpcId: 'AWS::EC2::VPC',
    subnetId: 'AWS::EC2::Subnet',
    groupId: 'AWS::EC2::SecurityGroup',
    networkInterfaceId: 'AWS::EC2::NetworkInterface',
    volumeId: 'AWS::EC2::Volume',
    launchTemplateId: 'AWS::EC2::LaunchTemplate',
    keyName: 'AWS::EC2::KeyPair',
  },
  eks: { clusterName: 'AWS::EKS::Cluster' },
  'eks-auth': { clusterName: 'AWS::EKS::Cluster' },
  lambda: { functionName: 'AWS::Lambda::Function', functionArn: 'AWS::Lambda::Function' },
  organizations: {
    accountId: 'AWS::Organizations::Account',
    policyId: 'AWS::Organizations::Policy',
    organizationalUnitId: 'AWS::Organizations::OrganizationalUnit',
  },
}

/** The types of ARNs that appear beside an id. */
const ids = [
  'assumedRoleId',
  'federatedUserId',
  'userId',
  'roleId',
  'groupId',
  'policyId',
  'instanceProfileId',
]

const limits = { resources: 50, values: 2_000, text: 2_048 } as const

/** Returns the resources in the parameters and elements of a call that changed something or made a session. */
export function lookUpResources(service: string, ...elements: readonly unknown[]): readonly LookUpResource[] {
  const named = kinds[service]
  if (named === undefined) return []
  const found = new Map<string, LookUpResource>()
  const waiting: unknown[] = [...elements]
  for (let seen = 0; seen < waiting.length && seen < limits.values && found.size < limits.resources; seen++) {
    const value = waiting[seen]
    if (typeof value !== 'object' || value === null) continue
    for (const [key, each] of Object.entries(value)) {
      if (typeof each === 'object') waiting.push(each)
      else if (typeof each === 'string' && each !== '' && each.length <= limits.text) {
        const name = key === 'arn' ? (ids.find((id) => id in value) ?? key) : key
        const type = Object.hasOwn(named, name) ? named[name] : undefined
        if (type !== undefined) found.set(`${type} ${each}`, { type, name: each })
      }
    }
  }
  return [...found.values()]
}
