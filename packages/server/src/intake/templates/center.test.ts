import assert from 'node:assert/strict'
import { test } from 'node:test'
import { allow, policyText } from '../../../../../test/kit/index.ts'
import { plannedLent } from '../../image/index.ts'
import { parseSource } from '../../sources/index.ts'
import { imageOfTemplates } from './index.ts'

const instance = 'arn:aws:sso:::instance/ssoins-1111111111111111'
const set = 'arn:aws:sso:::permissionSet/ssoins-1111111111111111/ps-1111111111111111'
const policy = (action: string) => policyText(allow(action))

/** The roles of a text, who is given them, and what is not taken. */
function read(value: object, isMade = false) {
  const text = JSON.stringify(value)
  const root = parseSource(text, 'file.json')
  assert.ok(root.type !== 'problem')
  const options = { account: '123456789012', parts: !isMade, stack: 'center' }
  const image = imageOfTemplates([{ file: 'file.json', text, root }], options)
  return {
    roles: image.accounts.flatMap(({ account, roles }) => roles.map((role) => ({ account, ...role }))),
    lent: image.lent?.map(({ role, who }) => `${role} ${who}`) ?? [],
    to: image.lent?.map(({ to }) => to) ?? [],
    notTaken: image.notTaken.map(({ kind, reason }) => `${kind}: ${reason}`),
    findings: image.findings.map(({ code, message }) => `${code}: ${message}`),
  }
}

type Row = readonly [type: string, values: object, unknown?: object, expressions?: object]

function plan(...rows: readonly Row[]) {
  const resources = rows.map(([type, values, unknown = {}, expressions = {}], index) => {
    const resource = { address: `${type}.x${index}`, mode: 'managed', type, name: `x${index}` }
    const change = { actions: ['create'], before: null, after: values, after_unknown: unknown }
    return { resource, values, change, expressions }
  })
  return {
    format_version: '1.2',
    planned_values: {
      root_module: { resources: resources.map(({ resource, values }) => ({ ...resource, values })) },
    },
    resource_changes: resources.map(({ resource, change }) => ({ ...resource, change })),
    configuration: {
      root_module: {
        resources: resources.map(({ resource, expressions }) => ({ ...resource, expressions })),
      },
    },
  }
}

const reference = (address: string, attribute: string) => ({
  references: [`${address}.${attribute}`, address],
})

test('TPL-185 a permission set of a plan is a role in each account where a group has it', () => {
  const ofSet = { permission_set_arn: reference('aws_ssoadmin_permission_set.x0', 'arn') }
  const unknown = { permission_set_arn: true }
  const assigned = (target_id: string): Row => [
    'aws_ssoadmin_account_assignment',
    { instance_arn: instance, principal_type: 'GROUP', target_id, target_type: 'AWS_ACCOUNT' },
    { ...unknown, principal_id: true },
    { ...ofSet, principal_id: reference('aws_identitystore_group.x6', 'group_id') },
  ]
  const admin = 'arn:aws:iam::aws:policy/AdministratorAccess'
  const found = read(
    plan(
      ['aws_ssoadmin_permission_set', { name: 'Dev', instance_arn: instance }, { arn: true, id: true }],
      ['aws_ssoadmin_managed_policy_attachment', { managed_policy_arn: admin }, unknown, ofSet],
      ['aws_ssoadmin_permission_set_inline_policy', { inline_policy: policy('s3:Get*') }, unknown, ofSet],
      [
        'aws_ssoadmin_customer_managed_policy_attachment',
        { customer_managed_policy_reference: [{ name: 'audit', path: '/team/' }] },
        unknown,
        ofSet,
      ],
      [
        'aws_ssoadmin_permissions_boundary_attachment',
        { permissions_boundary: [{ customer_managed_policy_reference: [{ name: 'limit', path: '/' }] }] },
        unknown,
        ofSet,
      ],
      assigned('111122223333'),
      ['aws_identitystore_group', { display_name: 'devs' }, { group_id: true }],
      assigned('444455556666'),
      ['aws_identitystore_user', { user_name: 'alice' }, { user_id: true }],
      [
        'aws_identitystore_group_membership',
        {},
        { group_id: true, member_id: true },
        {
          group_id: reference('aws_identitystore_group.x6', 'group_id'),
          member_id: reference('aws_identitystore_user.x8', 'user_id'),
        },
      ],
    ),
  )
  assert.deepEqual(found.notTaken, [])
  assert.deepEqual(
    found.roles.map(({ account, name, path, attached, boundaryArn, inline }) => ({
      account,
      name,
      path,
      attached,
      boundaryArn,
      inline: inline?.map((each) => each.name),
    })),
    ['111122223333', '444455556666'].map((account) => ({
      account,
      name: 'AWSReservedSSO_Dev_*',
      path: '/aws-reserved/sso.amazonaws.com/',
      attached: [admin, `arn:aws:iam::${account}:policy/team/audit`],
      boundaryArn: `arn:aws:iam::${account}:policy/limit`,
      inline: ['AwsSSOInlinePolicy'],
    })),
  )
  assert.match(found.roles[0]!.trust!, /sts:AssumeRoleWithSAML/)
  const role = 'role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Dev_*'
  assert.deepEqual(found.lent, [
    `arn:aws:iam::111122223333:${role} devs (alice) of IAM Identity Center`,
    `arn:aws:iam::444455556666:${role} devs (alice) of IAM Identity Center`,
  ])
})

