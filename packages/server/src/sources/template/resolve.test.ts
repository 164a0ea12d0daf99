import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { JsonNode } from '@omen-iam/policy'
import { type ResolveOptions, resolveTemplates, type TemplateFile } from '../index.ts'

const resolved = (text: string, options: ResolveOptions = {}) =>
  resolveTemplates([{ file: 'app.yaml', text }], options)

/** The plain value of a tree. */
function plain(node: JsonNode | undefined): unknown {
  switch (node?.type) {
    case 'list':
      return node.items.map(plain)
    case 'object':
      return Object.fromEntries(node.members.map(({ key, value }) => [key.value, plain(value)]))
    case 'string':
    case 'scalar':
      return node.value
    default:
      return undefined
  }
}

function problem(text: string, options: ResolveOptions = {}): string {
  const { problems, resources } = resolved(text, options)
  assert.equal(resources.length, 0, 'nothing is taken where anything is refused')
  const [first] = problems
  assert.ok(first, 'a problem')
  return `${first.file}:${first.place.line}:${first.place.column}: ${first.message}`
}

const stack = `
Parameters:
  Stage: { Type: String, Default: dev, AllowedValues: [dev, prod] }
  Accounts: { Type: CommaDelimitedList, Default: '' }
  Secret: { Type: 'AWS::SSM::Parameter::Value<String>', Default: /a }
Mappings: { Names: { dev: { Queue: jobs } } }
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
  HasAccounts: !Not [!Equals ['', !Join ['', !Ref Accounts]]]
  Both: !And [!Condition IsProd, !Condition HasAccounts]
  Any: !Or [!Condition IsProd, !Condition HasAccounts]
Resources:
  Role:
    Type: AWS::IAM::Role
    DeletionPolicy: Retain
    DependsOn: Bucket
    Properties:
      Path: /team/
      AssumeRolePolicyDocument:
        Statement:
          - { Effect: Allow, Action: 'sts:AssumeRole', Principal: { AWS: !If [HasAccounts, !Ref Accounts, !Ref 'AWS::AccountId'] } }
          - !If [IsProd, { Effect: Deny, Action: '*', Principal: '*' }, !Ref 'AWS::NoValue']
      Description: !Sub '\${Stage} of \${AWS::StackName} in \${AWS::Partition}'
      Tags:
        - { Key: queue, Value: !FindInMap [Names, !Ref Stage, Queue] }
        - { Key: block, Value: !Select [1, !Cidr [10.0.0.0/16, 4, 8]] }
        - { Key: encoded, Value: !Base64 'häuser' }
        - { Key: later, Value: '{{resolve:ssm:/x}}' }
        - { Key: stored, Value: !Ref Secret }
  Bucket: { Type: AWS::S3::Bucket }
  Vpc: { Type: AWS::EC2::VPC }
  Policy:
    Type: AWS::IAM::ManagedPolicy
    Condition: Any
    Properties:
      PolicyDocument:
        Statement: [{ Effect: Allow, Action: 's3:*', Resource: !Sub '\${Bucket.Arn}/\${!aws:username}' }]
      Roles: [!Ref Role]
`.replaceAll('\\$', '$')

test('TPL-2, TPL-4 a template becomes the resources that CloudFormation makes, by its conditions and with its names', () => {
  const { resources, problems, text } = resolved(stack, { account: '210987654321', region: 'eu-west-1' })
  assert.deepEqual(problems, [])
  assert.deepEqual(
    resources.map(({ logicalId, type }) => [logicalId, type]),
    [
      ['Role', 'AWS::IAM::Role'],
      ['Bucket', 'AWS::S3::Bucket'],
      ['Vpc', 'AWS::EC2::VPC'],
    ],
  )
  const [role, bucket, vpc] = resources
  assert.match(role?.physicalId.value ?? '', /^app-Role-[A-Z0-9]{12}$/)
  assert.equal(role?.arn?.value, `arn:aws:iam::210987654321:role/team/${role?.name.value}`)
  assert.match(bucket?.name.value ?? '', /^app-bucket-[a-z0-9]{12}$/)
  assert.match(vpc?.physicalId.value ?? '', /^vpc-[0-9a-f]{17}$/)
  assert.equal(role?.deletionPolicy, 'Retain')
  assert.deepEqual(role?.dependsOn, ['Bucket'])
  const properties = plain(role?.properties) as {
    AssumeRolePolicyDocument: unknown
    Description: string
    Tags: { Value: string }[]
  }
  assert.deepEqual(properties.AssumeRolePolicyDocument, {
    Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: '210987654321' } }],
  })
  assert.equal(properties.Description, 'dev of app in aws')
  assert.deepEqual(
    properties.Tags.map(({ Value }) => Value),
    ['jobs', '10.0.1.0/24', 'aMOkdXNlcg==', '${unknown}', '${unknown}'],
  )
  const tags = role?.properties.members.find(({ key }) => key.value === 'Tags')?.value
  const last =
    tags?.type === 'list'
      ? tags.items.map((item) => item.type === 'object' && text(item.members[1]?.value))
      : []
  assert.deepEqual(last.slice(3), [
    { value: '${unknown}', dependsOn: 'the dynamic reference ssm:/x' },
    { value: '${unknown}', dependsOn: 'parameter Secret, which is /a in Systems Manager' },
  ])
  assert.equal(role?.place(role.node).line, 14)
})

