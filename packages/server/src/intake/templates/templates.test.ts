import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseSource, type ResolveOptions } from '../../sources/index.ts'
import { imageOfTemplates, isTemplateSource, placeKey } from './index.ts'

const allow = (action: string, resource: unknown = '*') => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: action, Resource: resource }],
})
const trust = (principal: unknown) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: principal, Action: 'sts:AssumeRole' }],
})

function image(content: unknown, options: ResolveOptions = {}, file = 'app.json') {
  const text = typeof content === 'string' ? content : JSON.stringify(content, null, 1)
  const root = parseSource(text, file)
  assert.ok(root.type !== 'problem' && isTemplateSource(root))
  return imageOfTemplates([{ file, text, root }], options)
}

/** A thing without places. */
const bare = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (name, each: unknown) => (name === 'at' ? undefined : each)))

const everything = {
  Resources: {
    Worker: {
      Type: 'AWS::IAM::Role',
      Properties: {
        RoleName: 'worker',
        Path: '/app/',
        Description: 'works',
        MaxSessionDuration: 7200,
        AssumeRolePolicyDocument: trust({ Service: 'lambda.amazonaws.com' }),
        ManagedPolicyArns: ['arn:aws:iam::aws:policy/ReadOnlyAccess', { Ref: 'Shared' }],
        PermissionsBoundary: { Ref: 'Limits' },
        Policies: [{ PolicyName: 'own', PolicyDocument: allow('s3:GetObject') }],
        Tags: [{ Key: 'team', Value: 'pay' }],
      },
    },
    Shared: {
      Type: 'AWS::IAM::ManagedPolicy',
      Properties: { PolicyDocument: allow('sqs:*'), Groups: [{ Ref: 'Team' }] },
    },
    Limits: {
      Type: 'AWS::IAM::ManagedPolicy',
      Properties: { ManagedPolicyName: 'limits', PolicyDocument: allow('*') },
    },
    Added: {
      Type: 'AWS::IAM::Policy',
      Properties: {
        PolicyName: 'added',
        PolicyDocument: allow('sns:*'),
        Roles: [{ Ref: 'Worker' }],
        Users: ['nobody'],
      },
    },
    More: {
      Type: 'AWS::IAM::RolePolicy',
      Properties: { PolicyName: 'more', RoleName: { Ref: 'Worker' }, PolicyDocument: allow('ec2:*') },
    },
    Ann: {
      Type: 'AWS::IAM::User',
      Properties: { UserName: 'ann', Groups: [{ Ref: 'Team' }], LoginProfile: { Password: 'x' } },
    },
    Team: { Type: 'AWS::IAM::Group', Properties: { GroupName: 'team' } },
    Others: { Type: 'AWS::IAM::Group', Properties: { GroupName: 'others' } },
    Adds: {
      Type: 'AWS::IAM::UserToGroupAddition',
      Properties: { GroupName: { Ref: 'Others' }, Users: [{ Ref: 'Ann' }] },
    },
    Key: { Type: 'AWS::IAM::AccessKey', Properties: { UserName: { Ref: 'Ann' } } },
    Device: {
      Type: 'AWS::IAM::VirtualMFADevice',
      Properties: { VirtualMfaDeviceName: 'phone', Users: [{ Ref: 'Ann' }] },
    },
    Profile: {
      Type: 'AWS::IAM::InstanceProfile',
      Properties: { InstanceProfileName: 'p', Roles: [{ Ref: 'Worker' }] },
    },
    Issuer: {
      Type: 'AWS::IAM::OIDCProvider',
      Properties: { Url: 'https://token.example.com', ClientIdList: ['sts.amazonaws.com'] },
    },
    Idp: { Type: 'AWS::IAM::SAMLProvider', Properties: { Name: 'corp', SamlMetadataDocument: '<xml/>' } },
    Linked: {
      Type: 'AWS::IAM::ServiceLinkedRole',
      Properties: { AWSServiceName: 'autoscaling.amazonaws.com', CustomSuffix: 'a' },
    },
    Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'b' } },
    BucketPolicy: {
      Type: 'AWS::S3::BucketPolicy',
      Properties: { Bucket: { Ref: 'Bucket' }, PolicyDocument: allow('s3:*') },
    },
    Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'q' } },
    QueuePolicy: {
      Type: 'AWS::SQS::QueuePolicy',
      Properties: { Queues: [{ Ref: 'Queue' }], PolicyDocument: allow('sqs:*') },
    },
    Repository: {
      Type: 'AWS::ECR::Repository',
      Properties: { RepositoryName: 'r', RepositoryPolicyText: allow('ecr:*') },
    },
    Function: {
      Type: 'AWS::Lambda::Function',
      Properties: { FunctionName: 'f', Role: { 'Fn::GetAtt': ['Worker', 'Arn'] } },
    },
    Invoke: {
      Type: 'AWS::Lambda::Permission',
      Properties: {
        FunctionName: { Ref: 'Function' },
        Action: 'lambda:InvokeFunction',
        Principal: 's3.amazonaws.com',
        SourceArn: { 'Fn::GetAtt': ['Bucket', 'Arn'] },
      },
    },
    Guardrail: {
      Type: 'AWS::Organizations::Policy',
      Properties: {
        Name: 'g',
        Type: 'SERVICE_CONTROL_POLICY',
        Content: allow('*'),
        TargetIds: ['210987654321'],
      },
    },
    Certificate: { Type: 'AWS::IAM::ServerCertificate', Properties: {} },
  },
}

