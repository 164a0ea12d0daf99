import { account, allow, deny, policyArn, roleArn, type Statement, userArn } from './account-file.ts'
import { adm, describeKinds, dev, type Kind, lambda, makes, organization, passes, when } from './kinds.ts'

const service = (name: string) => ({ Service: `${name}.amazonaws.com` })
const tagged = (key: string, value: unknown = 'a') => when('StringEquals', `aws:RequestTag/${key}`, value)
const awsPolicy = (name: string) => `arn:aws:iam::aws:policy/${name}`
/** dev who passes the administrator role, which trusts a service. */
const passing = (name: string, statements: readonly Statement[], role: object = {}, roles: object = {}) =>
  dev([passes(), ...statements], {}, { roles: { ...adm(service(name), role), ...roles } })
const runs = (condition: object) => [
  allow('ec2:RunInstances', [
    'arn:aws:ec2:*::image/*',
    ...['subnet', 'network-interface', 'security-group', 'volume'].map((type) => `arn:aws:ec2:*:*:${type}/*`),
  ]),
  allow('ec2:RunInstances', 'arn:aws:ec2:*:*:instance/*', condition),
]
const profile = { profiles: ['adm'] }
const makesRole = [
  allow('iam:CreateRole', '*', tagged('team')),
  allow(['iam:AttachRolePolicy', 'sts:AssumeRole'], roleArn('*')),
]
const functionOf = (condition: object) => [
  allow('lambda:CreateFunction', '*', condition),
  allow('lambda:InvokeFunction'),
]

const tags: readonly Kind[] = [
  {
    name: 'an instance with a tag, and ec2:CreateTags is not allowed',
    file: passing('ec2', runs(tagged('owner', '${aws:username}')), profile),
    expect: 'no',
  },
  {
    name: 'an instance with a tag, and ec2:CreateTags is allowed where it is made',
    file: passing(
      'ec2',
      [
        ...runs(tagged('owner', '${aws:username}')),
        allow(
          'ec2:CreateTags',
          'arn:aws:ec2:*:*:instance/*',
          when('StringEquals', 'ec2:CreateAction', 'RunInstances'),
        ),
      ],
      profile,
    ),
    expect: 'proven',
  },
  {
    name: 'an instance without tags, of which the keys are limited',
    file: passing('ec2', runs(when('ForAllValues:StringEquals', 'aws:TagKeys', ['owner'])), profile),
    expect: 'proven',
  },
  { name: 'a role with a tag, and iam:TagRole is not allowed', file: dev(makesRole), expect: 'no' },
  {
    name: 'a role with a tag, and iam:TagRole is allowed',
    file: dev([...makesRole, allow('iam:TagRole')]),
    expect: 'proven',
  },
  {
    name: 'a role with a tag, and iam:TagRole is allowed for another value',
    file: dev([...makesRole, allow('iam:TagRole', '*', tagged('team', 'b'))]),
    expect: 'no',
  },
  {
    name: 'a job with a tag, where nobody says whether the tagging action is asked',
    file: passing('glue', [allow('glue:CreateJob', '*', tagged('owner')), allow('glue:StartJobRun')]),
    expect: 'undecided',
  },
  {
    name: 'a project with a tag, of a service without a tagging action',
    file: passing('codebuild', [
      allow('codebuild:CreateProject', '*', tagged('owner')),
      allow('codebuild:StartBuild'),
    ]),
    expect: 'proven',
  },
  {
    name: 'a tag whose key is not among those that may be given',
    file: passing('lambda', [
      ...functionOf({ ...tagged('team'), ...when('ForAllValues:StringEquals', 'aws:TagKeys', ['owner']) }),
      allow('lambda:TagResource'),
    ]),
    expect: 'no',
  },
  {
    name: 'a tag that an SCP asks for',
    file: passing('lambda', [allow('lambda:*')]),
    organization: organization(
      [],
      [deny('lambda:CreateFunction', '*', when('Null', 'aws:RequestTag/owner', 'true'))],
    ),
    to: 'role/adm',
    expect: 'proven',
  },
  {
    name: 'a tag of the call that makes another resource',
    file: passing('ecs-tasks', [
      allow('ecs:RegisterTaskDefinition', '*', tagged('team')),
      allow('ecs:RunTask'),
      allow('ecs:TagResource', '*', when('StringEquals', 'ecs:CreateAction', 'RunTask')),
    ]),
    resources: [{ type: 'AWS::ECS::Cluster', arn: `arn:aws:ecs:eu-west-1:${account}:cluster/one` }],
    expect: 'no',
  },
]