test('TPL-2 parameters decide conditions; the same template gives the same names', () => {
  const once = resolved(stack, { parameters: { Stage: 'prod', Accounts: '111111111111, 222222222222' } })
  const again = resolved(stack, { parameters: { Stage: 'prod', Accounts: '111111111111, 222222222222' } })
  const role = once.resources.find(({ logicalId }) => logicalId === 'Role')
  const policy = once.resources.find(({ logicalId }) => logicalId === 'Policy')
  assert.deepEqual(plain(role?.properties.members[1]?.value), {
    Statement: [
      { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: ['111111111111', '222222222222'] } },
      { Effect: 'Deny', Action: '*', Principal: '*' },
    ],
  })
  assert.match(policy?.physicalId.value ?? '', /^arn:aws:iam::123456789012:policy\/app-Policy-/)
  assert.deepEqual(
    once.resources.map(({ physicalId }) => physicalId),
    again.resources.map(({ physicalId }) => physicalId),
  )
  const said = resolved(stack, { account: '123456789012', region: 'us-east-1' })
  assert.equal(said.resources[0]?.name.value, resolved(stack).resources[0]?.name.value, 'the defaults, said')
})

test('TPL-1 random characters, physical ids and the stack may be given', () => {
  const { resources } = resolved(stack, {
    stack: 'x'.repeat(60),
    random: (_, length) => 'Z'.repeat(length),
    physicalIds: { Bucket: 'the-bucket' },
  })
  const [role, bucket] = resources
  assert.equal(role?.name.value.length, 64)
  assert.match(role?.name.value ?? '', /^x{46}-Role-Z{12}$/)
  // a name that CloudFormation made, but for the number of its random characters
  const text = 'Resources: { MyLambdaFunctionName: { Type: AWS::Lambda::Function } }'
  const named = resolved(text, { stack: 'MyStackDev-MyNestedApplicationStack-K87FLFVLYVQJ' })
  assert.match(
    named.resources[0]?.name.value ?? '',
    /^MyStackDev-MyNestedApplication?-MyLambdaFunctionName-[A-Z0-9]{12}$/,
  )
  assert.equal(bucket?.arn?.value, 'arn:aws:s3:::the-bucket')
})

test('TPL-5 stacks nest local templates and import what others export', () => {
  const parent = `
Resources:
  Inner:
    Type: AWS::CloudFormation::Stack
    Properties: { TemplateURL: nested/inner.yaml, Parameters: { Name: !Ref Role } }
  Role: { Type: AWS::IAM::Role, Properties: { RoleName: outer } }
  Away: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: 'https://example.com/a.yaml' } }
  User: { Type: AWS::IAM::User, Properties: { UserName: !GetAtt Inner.Outputs.Made, Path: !ImportValue path } }
`
  const inner = `
Parameters: { Name: { Type: String } }
Resources:
  Group: { Type: AWS::IAM::Group, Properties: { GroupName: !Sub '\${Name}-group' } }
Outputs: { Made: { Value: !Ref Group } }
`
  const other = `
Resources: { Topic: { Type: AWS::SNS::Topic } }
Outputs: { Path: { Value: /shared/, Export: { Name: path } } }
`
  const files: TemplateFile[] = [
    { file: 'out/a.yaml', text: parent },
    { file: 'out/b.yaml', text: other },
    { file: 'out/nested/inner.yaml', text: inner },
  ]
  const { resources, problems, notes } = resolveTemplates(files)
  assert.deepEqual(problems, [])
  const group = resources.find(({ logicalId }) => logicalId === 'Group')
  assert.equal(group?.name.value, 'outer-group')
  assert.match(group?.stack ?? '', /^a-Inner-[A-Z0-9]{12}$/)
  assert.equal(group?.file, 'out/nested/inner.yaml')
  const user = resources.find(({ logicalId }) => logicalId === 'User')
  assert.equal(user?.arn?.value, 'arn:aws:iam::123456789012:user/shared/outer-group')
  assert.equal(resources.filter(({ logicalId }) => logicalId === 'Group').length, 1)
  assert.deepEqual(
    notes.map(({ file, place, message }) => `${file}:${place.line}: ${message}`),
    ['out/a.yaml:7: Away: the nested template is not in a local file, and its resources are not known'],
  )
  const read: string[] = []
  const alone = resolveTemplates([{ file: 'out/a.yaml', text: parent }], {
    read: (file) => {
      read.push(file)
      return file === 'out/nested/inner.yaml' ? inner : undefined
    },
  })
  assert.deepEqual(read, ['out/nested/inner.yaml'])
  assert.equal(
    alone.resources.find(({ logicalId }) => logicalId === 'User')?.arn?.dependsOn,
    'the export path, which no given stack has',
  )
})