test('TPL-185 templates of CloudFormation have the same, with another home in the path', () => {
  const Type = 'AWS::SSO::PermissionSet'
  const template = {
    Resources: {
      Audit: {
        Type,
        Properties: {
          Name: 'Audit',
          InstanceArn: instance,
          InlinePolicy: JSON.parse(policy('s3:List*')),
          ManagedPolicies: ['arn:aws:iam::aws:policy/ReadOnlyAccess'],
          CustomerManagedPolicyReferences: [{ Name: 'audit' }],
          PermissionsBoundary: { ManagedPolicyArn: 'arn:aws:iam::aws:policy/PowerUserAccess' },
        },
      },
      People: {
        Type: 'AWS::IdentityStore::Group',
        Properties: { DisplayName: 'auditors', IdentityStoreId: 'd-1' },
      },
      Given: {
        Type: 'AWS::SSO::Assignment',
        Properties: {
          InstanceArn: instance,
          PermissionSetArn: { 'Fn::GetAtt': ['Audit', 'PermissionSetArn'] },
          TargetId: '111122223333',
          TargetType: 'AWS_ACCOUNT',
          PrincipalType: 'GROUP',
          PrincipalId: { 'Fn::GetAtt': ['People', 'GroupId'] },
        },
      },
    },
  }
  const found = read(template)
  assert.deepEqual(found.notTaken, [])
  const [role] = found.roles
  assert.deepEqual(role?.attached, [
    'arn:aws:iam::aws:policy/ReadOnlyAccess',
    'arn:aws:iam::111122223333:policy/audit',
  ])
  assert.equal(role?.boundaryArn, 'arn:aws:iam::aws:policy/PowerUserAccess')
  assert.equal(role?.account, '111122223333')
  assert.match(found.lent[0]!, /auditors of IAM Identity Center$/)
})