const signing = `arn:aws:lambda:eu-west-1:${account}:code-signing-config:csc-0d4518bd353a0a7c6`
const cluster = (name: string) => ({
  type: 'AWS::ECS::Cluster',
  arn: `arn:aws:ecs:eu-west-1:${account}:cluster/${name}`,
})
const emr = { EMR_DefaultRole: { trust: service('elasticmapreduce') } }
const notebook = (status: string) => ({
  type: 'AWS::SageMaker::NotebookInstance',
  arn: `arn:aws:sagemaker:eu-west-1:${account}:notebook-instance/one`,
  role: roleArn('adm'),
  status,
})
const opens = allow('sagemaker:CreatePresignedNotebookInstanceUrl')

/** What dev needs to make the service role of a cluster. */
const makesEmr = (
  policy = 'service-role/AmazonElasticMapReduceRole',
  passed = 'EMR_*',
  condition?: object,
) => [
  allow('iam:CreateRole', roleArn('EMR_*')),
  allow('iam:AttachRolePolicy', roleArn('EMR_*'), when('ArnEquals', 'iam:PolicyARN', awsPolicy(policy))),
  passes(condition, roleArn(passed)),
  deny('sts:AssumeRole'),
]
const further: readonly Kind[] = [
  {
    name: 'a function that must have a code signing configuration [LAM-80]',
    file: passing('lambda', functionOf(when('StringEquals', 'lambda:CodeSigningConfigArn', signing))),
    expect: 'undecided',
  },
  {
    name: 'a function that must not have a code signing configuration',
    file: passing('lambda', functionOf(when('Null', 'lambda:CodeSigningConfigArn', 'true'))),
    expect: 'proven',
  },
  {
    name: 'a cluster of Amazon EMR whose service role may not be passed [PSR-8]',
    file: passing('ec2', [allow('elasticmapreduce:RunJobFlow')], profile, emr),
    expect: 'no',
  },
  {
    name: 'a cluster of Amazon EMR whose service role may be passed',
    file: passing(
      'ec2',
      [allow('elasticmapreduce:RunJobFlow'), passes(undefined, roleArn('EMR_*'))],
      profile,
      emr,
    ),
    expect: 'proven',
  },
  {
    name: 'a cluster of Amazon EMR whose service role may be passed with MFA',
    file: passing(
      'ec2',
      [
        allow('elasticmapreduce:RunJobFlow'),
        passes(when('Bool', 'aws:MultiFactorAuthPresent', 'true'), roleArn('EMR_*')),
      ],
      profile,
      emr,
    ),
    expect: 'conditional',
    keys: ['aws:MultiFactorAuthPresent'],
  },
  {
    name: 'a cluster of Amazon EMR whose service role is made first [PSR-9]',
    file: passing('ec2', [allow('elasticmapreduce:RunJobFlow'), ...makesEmr()], profile),
    expect: 'proven',
    requests: [
      'iam:CreateRole',
      'iam:PassRole',
      'elasticmapreduce:RunJobFlow',
      'iam:AttachRolePolicy',
      'sts:AssumeRole',
      'iam:PassRole',
      'sts:AssumeRole',
    ],
  },
  {
    name: 'a cluster of Amazon EMR whose service role cannot be given its policy',
    file: passing('ec2', [allow('elasticmapreduce:RunJobFlow'), ...makesEmr('ReadOnlyAccess')], profile),
    expect: 'no',
  },
  {
    name: 'a cluster of Amazon EMR whose service role cannot be passed under the name that it is made with',
    file: passing('ec2', [allow('elasticmapreduce:RunJobFlow'), ...makesEmr(undefined, 'OTHER_*')], profile),
    expect: 'no',
  },
  {
    name: 'a cluster of Amazon EMR whose new service role may be passed to EC2 alone',
    file: passing(
      'ec2',
      [
        allow('elasticmapreduce:RunJobFlow'),
        ...makesEmr(undefined, 'EMR_*', when('StringEquals', 'iam:PassedToService', 'ec2.amazonaws.com')),
      ],
      profile,
    ),
    expect: 'no',
  },
  {
    name: 'a cluster of Amazon EMR whose service role is made, where the administrator role may not be passed',
    file: dev(
      [allow('elasticmapreduce:RunJobFlow'), ...makesEmr()],
      {},
      { roles: adm(service('ec2'), profile) },
    ),
    expect: 'no',
  },
  {
    name: 'a task in a cluster that does not exist',
    file: passing('ecs-tasks', [
      allow('ecs:RegisterTaskDefinition'),
      allow('ecs:RunTask', '*', when('ArnEquals', 'ecs:cluster', cluster('two').arn)),
    ]),
    resources: [cluster('one')],
    expect: 'no',
  },
  {
    name: 'a service in a cluster that does not exist',
    file: passing('ecs-tasks', [
      allow('ecs:RegisterTaskDefinition'),
      allow('ecs:CreateService', `arn:aws:ecs:*:${account}:service/two/*`),
    ]),
    resources: [cluster('one')],
    expect: 'no',
  },
  {
    name: 'a service in a cluster that exists',
    file: passing('ecs-tasks', [
      allow('ecs:RegisterTaskDefinition'),
      allow('ecs:CreateService', `arn:aws:ecs:*:${account}:service/two/*`),
    ]),
    resources: [cluster('one'), cluster('two')],
    expect: 'proven',
  },
  {
    name: 'a service in a cluster of another region',
    file: passing('ecs-tasks', [
      allow('ecs:RegisterTaskDefinition'),
      allow('ecs:CreateService', `arn:aws:ecs:us-east-1:${account}:service/*`),
    ]),
    resources: [cluster('one')],
    expect: 'no',
  },
  {
    name: 'a notebook that is stopped and may be started',
    file: dev([opens, allow('sagemaker:StartNotebookInstance')], {}, { roles: adm(service('sagemaker')) }),
    resources: [notebook('Stopped')],
    expect: 'proven',
  },
  {
    name: 'a notebook that is stopped and may not be started',
    file: dev([opens], {}, { roles: adm(service('sagemaker')) }),
    resources: [notebook('Stopped')],
    expect: 'no',
  },
]