test('an assembly of the AWS CDK names its stacks and their accounts', () => {
  const manifest = JSON.stringify({
    version: '36.0.0',
    artifacts: {
      Pay: {
        type: 'aws:cloudformation:stack',
        environment: 'aws://210987654321/eu-central-1',
        properties: { templateFile: 'Pay.template.json', stackName: 'pay-prod', parameters: { Name: 'x' } },
      },
      Bad: { type: 'aws:cloudformation:stack', properties: { templateFile: '../../etc/passwd' } },
    },
  })
  const template = JSON.stringify({
    Parameters: { Name: { Type: 'String' } },
    Resources: {
      Queue: {
        Type: 'AWS::SQS::Queue',
        Properties: { QueueName: { 'Fn::Sub': '${AWS::StackName}-${Name}' } },
      },
    },
  })
  const { resources } = resolveTemplates([
    { file: 'cdk.out/manifest.json', text: manifest },
    { file: 'cdk.out/Pay.template.json', text: template },
  ])
  assert.equal(resources[0]?.arn?.value, 'arn:aws:sqs:eu-central-1:210987654321:pay-prod-x')
  assert.equal(
    resources[0]?.physicalId.value,
    'https://sqs.eu-central-1.amazonaws.com/210987654321/pay-prod-x',
  )
})

test('TPL-2 what CloudFormation would refuse is refused with file, line and reason', () => {
  const role = 'Type: AWS::IAM::Role'
  assert.equal(
    problem(
      `Resources:\n  A: { ${role}, Properties: { RoleName: !Ref B } }\n  B: { ${role}, Properties: { RoleName: !Ref A } }`,
    ),
    'app.yaml:3:59: Circular dependency between resources: A → B → A.',
  )
  assert.equal(
    problem(`Resources:\n  A: { ${role} }\n  A: { ${role} }`),
    'app.yaml:3:3: The entry of Resources A is there twice.',
  )
  assert.match(
    problem(`Resources:\n  A: { ${role}, DependsOn: Z }`),
    /^app\.yaml:2:\d+: A refers to the resource Z, which/,
  )
  assert.match(
    problem(`Resources:\n  A: { ${role}, Properties: { Path: !Sub 'x\${Z.Arn}' } }`),
    /resource Z, which/,
  )
  assert.match(problem(`Resources:\n  A: { ${role}, Condition: Z }`), /condition Z, which/)
  assert.match(problem(`Resources:\n  A: { Properties: {} }`), /^app\.yaml:2:3|has no Type/)
  assert.match(problem(`Resourcez:\n  A: { ${role} }`), /no section Resourcez/)
  assert.match(
    problem(stack, { parameters: { Stage: 'qa' } }),
    /Parameter Stage does not take the value "qa": AllowedValues are dev, prod/,
  )
  const rule = `
Parameters: { Stage: { Type: String } }
Rules:
  R: { Assertions: [{ Assert: !Contains [[dev], !Ref Stage], AssertDescription: only dev }] }
Resources: { A: { ${role} } }
`
  assert.match(
    problem(rule, { parameters: { Stage: 'prod' } }),
    /^app\.yaml:4:\d+: The rule R is broken: only dev/,
  )
  assert.deepEqual(resolved(rule).problems, [], 'what is not known breaks no rule')
  const gone = `
Parameters: { On: { Type: String, Default: 'no' } }
Conditions: { IsOn: !Equals [!Ref On, 'yes'] }
Resources:
  A: { ${role}, Condition: IsOn }
  B: { ${role}, Properties: { RoleName: !Ref A } }
`
  assert.match(problem(gone), /^app\.yaml:6:\d+: The resource A is not made under the present conditions/)
  const conditions = `
Conditions: { A: !Not [!Condition B], B: !Not [!Condition A] }
Resources: { R: { ${role}, Condition: A } }
`
  assert.match(problem(conditions), /depends on itself/)
})