test('each resource of IAM in a template becomes a thing of the image', () => {
  const { accounts, notTaken, findings, organization } = image(everything, { account: '210987654321' })
  const [account] = accounts
  assert.ok(account && accounts.length === 1)
  const shared = account.policies.find(({ name }) => name.startsWith('app-Shared-'))
  const sharedArn = `arn:aws:iam::210987654321:policy/${shared?.name}`
  assert.deepEqual(bare(account.roles[0]), {
    name: 'worker',
    path: '/app/',
    description: 'works',
    maxSessionSeconds: 7200,
    trust: JSON.stringify(trust({ Service: 'lambda.amazonaws.com' })),
    attached: ['arn:aws:iam::aws:policy/ReadOnlyAccess', sharedArn],
    boundaryArn: 'arn:aws:iam::210987654321:policy/limits',
    inline: ['own', 'added', 'more'].map((name, at) => ({
      name,
      document: JSON.stringify(allow(['s3:GetObject', 'sns:*', 'ec2:*'][at] ?? '')),
    })),
    tags: [{ Key: 'team', Value: 'pay' }],
  })
  assert.deepEqual(account.roles[1]?.attached, [
    'arn:aws:iam::aws:policy/aws-service-role/AutoScalingServiceRolePolicy',
  ])
  assert.equal(account.roles[1]?.name, 'AWSServiceRoleForAutoScaling_a')
  assert.deepEqual(account.users[0]?.groups, ['team', 'others'])
  assert.deepEqual(
    account.groups.map(({ name, attached }) => [name, attached]),
    [
      ['team', [sharedArn]],
      ['others', []],
    ],
  )
  assert.match(account.accessKeys[0]?.id ?? '', /^AKIA[A-Z0-9]{16}$/)
  assert.deepEqual(
    bare([
      account.loginProfiles,
      account.mfaDevices,
      account.instanceProfiles,
      account.oidcProviders,
      account.samlProviders,
    ]),
    [
      [{ user: 'ann' }],
      [{ serial: 'arn:aws:iam::210987654321:mfa/phone', user: 'ann' }],
      [{ name: 'p', role: 'worker' }],
      [{ url: 'token.example.com', clientIds: ['sts.amazonaws.com'], thumbprints: [] }],
      [{ name: 'corp', metadata: '<xml/>' }],
    ],
  )
  assert.deepEqual(
    account.resourcePolicies.map(({ arn }) => arn),
    [
      'arn:aws:s3:::b',
      'arn:aws:sqs:us-east-1:210987654321:q',
      'arn:aws:ecr:us-east-1:210987654321:repository/r',
      'arn:aws:lambda:us-east-1:210987654321:function:f',
    ],
  )
  assert.deepEqual(JSON.parse(account.resourcePolicies[3]?.document ?? ''), {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'Invoke',
        Effect: 'Allow',
        Principal: { Service: 's3.amazonaws.com' },
        Action: 'lambda:InvokeFunction',
        Resource: 'arn:aws:lambda:us-east-1:210987654321:function:f',
        Condition: { ArnLike: { 'AWS:SourceArn': 'arn:aws:s3:::b' } },
      },
    ],
  })
  assert.equal(organization?.policies[0]?.name, 'g')
  assert.equal(organization?.attachments[0]?.target, '210987654321')
  assert.deepEqual(findings, [])
  assert.deepEqual(
    notTaken.map(({ kind, name, reason }) => [kind, name, reason]),
    [
      ['AWS::IAM::ServerCertificate', 'Certificate', 'Omen keeps nothing of this type'],
      ['AWS::IAM::Policy', 'added', 'it belongs to the user nobody, which the given files do not make'],
    ],
  )
})