const attaches = (condition: object) => allow('iam:AttachUserPolicy', userArn('dev'), condition)
const attachable: readonly Kind[] = [
  {
    name: 'a policy of AWS that nothing has, and that passes every role to Lambda',
    file: dev(
      [attaches(when('ArnEquals', 'iam:PolicyARN', awsPolicy('AWSLambda_FullAccess')))],
      {},
      { roles: adm(lambda) },
    ),
    expect: 'proven',
  },
  {
    name: 'policies of AWS by a pattern',
    file: dev(
      [attaches(when('ArnLike', 'iam:PolicyARN', awsPolicy('AWSLambda_*')))],
      {},
      { roles: adm(lambda) },
    ),
    expect: 'proven',
  },
  {
    name: 'policies of AWS by a pattern that gives nothing',
    file: dev(
      [attaches(when('ArnLike', 'iam:PolicyARN', awsPolicy('AmazonS3*')))],
      {},
      { roles: adm(lambda) },
    ),
    expect: 'no',
  },
  {
    name: 'all policies of AWS but the best known',
    file: dev(
      [
        attaches({}),
        deny('iam:AttachUserPolicy', '*', {
          ArnEquals: {
            'iam:PolicyARN': ['AdministratorAccess', 'IAMFullAccess', 'PowerUserAccess'].map(awsPolicy),
          },
        }),
      ],
      {},
      { roles: adm(lambda) },
    ),
    expect: 'proven',
  },
  {
    name: 'no policy of AWS',
    file: dev(
      [makes, attaches(when('ArnLike', 'iam:PolicyARN', policyArn('*')))],
      {},
      { roles: adm(lambda) },
    ),
    expect: 'no',
  },
]

describeKinds({
  'what a call brings': tags,
  'what a call asks besides': further,
  'policies of AWS': attachable,
})