test('TPL-3 hostile templates are refused: paths that lead out, stacks that nest themselves, too many functions', () => {
  const nesting = (url: string) =>
    `Resources:\n  N:\n    Type: AWS::CloudFormation::Stack\n    Properties: { TemplateURL: '${url}' }\n`
  const asked: string[] = []
  const read = (file: string) => {
    asked.push(file)
    return undefined
  }
  for (const url of ['../a.yaml', '/etc/passwd', 'a/../../b', 'file:///etc/passwd', 'C:\\a', 'a\\..\\b'])
    assert.match(problem(nesting(url), { read }), /^app\.yaml:3:5: The nested template .* is not within/)
  assert.deepEqual(asked, [])
  const itself = nesting('./app.yaml')
  assert.match(
    problem(nesting('b.yaml'), { read: () => itself.replace('app', 'b') }),
    /nested more than 8 deep/,
  )
  const two =
    'Resources:\n' +
    ['A', 'B', 'C', 'D'].map((id) => nesting('b.yaml').slice(11).replace('N:', `${id}:`)).join('')
  assert.match(problem(two, { read: () => two }), /more than 200 stacks|nested more than/)
  const tags = Array.from({ length: 250_000 }, () => ({ Ref: 'AWS::Region' }))
  const million = JSON.stringify({ Resources: { A: { Type: 'AWS::IAM::Role', Properties: { Tags: tags } } } })
  assert.match(problem(million), /^app\.yaml:1:\d+: The template has more than 200000 functions/)
  let deep = '"x"'
  for (let level = 0; level < 40; level++) deep = `{"Fn::Base64":${deep}}`
  assert.match(
    problem(`{"Resources":{"A":{"Type":"AWS::IAM::Role","Properties":{"Path":${deep}}}}}`),
    /nested more than 32 deep/,
  )
  const wide = Array.from({ length: 600 }, (_, at) => `  R${at}: { Type: AWS::SNS::Topic }`).join('\n')
  assert.match(problem(`Resources:\n${wide}`), /more than 500 entries/)
  const resources = (more: object) =>
    JSON.stringify({ Resources: { A: { Type: 'AWS::IAM::Role', ...more } } })
  const copies = Array.from({ length: 50_000 }, () => ({ 'Fn::FindInMap': ['M', 'a', 'b'] }))
  const mapping = { M: { a: { b: { c: Array.from({ length: 10_000 }, () => 'x') } } } }
  const copied = resolved(
    JSON.stringify({
      Mappings: mapping,
      ...(JSON.parse(resources({ Properties: { Tags: copies } })) as object),
    }),
  )
  assert.match(
    [...copied.unknown.values()][0] ?? '',
    /the mapping M/,
    'what is neither text nor list is not copied',
  )
  const conditions = Object.fromEntries(
    Array.from({ length: 3000 }, (_, at) => [`C${at}`, { 'Fn::Not': [{ Condition: `C${at + 1}` }] }]),
  )
  assert.match(
    problem(
      JSON.stringify({
        Conditions: { ...conditions, C3000: 'true' },
        ...(JSON.parse(resources({ Condition: 'C0' })) as object),
      }),
    ),
    /Conditions are nested more than 32 deep/,
  )
  assert.match(problem('Parameters: {}'), /has no resources/)
})

test('names that every object of JavaScript has mean nothing', () => {
  const names = ['constructor', 'toString', '__proto__', 'hasOwnProperty']
  const template = {
    Transform: 'AWS::Serverless-2016-10-31',
    Parameters: { constructor: { Type: 'String' } },
    Resources: Object.fromEntries([
      ['A', { Type: 'AWS::IAM::Role', Properties: { RoleName: { Ref: 'constructor' } } }],
      ...names.map((name, at) => [
        `T${at}`,
        { Type: name, Properties: { a: { 'Fn::GetAtt': ['A', name] } } },
      ]),
      [
        'F',
        {
          Type: 'AWS::Serverless::Function',
          Properties: {
            Policies: names.map((name) => ({ [name]: {} })),
            Events: { E: { Type: 'constructor' } },
          },
        },
      ],
    ]),
  }
  const { problems, unknown } = resolved(JSON.stringify(template))
  assert.deepEqual(problems, [])
  assert.ok([...unknown.values()].includes('parameter constructor'))
  assert.ok([...unknown.values()].includes('A.toString'))
})