test('TPL-8 what is not known never becomes a wrong text: an Allow loses it, a Deny is not taken at all', () => {
  const text = `
Parameters: { Who: { Type: String }, Bucket: { Type: String } }
Resources:
  Open:
    Type: AWS::IAM::Role
    Properties:
      RoleName: open
      AssumeRolePolicyDocument:
        Statement: [{ Effect: Allow, Action: 'sts:AssumeRole', Principal: { AWS: [!Ref Who, '111111111111'], Service: ec2.amazonaws.com } }]
      Policies:
        - PolicyName: some
          PolicyDocument:
            Statement:
              - { Effect: Allow, Action: 's3:*', Resource: ['arn:aws:s3:::a', !Sub 'arn:aws:s3:::\${Bucket}'] }
              - { Effect: Allow, Action: 's3:*', NotResource: !Sub 'arn:aws:s3:::\${Bucket}' }
              - { Effect: Allow, Action: 'sqs:*', Resource: '*', Condition: { StringEquals: { 'aws:PrincipalTag/a': !Ref Who } } }
        - { PolicyName: none, PolicyDocument: { Statement: [{ Effect: Allow, Action: '*', Resource: !Ref Bucket }] } }
  Denied:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: { Statement: [{ Effect: Allow, Action: 'sts:AssumeRole', Principal: '*' }] }
      Policies:
        - { PolicyName: p, PolicyDocument: { Statement: [{ Effect: Deny, Action: '*', Resource: !Ref Bucket }] } }
  Nameless: { Type: AWS::IAM::User, Properties: { UserName: !Ref Who } }
  Bounded: { Type: AWS::IAM::User, Properties: { UserName: u, PermissionsBoundary: !Ref Who } }
`.replaceAll('\\$', '$')
  const { accounts, notTaken, findings, statementPlaces } = image(text, {}, 'app.yaml')
  const [role] = accounts[0]?.roles ?? []
  assert.deepEqual(accounts[0]?.roles.length, 1)
  assert.deepEqual(JSON.parse(role?.trust ?? ''), {
    Statement: [
      {
        Effect: 'Allow',
        Action: 'sts:AssumeRole',
        Principal: { AWS: ['111111111111'], Service: 'ec2.amazonaws.com' },
      },
    ],
  })
  assert.deepEqual(
    role?.inline?.map(({ name, document }) => [name, JSON.parse(document)]),
    [['some', { Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: ['arn:aws:s3:::a'] }] }]],
  )
  const [some] = role?.inline ?? []
  assert.ok(some)
  assert.equal(statementPlaces.get(placeKey(some.at, some.document))?.[0]?.line, 14)
  assert.deepEqual(
    notTaken.map(({ name, reason, at }) => [name, reason, at.line]),
    [
      ['Denied', 'p: a Deny depends on parameter Bucket', 19],
      ['Nameless', 'its name depends on parameter Who', 24],
      ['Bounded', 'PermissionsBoundary depends on parameter Who', 25],
    ],
  )
  assert.deepEqual(
    findings.map(({ code, at }) => [code, at.line]),
    [9, 14, 15, 16, 17].map((line) => ['unknown-value', line]),
  )
  const given = image(text, { parameters: { Who: '222222222222', Bucket: 'b' } }, 'app.yaml')
  assert.deepEqual([given.notTaken, given.findings], [[], []])
})
