import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parsePolicy } from '@omen-iam/policy'
import fc from 'fast-check'
import { readPolicySources, type SourceOptions, type WrittenPolicy } from './index.ts'

const statement = { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::a/*' }
const document = { Version: '2012-10-17', Statement: [statement] }

function policies(text: string, options: Partial<SourceOptions> = {}): readonly WrittenPolicy[] {
  const read = readPolicySources(text, { file: 'a.json', ...options })
  return 'policies' in read ? read.policies : assert.fail(read.form)
}

/** The text in the file behind a value of the first statement. */
function written(source: WrittenPolicy | undefined, file: string, element: 'action' | 'resource' = 'action') {
  assert.ok(source)
  const parsed = parsePolicy(source.text, source.kind, { lenient: true })
  assert.ok(parsed.ok, source.text)
  const span = parsed.policy.statements[0]?.[element]?.values[0]?.span
  assert.ok(span)
  const { start, end } = source.place(span)
  return file.slice(start.offset, end.offset)
}

const summary = (each: WrittenPolicy) => [
  each.owner === undefined ? '' : `${each.owner.type} ${each.owner.id}`,
  each.property,
  each.kind,
]

test('a policy in JSON keeps its text and its places', () => {
  const text = `${JSON.stringify(document, null, 4)}\n`
  const [policy] = policies(text)
  assert.equal(policy?.text, text)
  assert.equal(written(policy, text), '"s3:GetObject"')
})

test('a policy in YAML: dates and numbers are texts, and places are those of the file', () => {
  const text = [
    '# what the deployer may do',
    'Version: 2012-10-17',
    'Statement:',
    '  - Effect: Allow',
    '    Principal: { AWS: 000123456789 }',
    '    Action: [ sqs:SendMessage ]',
    '    Resource: "*"',
  ].join('\n')
  const [policy] = policies(text, { file: 'a.yaml' })
  assert.equal(policy?.kind, 'resource')
  const parsed = parsePolicy(policy?.text ?? '', 'resource')
  assert.ok(parsed.ok, policy?.text)
  assert.equal(parsed.policy.statements[0]?.principal?.entries[0]?.value, '000123456789')
  assert.equal(written(policy, text), 'sqs:SendMessage')
})

test('a template: each property that holds policies, with its kind', () => {
  const text = JSON.stringify({
    Resources: {
      Role: {
        Type: 'AWS::IAM::Role',
        Properties: {
          AssumeRolePolicyDocument: document,
          Policies: [{ PolicyName: 'a', PolicyDocument: document }],
        },
      },
      Key: { Type: 'AWS::KMS::Key', Properties: { KeyPolicy: document } },
      Guardrail: {
        Type: 'AWS::Organizations::Policy',
        Properties: { Type: 'SERVICE_CONTROL_POLICY', Content: document },
      },
      Tags: { Type: 'AWS::Organizations::Policy', Properties: { Type: 'TAG_POLICY', Content: { tags: {} } } },
      Logs: { Type: 'AWS::Logs::ResourcePolicy', Properties: { PolicyDocument: JSON.stringify(document) } },
      Function: {
        Type: 'AWS::Serverless::Function',
        Properties: { Policies: ['AWSLambda_FullAccess', { SQSPollerPolicy: {} }, document] },
      },
      Attached: {
        Type: 'AWS::IAM::Policy',
        Properties: { PolicyDocument: document, Roles: [{ Ref: 'Role' }] },
      },
      Thing: { Type: 'AWS::IoT::Policy', Properties: { PolicyDocument: document } },
      Unheard: { Type: 'Custom::Of', Properties: { Deep: [{ Rules: document }] } },
    },
  })
  const all = policies(text)
  assert.deepEqual(all.map(summary), [
    ['AWS::IAM::Role Role', 'AssumeRolePolicyDocument', 'trust'],
    ['AWS::IAM::Role Role', 'Policies[0].PolicyDocument', 'identity'],
    ['AWS::KMS::Key Key', 'KeyPolicy', 'key'],
    ['AWS::Organizations::Policy Guardrail', 'Content', 'scp'],
    ['AWS::Logs::ResourcePolicy Logs', 'PolicyDocument', 'resource'],
    ['AWS::Serverless::Function Function', 'Policies[2]', 'identity'],
    ['AWS::IAM::Policy Attached', 'PolicyDocument', 'identity'],
    ['Custom::Of Unheard', 'Deep[0].Rules', 'identity'],
  ])
  assert.deepEqual(all[6]?.attachedTo, ['Role'])
  assert.equal(written(all[4], text), '\\"s3:GetObject\\"', 'JSON within a string keeps its places')
})

test('functions of a template become what they return, and say on what else they depend', () => {
  const text = `
Parameters:
  Stage: { Type: String, Default: dev }
  Team: { Type: String }
  Hidden: { Type: 'AWS::SSM::Parameter::Value<String>', Default: /a }
  Many: { Type: CommaDelimitedList, Default: 'arn:aws:s3:::one, arn:aws:s3:::two' }
Mappings: { Names: { dev: { Queue: jobs } } }
Resources:
  Bucket: { Type: AWS::S3::Bucket }
  Named: { Type: AWS::SQS::Queue, Properties: { QueueName: !Sub 'q-\${Stage}' } }
  Topic: { Type: AWS::SNS::Topic }
  Policy:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: '2012-10-17'
        Statement:
          - Effect: Allow
            Action: '*'
            Resource:
              - !GetAtt Bucket.Arn
              - !Sub '\${Bucket.Arn}/\${!aws:username}/\${Stage}'
              - Fn::GetAtt: [Named, Arn]
              - !Ref Topic
              - !Join [':', [arn, !Ref AWS::Partition, iam, '', !Ref AWS::AccountId, role/a]]
              - !Sub ['arn:aws:s3:::\${Name}', { Name: !FindInMap [Names, !Ref Stage, Queue] }]
              - !Select [1, !Split ['|', 'a|arn:aws:s3:::b']]
              - !Ref Many
              - !If [IsProduction, 'arn:aws:s3:::yes', !Ref AWS::NoValue]
              - !Sub 'arn:aws:s3:::\${Team}-x'
              - !ImportValue Other
              - !Ref Hidden
`
  const resources = (options: Partial<SourceOptions> = {}) => {
    const [policy] = policies(text, { file: 'a.yaml', ...options })
    assert.ok(policy)
    const list = (JSON.parse(policy.text) as { Statement: { Resource: string[] }[] }).Statement[0]?.Resource
    return { list: list ?? [], unknown: policy.unknown.map(({ dependsOn }) => dependsOn) }
  }
  const { list, unknown } = resources()
  assert.deepEqual(list.slice(0, 10), [
    'arn:aws:s3:::bucket',
    'arn:aws:s3:::bucket/${aws:username}/dev',
    'arn:aws:sqs:us-east-1:123456789012:q-dev',
    'arn:aws:sns:us-east-1:123456789012:Topic',
    'arn:aws:iam::123456789012:role/a',
    'arn:aws:s3:::jobs',
    'arn:aws:s3:::b',
    'arn:aws:s3:::one',
    'arn:aws:s3:::two',
    'arn:aws:s3:::yes',
  ])
  assert.deepEqual(unknown, [
    'parameter Team',
    'Fn::ImportValue of Other',
    'parameter Hidden, which is /a in Systems Manager',
  ])
  const given = resources({ parameters: { Team: 'red', Hidden: 'arn:aws:s3:::h' }, account: '210987654321' })
  assert.equal(given.list[10], 'arn:aws:s3:::red-x')
  assert.equal(given.list[3], 'arn:aws:sns:us-east-1:210987654321:Topic')
  assert.deepEqual(given.unknown, ['Fn::ImportValue of Other'])
})

test('a Terraform plan: resources, modules, blocks, and data sources that nothing known uses', () => {
  const json = JSON.stringify(document)
  const other = JSON.stringify({ ...document, Id: 'other' })
  const text = JSON.stringify({
    format_version: '1.2',
    planned_values: {
      root_module: {
        resources: [
          { address: 'aws_iam_policy.a', type: 'aws_iam_policy', values: { name: 'a', policy: json } },
          {
            address: 'aws_iam_role.b',
            type: 'aws_iam_role',
            values: { assume_role_policy: json, inline_policy: [{ name: 'c', policy: json }] },
          },
          { address: 'aws_sqs_queue.q', type: 'aws_sqs_queue', values: { policy: null } },
          {
            address: 'aws_organizations_policy.t',
            type: 'aws_organizations_policy',
            values: { type: 'TAG_POLICY', content: json },
          },
        ],
        child_modules: [
          {
            resources: [{ address: 'module.m.aws_kms_key.k', type: 'aws_kms_key', values: { policy: json } }],
          },
        ],
      },
    },
    prior_state: {
      values: {
        root_module: {
          resources: [
            {
              mode: 'data',
              address: 'data.aws_iam_policy_document.used',
              type: 'aws_iam_policy_document',
              values: { json: JSON.stringify(document, null, 2) },
            },
            {
              mode: 'data',
              address: 'data.aws_iam_policy_document.alone',
              type: 'aws_iam_policy_document',
              values: { json: other },
            },
          ],
        },
      },
    },
    resource_changes: [
      {
        mode: 'data',
        address: 'data.aws_iam_policy_document.later',
        type: 'aws_iam_policy_document',
        change: {
          after: {
            statement: [
              {
                actions: ['s3:GetObject'],
                effect: null,
                resources: [null, 'arn:aws:s3:::a/*'],
                condition: [{ test: 'StringEquals', variable: 'aws:PrincipalTag/a', values: ['b'] }],
              },
            ],
          },
          after_unknown: { json: true, statement: [{ resources: [true, false] }] },
        },
      },
    ],
  })
  const all = policies(text)
  assert.deepEqual(all.map(summary), [
    ['aws_iam_policy aws_iam_policy.a', 'policy', 'identity'],
    ['aws_iam_role aws_iam_role.b', 'assume_role_policy', 'trust'],
    ['aws_iam_role aws_iam_role.b', 'inline_policy[0].policy', 'identity'],
    ['aws_kms_key module.m.aws_kms_key.k', 'policy', 'key'],
    ['aws_iam_policy_document data.aws_iam_policy_document.alone', 'json', 'identity'],
    ['aws_iam_policy_document data.aws_iam_policy_document.later', 'statement', 'identity'],
  ])
  assert.equal(written(all[3], text), '\\"s3:GetObject\\"')
  const later = all[5]
  assert.equal(later?.unknown[0]?.dependsOn, 'a value that is known after apply')
  assert.ok(parsePolicy(later?.text ?? '', 'identity').ok, later?.text)
})

test('a dump of an account: documents as objects and URL-encoded, versions in effect', () => {
  const encoded = encodeURIComponent(JSON.stringify({ ...document, Id: 'ä' }))
  const text = JSON.stringify({
    UserDetailList: [{ UserName: 'ann', UserPolicyList: [{ PolicyName: 'p', PolicyDocument: encoded }] }],
    RoleDetailList: [{ RoleName: 'r', AssumeRolePolicyDocument: document }],
    Policies: [
      {
        PolicyName: 'own',
        Arn: 'arn:aws:iam::123456789012:policy/own',
        PolicyVersionList: [
          { Document: document, VersionId: 'v2', IsDefaultVersion: true },
          { Document: document, VersionId: 'v1', IsDefaultVersion: false },
        ],
      },
      {
        PolicyName: 'AdministratorAccess',
        Arn: 'arn:aws:iam::aws:policy/AdministratorAccess',
        PolicyVersionList: [{ Document: document, IsDefaultVersion: true }],
      },
    ],
  })
  const all = policies(text)
  assert.deepEqual(
    all.map((each) => [...summary(each), each.isAwsManaged]),
    [
      ['User ann', 'UserDetailList[0].UserPolicyList[0].PolicyDocument', 'identity', false],
      ['Role r', 'RoleDetailList[0].AssumeRolePolicyDocument', 'trust', false],
      ['Policy own', 'Policies[0].PolicyVersionList[0].Document', 'identity', false],
      ['Policy AdministratorAccess', 'Policies[1].PolicyVersionList[0].Document', 'identity', true],
    ],
  )
  assert.equal(written(all[0], text), '%22s3%3AGetObject%22')
  const answer = JSON.stringify({ Policy: JSON.stringify(document) })
  assert.deepEqual(policies(answer).map(summary), [['', 'Policy', 'identity']])
})

test('what holds no policies says so, and what cannot be read says where', () => {
  for (const text of ['{"name":"a","scripts":{}}', '[1,2]', 'a: b\n', 'null', '']) {
    const { form } = readPolicySources(text, { file: 'a.yaml' })
    assert.equal(form, 'other', text)
  }
  const broken = readPolicySources('{\n "Version": }', { file: 'a.json' })
  assert.ok(broken.form === 'unreadable')
  assert.equal(broken.span.start.line, 2)
  assert.equal(readPolicySources('a: [b\n', { file: 'a.yaml' }).form, 'unreadable')
})

const bomb = (levels: number) =>
  Array.from({ length: levels }, (_, level) => {
    const items = level === 0 ? 'x' : `*a${level - 1}`
    return `k${level}: &a${level} [${new Array(9).fill(items).join(', ')}]`
  }).join('\n')

const hostile: readonly (readonly [name: string, text: string])[] = [
  ['an alias that grows ninefold at each level', bomb(12)],
  ['an alias within itself', 'a: &a\n  b: *a\n'],
  ['an alias that refers to nothing', 'a: *b\n'],
  ['flow lists that never end', `a: ${'['.repeat(100_000)}`],
  ['block lists on one line', '- '.repeat(50_000)],
  ['many documents', '---\na: b\n'.repeat(2000)],
]

for (const [name, text] of hostile) {
  test(`hostile YAML is unreadable: ${name}`, () => {
    assert.equal(readPolicySources(text, { file: 'a.yaml' }).form, 'unreadable')
  })
}

test('hostile templates: names that refer to one another, functions within functions', () => {
  const named = (id: number) => ({
    Type: 'AWS::S3::Bucket',
    Properties: { BucketName: { 'Fn::Sub': `\${B${id + 1}}`.repeat(9) } },
  })
  const buckets = Object.fromEntries(Array.from({ length: 40 }, (_, id) => [`B${id}`, named(id)]))
  const cycle = { Type: 'AWS::S3::Bucket', Properties: { BucketName: { Ref: 'Cycle' } } }
  const role = (Resource: unknown) => ({
    Type: 'AWS::IAM::ManagedPolicy',
    Properties: { PolicyDocument: { ...document, Statement: [{ ...statement, Resource }] } },
  })
  let deep: unknown = 'x'
  for (let level = 0; level < 20; level++) deep = { 'Fn::Join': ['', [deep, deep === 'x' ? 'y' : 'z']] }
  const text = JSON.stringify({
    Resources: {
      ...buckets,
      Cycle: cycle,
      P: role([{ Ref: 'B0' }, { Ref: 'Cycle' }]),
      Q: role([deep]),
    },
  })
  const [p] = policies(text)
  assert.equal(p?.unknown.length, 2)
  assert.ok(p.text.length < 1_000_000)
})

const fragments = [
  '{',
  '}',
  '[',
  ']',
  '"',
  ':',
  '\n',
  '  ',
  '&a ',
  '*a',
  '<<: *a',
  '!Ref ',
  '!Sub ',
  '${',
  '|\n',
  '- ',
  '\0',
  '%7B',
]
const sample = `Parameters: { P: { Type: String } }
Resources:
  R:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: '${JSON.stringify(document)}'
      Policies: [{ PolicyName: a, PolicyDocument: { Statement: [{ Effect: Allow, Action: !Sub 's3:\${P}', Resource: !If [C, a, !Ref P] }] } }]
`

test('whatever a file contains, reading never throws, and places are in the file', () => {
  const edit = fc.record({ at: fc.nat(sample.length), drop: fc.nat(20), put: fc.constantFrom(...fragments) })
  fc.assert(
    fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), (edits) => {
      const text = edits.reduce(
        (all, { at, drop, put }) => all.slice(0, at) + put + all.slice(at + drop),
        sample,
      )
      const read = readPolicySources(text, { file: 'a.yaml' })
      for (const policy of 'policies' in read ? read.policies : []) {
        const parsed = parsePolicy(policy.text, policy.kind, { lenient: true })
        for (const { span } of parsed.findings) {
          const { start, end } = policy.place(span)
          assert.ok(start.offset <= end.offset && end.offset <= text.length + 1)
        }
      }
    }),
    { numRuns: 300 },
  )
})