test('TPL-185 what belongs to no set, and a member of a group without assignments, are named', () => {
  const attached: Row = [
    'aws_ssoadmin_managed_policy_attachment',
    { permission_set_arn: set, managed_policy_arn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' },
  ]
  const assignment = { permission_set_arn: set, principal_id: 'p', principal_type: 'USER' }
  const found = read(
    plan(
      attached,
      ['aws_ssoadmin_account_assignment', { ...assignment, target_id: '111122223333' }],
      ['aws_ssoadmin_account_assignment', assignment, { target_id: true }],
      ['aws_identitystore_group_membership', { group_id: 'g', member_id: 'm' }],
    ),
  )
  assert.deepEqual(found.roles, [])
  assert.equal(found.notTaken.length, 4)
  assert.match(found.notTaken.join('\n'), /no file says which permission sets the group g may use/)
})

test('TPL-185 a set that no file assigns is shown in the account of the files, and an import makes none', () => {
  const value = plan(['aws_ssoadmin_permission_set', { arn: set, name: 'Dev', instance_arn: instance }])
  const found = read(value)
  assert.deepEqual(
    found.roles.map(({ account, name }) => `${account} ${name}`),
    ['123456789012 AWSReservedSSO_Dev_*'],
  )
  assert.match(found.findings[0]!, /^unassigned: no file assigns the permission set Dev/)
  const made = read(value, true)
  assert.deepEqual(made.roles, [])
  assert.deepEqual(made.notTaken, ['aws_ssoadmin_permission_set: Omen keeps nothing of this type'])
})

const role = 'arn:aws:iam::123456789012:role/r'

test('TPL-186 pods, pools and certificates that get a role are named with it', () => {
  const rows: readonly (readonly [Row, readonly string[]])[] = [
    [
      [
        'aws_eks_pod_identity_association',
        { cluster_name: 'c', namespace: 'n', service_account: 's', role_arn: role },
      ],
      [`${role} pods of n/s in cluster c`],
    ],
    [
      [
        'aws_cognito_identity_pool_roles_attachment',
        {
          identity_pool_id: 'us-east-1:1',
          roles: { authenticated: `${role}1`, unauthenticated: `${role}2` },
          role_mapping: [{ mapping_rule: [{ role_arn: `${role}3` }] }],
        },
      ],
      [
        `${role}1 users of identity pool us-east-1:1`,
        `${role}3 users of identity pool us-east-1:1`,
        `${role}2 everyone, as guests of identity pool us-east-1:1`,
      ],
    ],
    [
      ['aws_rolesanywhere_profile', { name: 'p', role_arns: [role] }],
      [`${role} holders of certificates, by profile p of IAM Roles Anywhere`],
    ],
  ]
  for (const [row, lent] of rows) {
    const found = read(plan(row))
    assert.deepEqual(found.lent, lent)
    assert.deepEqual(found.notTaken, [])
  }
  const template = {
    Resources: {
      A: {
        Type: 'AWS::EKS::PodIdentityAssociation',
        Properties: { ClusterName: 'c', Namespace: 'n', ServiceAccount: 's', RoleArn: role },
      },
      P: { Type: 'AWS::RolesAnywhere::Profile', Properties: { Name: 'p', RoleArns: [role] } },
      R: {
        Type: 'AWS::Cognito::IdentityPoolRoleAttachment',
        Properties: { IdentityPoolId: 'us-east-1:1', Roles: { unauthenticated: role } },
      },
    },
  }
  assert.equal(read(template).lent.length, 3)
})

const attribute = { key: 'Title', value: [{ source: ['${path:title}'] }] }

test('SGN-86 attributes for access control are tags of the sessions that assignments give', () => {
  const instance_arn = 'arn:aws:sso:::instance/ssoins-1'
  const row: Row = [
    'aws_ssoadmin_instance_access_control_attributes',
    { instance_arn, attribute: [attribute] },
  ]
  const alone = read(plan(row))
  assert.deepEqual(alone.notTaken, [])
  assert.match(alone.findings[0]!, /^session-tags: .*the session tag Title from \$\{path:title\}/)
  const permission_set_arn = `${instance_arn}/ps-1`
  const found = read(
    plan(
      row,
      ['aws_ssoadmin_permission_set', { name: 'Dev', arn: permission_set_arn, instance_arn }],
      [
        'aws_ssoadmin_account_assignment',
        { permission_set_arn, target_id: '123456789012', principal_id: 'u-1', principal_type: 'USER' },
      ],
    ),
  )
  assert.equal(found.to[0], 'center/u-1')
  assert.match(found.lent[0]!, / u-1 of IAM Identity Center with the session tag Title from /)
  assert.deepEqual(found.findings, [])
})

test('RAN-27 a trust anchor gives the roles of the profiles of its region; one that is disabled gives none', () => {
  const profile: Row = ['aws_rolesanywhere_profile', { name: 'p', role_arns: [role], enabled: true }]
  const anchor = (enabled: boolean): Row => ['aws_rolesanywhere_trust_anchor', { name: 'ca', enabled }]
  assert.deepEqual(read(plan(profile, anchor(true))).lent, [
    `${role} holders of certificates of trust anchor ca, by profile p of IAM Roles Anywhere`,
  ])
  assert.equal(read(plan(profile, anchor(false))).lent.length, 1)
  const alone = read(plan(anchor(true)))
  assert.deepEqual([alone.lent, alone.notTaken], [[], []])
  assert.match(alone.findings[0]!, /^anchor-without-profile: /)
  const disabled: Row = ['aws_rolesanywhere_profile', { name: 'p', role_arns: [role], enabled: false }]
  assert.deepEqual(read(plan(disabled)).lent, [])
})

test('POD-32 who gets roles from resources of one account are starts of paths, each with all of its roles', () => {
  const at = { file: 'x', line: 1, column: 1 }
  const lent = [
    { at, role, who: 'pods', to: 'pod/c/n/s' },
    { at, role: `${role}2`, who: 'pods', to: 'pod/c/n/s' },
    { at, role, who: 'pods', to: 'pod/c/n/s' },
    { at, role, who: 'everyone' },
    { at, role: 'arn:aws:iam::999988887777:role/r', who: 'other', to: 'certificate/p' },
  ]
  assert.deepEqual(plannedLent(lent, '123456789012'), [{ to: 'pod/c/n/s', roles: [role, `${role}2`] }])
})
