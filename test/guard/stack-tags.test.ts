import { after, before, beforeEach, describe, test } from 'node:test'
import { type Allowed, account, allowing } from './house.ts'
import { capabilities, stackServer, trusting } from './stack-house.ts'

const queueArn = `arn:aws:sqs:us-east-1:${account}:jobs`
const queue = (Tags?: object) => ({ Type: 'AWS::SQS::Queue', Properties: { QueueName: 'jobs', Tags } })
const list = (tags: Readonly<Record<string, string>>) =>
  Object.entries(tags).map(([Key, Value]) => ({ Key, Value }))
/** Tags of a stack in a form. */
const tagged = (tags: Readonly<Record<string, string>>) =>
  Object.fromEntries(
    Object.entries(tags).flatMap(([key, value], at) => [
      [`Tags.member.${at + 1}.Key`, key],
      [`Tags.member.${at + 1}.Value`, value],
    ]),
  )

describe('tags of a template and of its stack need the actions that give them', () => {
  let at: Awaited<ReturnType<typeof stackServer>>
  let names = 0

  before(async () => {
    at = await stackServer()
  })
  beforeEach(() => at.clear())
  after(() => at.close())

  const allowed = (...statements: readonly Allowed[]) =>
    at.server.user(`u${++names}`, allowing({ action: 'cloudformation:*' }, ...statements))
  const stack = (Resources: object, more: object = {}) => ({
    StackName: 'one',
    TemplateBody: JSON.stringify({ Resources }),
    ...capabilities,
    ...more,
  })

  test('each type has its own action, on the resource that is made (GRD-511)', async () => {
    const as = await allowed({
      action: [
        'sqs:CreateQueue',
        's3:CreateBucket',
        'lambda:CreateFunction',
        'ec2:CreateVpc',
        'ssm:PutParameter',
      ],
    })
    const tags = { team: 'a' }
    for (const [Type, Properties, says] of [
      ['AWS::SQS::Queue', { QueueName: 'jobs' }, `sqs:TagQueue on resource: ${queueArn}`],
      ['AWS::S3::Bucket', { BucketName: 'own' }, 's3:PutBucketTagging on resource: .*:::own'],
      ['AWS::Lambda::Function', { FunctionName: 'f' }, 'lambda:TagResource on resource: .*:function:f'],
      ['AWS::EC2::VPC', { CidrBlock: '10.0.0.0/16' }, 'ec2:CreateTags'],
      [
        'AWS::SSM::Parameter',
        { Name: '/a', Type: 'String', Value: 'v' },
        'ssm:AddTagsToResource on .*parameter/a',
      ],
    ] as const) {
      const plain = { R: { Type, Properties } }
      await at.succeeds('CreateStack', stack(plain), { as })
      const Tags = Type === 'AWS::SSM::Parameter' ? tags : list(tags)
      await at.refused(
        new RegExp(says),
        'CreateStack',
        stack({ R: { Type, Properties: { ...Properties, Tags } } }),
        { as },
      )
      await at.refused(new RegExp(says), 'CreateStack', stack(plain, tagged(tags)), { as })
    }
  })

  test('what is made with tags has them in its request, those of the stack among them (GRD-511)', async () => {
    const condition = {
      StringEquals: { 'aws:RequestTag/team': 'a' },
      'ForAllValues:StringEquals': { 'aws:TagKeys': ['team', 'cost'] },
    }
    const as = await allowed({
      action: ['sqs:CreateQueue', 'sqs:TagQueue', 'iam:CreateRole', 'iam:TagRole'],
      condition,
    })
    await at.refused(/sqs:CreateQueue/, 'CreateStack', stack({ Q: queue() }), { as })
    await at.refused(/sqs:CreateQueue/, 'CreateStack', stack({ Q: queue(list({ team: 'a', x: 'y' })) }), {
      as,
    })
    await at.succeeds('CreateStack', stack({ Q: queue(list({ team: 'a' })) }), { as })
    await at.succeeds('CreateStack', stack({ Q: queue(list({ cost: '1' })) }, tagged({ team: 'a' })), { as })
    // a resource's own tag stays
    const own = stack({ Q: queue(list({ team: 'b' })) }, tagged({ team: 'a' }))
    await at.refused(/sqs:CreateQueue/, 'CreateStack', own, { as })
    const Properties = { RoleName: 'tagged', AssumeRolePolicyDocument: trusting }
    const role = { R: { Type: 'AWS::IAM::Role', Properties } }
    await at.refused(/iam:CreateRole/, 'CreateStack', stack(role), { as })
    await at.succeeds('CreateStack', stack(role, tagged({ team: 'a' })), { as })
    const condition2 = { StringEquals: { 'ec2:CreateAction': 'CreateVpc' } }
    const net = await allowed(
      { action: 'ec2:CreateVpc' },
      { action: 'ec2:CreateTags', condition: condition2 },
    )
    await at.succeeds(
      'CreateStack',
      stack({ V: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16' } } }, tagged({ a: 'b' })),
      { as: net },
    )
  })

  test('the tags of a stack reach what a nested stack makes, with those of the nested stack (GRD-511)', async () => {
    const condition = { StringEquals: { 'aws:RequestTag/team': 'a', 'aws:RequestTag/part': 'inner' } }
    const as = await allowed(
      { action: ['s3:GetObject', 'cloudformation:*'] },
      { action: ['sqs:CreateQueue', 'sqs:TagQueue'], condition },
    )
    const nested = (tags: Readonly<Record<string, string>>) => {
      at.objects.set('/templates/inner.json', JSON.stringify({ Resources: { Q: queue() } }))
      const TemplateURL = `${at.server.omen.endpoint}/templates/inner.json`
      const Properties = { TemplateURL, Tags: list(tags) }
      return { N: { Type: 'AWS::CloudFormation::Stack', Properties } }
    }
    await at.refused(/sqs:CreateQueue/, 'CreateStack', stack(nested({}), tagged({ team: 'a' })), { as })
    await at.succeeds('CreateStack', stack(nested({ part: 'inner' }), tagged({ team: 'a' })), { as })
  })

  test('an update asks for the tags that come and go, and keeps the stack’s own (GRD-511)', async () => {
    const there = (tags: object, ofStack: object = {}) => {
      const template = JSON.stringify({ Resources: { Q: queue(list({ ...tags })) } })
      at.stacks.set('one', {
        name: 'one',
        template,
        parameters: {},
        ids: { Q: 'http://h/1/jobs' },
        tags: ofStack,
      })
    }
    const as = await allowed({ action: 'sqs:SetQueueAttributes' })
    there({ team: 'a' }, { cost: '1' })
    await at.succeeds('UpdateStack', stack({ Q: queue(list({ team: 'a' })) }), { as })
    await at.refused(/sqs:TagQueue/, 'UpdateStack', stack({ Q: queue(list({ team: 'b' })) }), { as })
    await at.refused(/sqs:UntagQueue/, 'UpdateStack', stack({ Q: queue() }), { as })
    await at.refused(
      /sqs:TagQueue/,
      'UpdateStack',
      stack({ Q: queue(list({ team: 'a' })) }, tagged({ cost: '2' })),
      { as },
    )
    await at.refused(
      /sqs:UntagQueue/,
      'UpdateStack',
      stack({ Q: queue(list({ team: 'a' })) }, { Tags: '' }),
      { as },
    )
    const only = await allowed({
      action: 'sqs:TagQueue',
      condition: { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['cost'] } },
    })
    await at.succeeds('UpdateStack', stack({ Q: queue(list({ team: 'a' })) }, tagged({ cost: '2' })), {
      as: only,
    })
  })

  test('a change set is executed with the tags that it was created with (GRD-511)', async () => {
    const as = await allowed({ action: 'sqs:CreateQueue' })
    const set = {
      ...stack({ Q: queue() }, tagged({ team: 'a' })),
      ChangeSetName: 'set',
      ChangeSetType: 'CREATE',
    }
    await at.succeeds('CreateChangeSet', set, { as })
    const execute = { StackName: 'one', ChangeSetName: 'set' }
    await at.refused(/sqs:TagQueue/, 'ExecuteChangeSet', execute, { as })
  })
})
