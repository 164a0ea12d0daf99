import {
  account,
  administratorAccess,
  allow,
  denyAllBut,
  policyArn,
  profileArn,
  roleArn,
  userArn,
} from './account-file.ts'
import {
  admin,
  centre,
  connect,
  created,
  createStackSets,
  defaultAdministration,
  existingStackSets,
  group,
  instance,
  instanceRoles,
  leave,
  named,
  others,
  permissionSet,
  red,
  type Special,
  self,
  service,
  stackSets,
  tagged,
} from './special-account.ts'

/** One world for each way of each row that no minimal world shows. */
export const specials: readonly Special[] = [
  permissionSet(
    'empower.permission-set-inline',
    ['sso:PutInlinePolicyToPermissionSet', 'sso:ProvisionPermissionSet'],
    0,
    { 'sso:ProvisionPermissionSet': 'undecided' },
  ),
  permissionSet('empower.permission-set-inline', ['sso:PutInlinePolicyToPermissionSet'], 1),
  permissionSet('empower.permission-set-managed', ['sso:AttachManagedPolicyToPermissionSet'], 0),
  permissionSet(
    'empower.permission-set-managed',
    ['sso:AttachCustomerManagedPolicyReferenceToPermissionSet'],
    1,
  ),
  created(
    'empower.attach-created-user-policy',
    (given) => self(named(given, 'iam:AttachUserPolicy', 'iam:PolicyARN')),
    'iam:AttachUserPolicy',
  ),
  created(
    'empower.attach-created-group-policy',
    (given) => ({
      users: {
        dev: { statements: named(given, 'iam:AttachGroupPolicy', 'iam:PolicyARN'), groups: ['team'] },
      },
      groups: { team: {} },
    }),
    'iam:AttachGroupPolicy',
  ),
  created(
    'empower.attach-created-role-policy',
    (given) => ({
      users: {
        dev: {
          statements: [...named(given, 'iam:AttachRolePolicy', 'iam:PolicyARN'), allow('sts:AssumeRole')],
        },
      },
      roles: { target: { trust: { AWS: `arn:aws:iam::${account}:root` } } },
    }),
    'iam:AttachRolePolicy',
  ),
  created(
    'lift.put-created-user-boundary',
    (given) => ({
      ...self(
        [
          ...named(given, 'iam:PutUserPermissionsBoundary', 'iam:PermissionsBoundary'),
          others([
            'iam:PutUserPermissionsBoundary',
            'iam:CreatePolicy',
            'iam:PutUserPolicy',
            'iam:AttachUserPolicy',
            'iam:DeleteUserPermissionsBoundary',
          ]),
        ],
        { boundary: policyArn('limit') },
      ),
      policies: { limit: [allow(['iam:PutUserPermissionsBoundary', 'iam:CreatePolicy'])] },
    }),
    'iam:PutUserPermissionsBoundary',
  ),
  created(
    'lift.put-created-role-boundary',
    (given) => ({
      users: {
        dev: {
          statements: [
            ...named(given, 'iam:PutRolePermissionsBoundary', 'iam:PermissionsBoundary'),
            allow('sts:AssumeRole'),
          ],
        },
      },
      roles: { target: { trust: { AWS: userArn('dev') }, ...admin, boundary: policyArn('limit') } },
      policies: { limit: [allow('s3:*')] },
    }),
    'iam:PutRolePermissionsBoundary',
  ),
  {
    id: 'lift.leave-group',
    expect: 'proven',
    ...group(['iam:RemoveUserFromGroup'], { statements: [denyAllBut('iam:RemoveUserFromGroup')] }),
  },
  {
    id: 'lift.detach-group-policy',
    expect: 'proven',
    ...group(
      ['iam:DetachGroupPolicy'],
      { attached: [policyArn('no')] },
      { no: [denyAllBut('iam:DetachGroupPolicy')] },
    ),
  },
  {
    id: 'lift.delete-group-policy',
    expect: 'proven',
    ...group(['iam:DeleteGroupPolicy'], { statements: [denyAllBut('iam:DeleteGroupPolicy')] }),
  },
  ...(['iam:CreatePolicyVersion', 'iam:SetDefaultPolicyVersion'] as const).flatMap(
    (action, way): readonly Special[] =>
      way === 0
        ? [
            {
              id: 'lift.boundary-version',
              way,
              expect: 'proven',
              actions: [action],
              by: 'empower.policy-version',
              file: (given) => ({
                ...self([...given, others([action])], { boundary: policyArn('limit') }),
                policies: { limit: [allow([action, 's3:*'])] },
              }),
            },
            {
              id: 'lift.deny-version',
              way,
              expect: 'proven',
              actions: [action],
              by: 'empower.policy-version',
              file: (given) => ({
                ...self([...given, others([action])], { attached: [policyArn('no')] }),
                policies: { no: [denyAllBut(action)] },
              }),
            },
          ]
        : [],
  ),
  tagged('iam:TagUser', 0, (given) => self([...given, allow('*', '*', red)])),
  tagged('iam:TagRole', 1, (given) => ({
    users: { dev: { statements: [...given, allow('sts:AssumeRole')] } },
    roles: { target: { trust: { AWS: userArn('dev') }, statements: [allow('*', '*', red)] } },
  })),
  tagged('iam:UntagUser', 2, (given) =>
    self([...given, others(['iam:UntagUser']), denyAllBut('iam:UntagUser', red)], { tags: { team: 'red' } }),
  ),
  tagged('iam:UntagRole', 3, (given) => ({
    users: { dev: { statements: [...given, allow('sts:AssumeRole')] } },
    roles: {
      target: {
        trust: { AWS: userArn('dev') },
        statements: [allow('*'), denyAllBut('sts:GetCallerIdentity', red)],
        tags: { team: 'red' },
      },
    },
  })),
  {
    id: 'lift.session-tags',
    expect: 'proven',
    actions: ['sts:TagSession'],
    file: (given) => ({
      users: { dev: { statements: [...given, allow('sts:AssumeRole')] } },
      roles: {
        target: {
          trust: [
            {
              Effect: 'Allow',
              Principal: { AWS: `arn:aws:iam::${account}:root` },
              Action: ['sts:AssumeRole', 'sts:TagSession'],
            },
          ],
          statements: [allow('*', '*', red)],
        },
      },
    }),
  },
  {
    id: 'lift.enroll-mfa',
    expect: 'proven',
    actions: ['iam:CreateVirtualMFADevice', 'iam:EnableMFADevice'],
    without: { 'iam:CreateVirtualMFADevice': 'conditional', 'iam:EnableMFADevice': 'conditional' },
    file: (given) =>
      self([
        ...given,
        {
          Effect: 'Allow',
          NotAction: ['iam:CreateVirtualMFADevice', 'iam:EnableMFADevice'],
          Resource: '*',
          Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } },
        },
        allow(['iam:CreateVirtualMFADevice', 'iam:EnableMFADevice'], '*', {
          Bool: { 'aws:MultiFactorAuthPresent': 'true' },
        }),
      ]),
  },
  leave('organizations:DetachPolicy', 0),
  leave('organizations:UpdatePolicy', 1),
  leave('organizations:DisablePolicyType', 2),
  leave('organizations:MoveAccount', 3),
  leave('organizations:LeaveOrganization', 4),
  {
    id: 'trust.set-source-identity',
    expect: 'proven',
    by: 'trust.assume-role',
    actions: ['sts:AssumeRole', 'sts:SetSourceIdentity'],
    file: (given) => ({
      users: { dev: { statements: given } },
      roles: {
        target: {
          trust: [
            {
              Effect: 'Allow',
              Principal: { AWS: `arn:aws:iam::${account}:root` },
              Action: ['sts:AssumeRole', 'sts:SetSourceIdentity'],
              Condition: { StringLike: { 'sts:SourceIdentity': 'dev*' } },
            },
          ],
          ...admin,
        },
      },
    }),
  },
  {
    id: 'lift.detach-role-policy',
    expect: 'proven',
    actions: ['iam:DetachRolePolicy'],
    file: (given) => ({
      users: { dev: { statements: [...given, allow('sts:AssumeRole')] } },
      roles: {
        target: { trust: { AWS: userArn('dev') }, attached: [administratorAccess, policyArn('no')] },
      },
      policies: { no: [denyAllBut('s3:GetObject')] },
    }),
  },
  {
    id: 'user.new-admin',
    expect: 'proven',
    actions: ['iam:CreateUser', 'iam:AttachUserPolicy', 'iam:CreateAccessKey'],
    file: (given) => self(given.map((each) => ({ ...each, Resource: userArn('new-*') }))),
  },
  centre('open.account-assignment', ['sso:CreateAccountAssignment']),
  centre(
    'open.permission-set',
    ['sso:CreatePermissionSet', 'sso:AttachManagedPolicyToPermissionSet', 'sso:CreateAccountAssignment'],
    0,
    {
      // an assignment of the permission set that exists is sufficient
      'sso:CreatePermissionSet': 'undecided',
      'sso:AttachManagedPolicyToPermissionSet': 'undecided',
    },
  ),
  centre('open.identity-store', ['identitystore:CreateGroupMembership'], 0),
  centre('open.identity-store', ['sso-directory:UpdatePassword'], 1),
  {
    id: 'pass.ec2-profile-swap',
    way: 0,
    expect: 'proven',
    actions: ['iam:PassRole', 'ec2:AssociateIamInstanceProfile'],
    resources: [instance(null, undefined)],
    file: (given) => ({
      users: { dev: { statements: [...given, connect] } },
      roles: instanceRoles([], ['target']),
    }),
  },
  {
    id: 'pass.ec2-profile-swap',
    way: 1,
    expect: 'proven',
    actions: ['iam:PassRole', 'ec2:ReplaceIamInstanceProfileAssociation'],
    resources: [instance(profileArn('app'), roleArn('app'))],
    file: (given) => ({
      users: { dev: { statements: [...given, connect] } },
      roles: instanceRoles(['app'], ['target']),
    }),
  },
  {
    id: 'pass.ec2-profile-role',
    way: 0,
    expect: 'proven',
    actions: ['iam:PassRole', 'iam:AddRoleToInstanceProfile', 'iam:RemoveRoleFromInstanceProfile'],
    resources: [instance(profileArn('app'), roleArn('app'))],
    file: (given) => ({ users: { dev: { statements: [...given, connect] } }, roles: instanceRoles(['app']) }),
  },
  stackSets('pass.cloudformation-stackset', ['iam:PassRole', ...createStackSets]),
  stackSets(
    'pass.cloudformation-stackset-update',
    ['iam:PassRole', 'cloudformation:UpdateStackSet'],
    existingStackSets,
  ),
  stackSets('existing.cloudformation-stackset', createStackSets, undefined, defaultAdministration),
  stackSets(
    'existing.cloudformation-stackset-update',
    ['cloudformation:UpdateStackSet'],
    existingStackSets,
    defaultAdministration,
  ),
  {
    id: 'existing.cloudformation-stackset-service-managed',
    expect: 'undecided',
    actions: ['cloudformation:CreateStackSet', 'cloudformation:CreateStackInstances'],
    file: (given) => ({
      users: { dev: { statements: given } },
      roles: {
        'stacksets-exec-0123456789abcdef': {
          trust: service('member.org.stacksets.cloudformation'),
          ...admin,
        },
      },
    }),
  },
  {
    id: 'pass.emr-step-role',
    expect: 'proven',
    actions: ['iam:PassRole', 'elasticmapreduce:AddJobFlowSteps'],
    // a step with the role of the instances, which assumes the other one
    without: { 'iam:PassRole': 'proven' },
    resources: [
      {
        type: 'AWS::EMR::Cluster',
        arn: `arn:aws:elasticmapreduce:eu-west-1:${account}:cluster/j-1`,
        role: roleArn('nodes'),
      },
    ],
    file: (given) => ({
      users: { dev: { statements: given } },
      roles: {
        nodes: { trust: service('ec2'), statements: [allow('sts:AssumeRole')] },
        target: { trust: { AWS: roleArn('nodes') }, ...admin },
      },
    }),
  },
]
