import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { account, allowing, send } from './house.ts'
import { capabilities, harmless, sentTemplate, stackServer, trusting } from './stack-house.ts'

describe('what the upstream makes of a stack is what was decided', () => {
  let at: Awaited<ReturnType<typeof stackServer>>

  before(async () => {
    at = await stackServer()
  })
  beforeEach(() => at.clear())
  after(() => at.close())

  test('what the upstream would evaluate in another way is decided already (GRD-400)', async () => {
    const role = { Type: 'AWS::IAM::Role', Condition: 'C', Properties: { AssumeRolePolicyDocument: {} } }
    for (const [one, other] of [
      [1, '1'],
      [true, 'true'],
      [['a', 'b'], 'a,b'],
      [{ Ref: 'P' }, '1'],
      [{ 'Fn::Join': ['-', ['a', { Ref: 'AWS::NoValue' }]] }, 'a'],
    ]) {
      const TemplateBody = JSON.stringify({
        Parameters: { P: { Type: 'Number', Default: 1 } },
        Conditions: { C: { 'Fn::Not': [{ 'Fn::Equals': [one, other] }] } },
        Resources: { Q: { Type: 'AWS::SQS::Queue' }, R: role },
      })
      const form = await at.succeeds('CreateStack', { StackName: 'one', TemplateBody })
      assert.deepEqual(Object.keys(sentTemplate(form).Resources!), ['Q'])
      const { C } = sentTemplate(form).Conditions as Record<string, unknown>
      assert.deepEqual(C, { 'Fn::Equals': ['true', 'false'] })
    }
  })

  test('the template is kept as it was written, shown, and read for the next change (GRD-401)', async () => {
    const TemplateBody = `# <mine> & yours\nParameters: {P: {Type: String}}\nConditions: {C: !Equals [!Ref P, a]}\n${harmless}  D: {Type: "AWS::SQS::Queue", Condition: C}\n`
    const given = (value: string) => ({
      'Parameters.member.1.ParameterKey': 'P',
      'Parameters.member.1.ParameterValue': value,
    })
    const made = await at.succeeds('CreateStack', { StackName: 'one', TemplateBody, ...given('b') })
    assert.deepEqual(Object.keys(sentTemplate(made).Resources!), ['Q'])
    const template = made.get('TemplateBody')!
    at.stacks.set('one', { name: 'one', template, parameters: { P: 'b' } })
    const shown = await at.call('GetTemplate', { StackName: 'one' })
    assert.ok(shown.body.includes('<TemplateBody># &lt;mine&gt; &amp; yours\nParameters: {P'), shown.body)
    const previous = { StackName: 'one', UsePreviousTemplate: 'true', ...given('a') }
    const changed = await at.succeeds('UpdateStack', previous)
    assert.deepEqual(Object.keys(sentTemplate(changed).Resources!), ['Q', 'D'])
    // of a parameter of Systems Manager only the name is known
    const stored = { P: { Type: 'AWS::SSM::Parameter::Value<String>' } }
    const Resources = { B: { Type: 'AWS::S3::Bucket', Properties: { BucketName: { Ref: 'P' } } } }
    const body = JSON.stringify({ Parameters: stored, Resources })
    const named = await at.succeeds('CreateStack', { StackName: 'one', TemplateBody: body, ...given('/a') })
    assert.deepEqual(sentTemplate(named).Resources, Resources)
    // a caller's own text there is a template like any other
    const forged = JSON.stringify({
      Resources: { Q: { Type: 'AWS::SQS::Queue' } },
      Metadata: { 'Omen::Template': 'eA==' },
    })
    at.stacks.set('two', { name: 'two', template: forged, parameters: {} })
    await at.succeeds('UpdateStack', { StackName: 'two', UsePreviousTemplate: 'true' })
  })

  test('a refusal names the pattern of a name that CloudFormation makes (GRD-404)', async () => {
    const as = await at.server.user('maker', allowing({ action: 'cloudformation:*' }))
    const Properties = { AssumeRolePolicyDocument: trusting }
    const Resources = { Fn: { Type: 'AWS::IAM::Role', Properties } }
    const fields = { StackName: 't1', TemplateBody: JSON.stringify({ Resources }), ...capabilities }
    const role = `arn:aws:iam::${account}:role/t1-Fn-*`
    await at.refused(/iam:CreateRole on resource: .*:role\/t1-Fn-\* /, 'CreateStack', fields, { as })
    const path = '/_omen/decisions/last'
    const seen = await send(at.server.omen.endpoint, { path, service: 'omen', as: at.server.admin })
    assert.ok(seen.body.includes(`"Resource":"${role}"`), seen.body)
    // what the advice grants is enough, whatever the name is
    await at.server.allow(
      'maker',
      allowing({ action: 'cloudformation:*' }, { action: 'iam:*', resource: role }),
    )
    await at.succeeds('CreateStack', fields, { as })
  })

  test('the caller hears what Omen has not made of a stack that the upstream has (GRD-405)', async () => {
    const RoleName = 'taken'
    await at.server.iam.createRole({ RoleName, AssumeRolePolicyDocument: JSON.stringify(trusting) })
    const Properties = { RoleName, AssumeRolePolicyDocument: trusting }
    const Resources = { R: { Type: 'AWS::IAM::Role', Properties } }
    const fields = { StackName: 'half', TemplateBody: JSON.stringify({ Resources }), ...capabilities }
    at.stacks.set('half', { name: 'half', template: harmless, parameters: {} })
    const answer = await at.call('UpdateStack', fields, { as: at.server.admin })
    assert.equal(answer.status, 400, answer.body)
    assert.match(answer.body, /Omen has not made all of it: role taken \(CreateRole: .*already exists/)
    assert.equal(at.state.forms.length, 1)
    assert.equal((await at.server.events('UpdateStack'))[0]?.errorCode, 'ValidationError')
  })

  test('what gets another name or type is made anew, whatever its physical id is (GRD-402)', async () => {
    const own = ['arn:aws:s3:::own', `arn:aws:iam::${account}:role/own`, `arn:aws:iam::${account}:user/own`]
    const action = ['cloudformation:*', 's3:CreateBucket', 's3:DeleteBucket', 'iam:*']
    const as = await at.server.user(
      'namer',
      allowing({ action: 'cloudformation:*' }, { action, resource: own }),
    )
    const trust = { Version: '2012-10-17', Statement: [] }
    const named = (bucket: string, role: string) => ({
      B: { Type: 'AWS::S3::Bucket', Properties: { BucketName: bucket } },
      R: { Type: 'AWS::IAM::Role', Properties: { RoleName: role, AssumeRolePolicyDocument: trust } },
    })
    const template = JSON.stringify({ Resources: named('own', 'own') })
    at.stacks.set('one', { name: 'one', template, parameters: {}, ids: { B: 'own', R: 'own' } })
    const update = (resources: object) => ({
      StackName: 'one',
      ...capabilities,
      TemplateBody: JSON.stringify({ Resources: resources }),
    })
    await at.succeeds('UpdateStack', update(named('own', 'own')), { as })
    await at.refused(
      /s3:CreateBucket on resource: .*:::theirs/,
      'UpdateStack',
      update(named('theirs', 'own')),
      {
        as,
      },
    )
    await at.refused(
      /iam:CreateRole on resource: .*role\/theirs/,
      'UpdateStack',
      update(named('own', 'theirs')),
      { as },
    )
    const user = { Type: 'AWS::IAM::User', Properties: { UserName: 'theirs' } }
    const other = update({ ...named('own', 'own'), R: user })
    await at.refused(/iam:CreateUser on resource: .*user\/theirs/, 'UpdateStack', other, { as })
    const { B } = named('own', 'own')
    const unnamed = update({ ...named('own', 'own'), B: { ...B, Properties: {} } })
    await at.refused(/s3:CreateBucket on resource: .*:::one-b-/, 'UpdateStack', unnamed, { as })
  })

  test('what is a part of another resource is asked on that one, also if it changes (GRD-403)', async () => {
    const as = await at.server.user('part', allowing({ action: 'cloudformation:*' }))
    const fn = `arn:aws:lambda:us-east-1:${account}:function:theirs`
    const queue = `arn:aws:sqs:us-east-1:${account}:theirs`
    for (const [Type, Properties, says] of [
      ['AWS::S3::BucketPolicy', { Bucket: 'theirs', PolicyDocument: {} }, 's3:PutBucketPolicy.*:::theirs'],
      ['AWS::Lambda::Permission', { FunctionName: 'theirs' }, `lambda:AddPermission.*${fn}`],
      [
        'AWS::SQS::QueuePolicy',
        { Queues: [`http://h/${account}/theirs`] },
        `sqs:SetQueueAttributes.*${queue}`,
      ],
      ['AWS::SSM::Parameter', { Name: '/theirs/a', Value: 'v' }, 'ssm:PutParameter.*:parameter/theirs/a'],
      ['Custom::Own', { ServiceToken: fn }, `lambda:InvokeFunction.*${fn}`],
    ] as const) {
      const text = (more: object) =>
        JSON.stringify({ Resources: { P: { Type, Properties: { ...Properties, ...more } } } })
      at.stacks.clear()
      const create = { StackName: 'one', TemplateBody: text({}) }
      await at.refused(new RegExp(says), 'CreateStack', create, { as })
      at.stacks.set('one', { name: 'one', template: text({}), parameters: {} })
      await at.succeeds('UpdateStack', create, { as })
      const changed = { StackName: 'one', TemplateBody: text({ Statement: 1 }) }
      await at.refused(new RegExp(says), 'UpdateStack', changed, { as })
    }
  })
})
