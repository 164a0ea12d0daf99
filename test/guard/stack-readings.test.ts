import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { account, allowing, send } from './house.ts'
import { capabilities, harmless, hidden, sentTemplate, stackServer, trusting } from './stack-house.ts'

const formType = { 'content-type': 'application/x-www-form-urlencoded' }

describe('a stack is changed as it was decided on, however its call is written', () => {
  let at: Awaited<ReturnType<typeof stackServer>>

  before(async () => {
    at = await stackServer()
  })
  beforeEach(() => at.clear())
  after(() => at.close())

  test('a template that hides a role from one reader is refused with the place (GRD-260, TPL-10)', async () => {
    const role = `\n  ${hidden}`
    for (const end of ['\u0085', '\u2028', '\u2029', '\r'])
      await at.refused(/cannot be read in one way, line \d+, column \d+/, 'CreateStack', {
        StackName: 'one',
        TemplateBody: `Resources:\n  Q: {Type: "AWS::SQS::Queue"}\n# ${end}  ${hidden}\n`,
      })
    for (const value of ['yes', 'on', '010', '1:30', '0b10', '1_000', '0x8', '+8']) {
      const TemplateBody = `Conditions: {C: !Equals [${value}, "8"]}\n${harmless}${role.slice(1)}\n`
      await at.refused(/line 1, column 26: .* read .* differently/, 'CreateStack', {
        StackName: 'one',
        TemplateBody,
      })
    }
    for (const TemplateBody of [
      `${harmless}Resources:\n  ${hidden}\n`,
      JSON.stringify({ Resources: { Q: { Type: 'AWS::SQS::Queue' } } }).replace(
        '{',
        `{"Resources": {"R": {"Type": "AWS::IAM::Role"}}, `,
      ),
      `X: &r {${hidden}}\nResources: {<<: *r, Q: {Type: "AWS::SQS::Queue"}}\n`,
      `%YAML 1.1\n---\n${harmless}`,
      `${harmless}---\n${harmless}`,
      harmless.replace('"AWS::SQS::Queue"', '!!str "AWS::SQS::Queue"'),
    ])
      await at.refused(/cannot be read in one way/, 'CreateStack', { StackName: 'one', TemplateBody })
    const macro =
      '{"Resources": {"Q": {"Type": "AWS::SQS::Queue", "Properties": {"Fn::Tr\\u0061nsform": {}}}}}'
    await at.refused(/macro/, 'CreateStack', { StackName: 'one', TemplateBody: macro })
  })

  test('the template goes on in JSON, as it was evaluated (GRD-260)', async () => {
    const TemplateBody = `# a comment\n${harmless}  D:\n    Type: AWS::SQS::Queue\n    Properties: {QueueName: !Sub "\${Q}-é", DelaySeconds: 5}\n`
    const form = await at.succeeds('CreateStack', { StackName: 'one', TemplateBody })
    assert.match(form.get('TemplateBody')!, /^\{"Resources": [\x20-\x7e]+\}$/)
    assert.deepEqual(sentTemplate(form).Resources, {
      Q: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'jobs' } },
      D: { Type: 'AWS::SQS::Queue', Properties: { QueueName: { 'Fn::Sub': '${Q}-é' }, DelaySeconds: 5 } },
    })
  })

  test('parameters come from one place, each once and by its name (GRD-261)', async () => {
    const fields = { StackName: 'mine', TemplateBody: harmless }
    for (const query of [
      'StackName=theirs',
      'Parameters.member.1.ParameterKey=P',
      'Action=DeleteStack',
      'x=',
    ])
      await at.refused(/query string/, 'CreateStack', fields, { query })
    await at.refused(/query string/, 'DeleteStack', { StackName: 'mine' }, { query: 'StackName=theirs' })
    await at.refused(/query string/, 'DeleteStack', '', { query: 'StackName=theirs' })
    for (const method of ['GET'])
      await at.refused(/query string/, '', '', {
        method,
        query: 'Action=DeleteStack&Version=2010-05-15&StackName=theirs',
      })
    const plain = new URLSearchParams(fields).toString()
    for (const [says, more] of [
      [/more than once|twice/, 'StackName=theirs'],
      [/templateBody is not known/, `templateBody=${encodeURIComponent(hidden)}`],
      [/not known/, 'Parameters.1.ParameterKey=P'],
      [/not known/, 'Parameters.entry.1.ParameterKey=P'],
      [/not numbered/, 'Parameters.member.01.ParameterKey=P'],
      [/not numbered/, 'Parameters.member.0.ParameterKey=P'],
      [/gaps/, 'Parameters.member.1.ParameterKey=P&Parameters.member.3.ParameterKey=R'],
      [/given twice/, 'Parameters.member.1.ParameterKey=P&Parameters.member.2.ParameterKey=P'],
      [/semicolons|not known/, 'Description=x;StackName=theirs'],
      [
        /its previous value/,
        'Parameters.member.1.ParameterKey=P&Parameters.member.1.ParameterValue=a&Parameters.member.1.UsePreviousValue=true',
      ],
    ] as const)
      await at.refused(says, 'CreateStack', `${plain}&${more}`)
    // neither is taken for the other elsewhere
    const beside = { method: 'POST', path: '/?TopicArn=x', service: 'sns', as: at.dev, headers: formType }
    const { status: code } = await send(at.server.omen.endpoint, {
      ...beside,
      body: 'Action=ListTopics&Version=2010-03-31',
    })
    assert.equal(code, 400)
  })

  test('a template in S3 goes on in the call, however long it is (GRD-260)', async () => {
    const long = `${harmless}Description: "${'x'.repeat(90_000)}"\n`
    at.objects.set('/templates/long.yaml', long)
    const TemplateURL = `${at.server.omen.endpoint}/templates/long.yaml`
    const form = await at.succeeds('CreateStack', { StackName: 'one', TemplateURL })
    assert.equal(form.get('TemplateURL'), null)
    assert.deepEqual(Object.keys(sentTemplate(form).Resources!), ['Q'])
    at.objects.set('/templates/long.yaml', `${harmless}#${'x'.repeat(1_000_000)}`)
    await at.refused(/may not exceed 1000000 bytes/, 'CreateStack', { StackName: 'one', TemplateURL })
  })

  test('tags of a role need iam:TagRole (GRD-264)', async () => {
    const Properties = {
      RoleName: 'r',
      AssumeRolePolicyDocument: trusting,
      Tags: [{ Key: 'team', Value: 'a' }],
    }
    const TemplateBody = JSON.stringify({ Resources: { R: { Type: 'AWS::IAM::Role', Properties } } })
    const as = await at.server.user('tagger', allowing({ action: ['cloudformation:*', 'iam:CreateRole'] }))
    const fields = { StackName: 'tagged', TemplateBody, ...capabilities }
    await at.refused(/iam:TagRole on resource: .*role\/r/, 'CreateStack', fields, { as })
    await at.server.allow(
      'tagger',
      allowing({ action: ['cloudformation:*', 'iam:CreateRole', 'iam:TagRole'] }),
    )
    await at.succeeds('CreateStack', fields, { as })
  })

  test('a template in a call has at most 51,200 bytes (TPL-11)', async () => {
    const TemplateBody = harmless.padEnd(51_200, ' ')
    await at.succeeds('CreateStack', { StackName: 'one', TemplateBody })
    const says = /less than or equal to 51200/
    await at.refused(says, 'CreateStack', { StackName: 'one', TemplateBody: `${TemplateBody} ` })
    await at.refused(says, 'CreateStack', {
      StackName: 'one',
      TemplateBody: `${harmless}#${'é'.repeat(26_000)}`,
    })
  })

  test('a nested template is a copy that nobody can exchange (GRD-263)', async () => {
    at.objects.set('/templates/inner.yaml', harmless)
    const TemplateURL = `${at.server.omen.endpoint}/templates/inner.yaml`
    const nested = { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL } }
    const TemplateBody = JSON.stringify({ Resources: { Inner: nested } })
    const form = await at.succeeds('CreateStack', { StackName: 'one', TemplateBody })
    const { Inner } = sentTemplate(form).Resources as Record<string, typeof nested>
    const { pathname } = new URL(Inner!.Properties.TemplateURL)
    const bucket = `omen-guard-templates-${account}-us-east-1`
    assert.match(pathname, new RegExp(`^/${bucket}/[0-9a-f]{64}\\.json$`))
    assert.deepEqual(
      Object.keys((JSON.parse(at.written.get(pathname)!) as { Resources: object }).Resources),
      ['Q'],
    )
    at.written.clear()
    for (const as of [at.dev, at.server.admin])
      for (const path of [pathname, `/${bucket}`, `/${bucket}?policy`]) {
        const put = { method: 'PUT', path, service: 's3', as, body: '{}' }
        const answer = await send(at.server.omen.endpoint, put)
        assert.equal(answer.status, 403, path)
        assert.match(answer.body, /guard.{1,6}s own/)
      }
    assert.equal(at.written.size, 0)
  })

  test('what was before goes on as it was read (GRD-260)', async () => {
    const template = `Parameters: {P: {Type: String}, H: {Type: String, NoEcho: true}}\n${harmless}`
    at.stacks.set('one', { name: 'one', template, parameters: { P: 'old', H: '****' } })
    const form = await at.succeeds('UpdateStack', {
      StackName: 'one',
      UsePreviousTemplate: 'True',
      'Parameters.member.1.ParameterKey': 'P',
      'Parameters.member.1.UsePreviousValue': 'TRUE',
      'Parameters.member.2.ParameterKey': 'H',
      'Parameters.member.2.UsePreviousValue': 'true',
    })
    assert.equal(form.get('UsePreviousTemplate'), null)
    assert.ok('Resources' in sentTemplate(form))
    assert.equal(form.get('Parameters.member.1.ParameterValue'), 'old')
    assert.equal(form.get('Parameters.member.1.UsePreviousValue'), null)
    assert.equal(form.get('Parameters.member.2.UsePreviousValue'), 'true')
  })

  test('an ARN names the stack that is read, and no other (GRD-261)', async () => {
    const arn = (name: string, owner: string = account) =>
      `arn:aws:cloudformation:us-east-1:${owner}:stack/${name}/id`
    at.stacks.set(arn('mine'), { name: 'theirs', template: harmless, parameters: {} })
    await at.refused(/is not the stack mine/, 'DeleteStack', { StackName: arn('mine') })
    await at.refused(/not authorized|not the name/, 'DeleteStack', { StackName: arn('mine', '999999999999') })
    await at.refused(/not the name or ARN/, 'DeleteStack', { StackName: `${arn('mine')}/more` })
    at.stacks.set(arn('mine'), { name: 'mine', template: harmless, parameters: {} })
    const form = await at.succeeds('DeleteStack', { StackName: arn('mine') })
    assert.equal(form.get('StackName'), arn('mine'))
  })

  test('the change set that is executed is the one that was read (GRD-262)', async () => {
    const set = { StackName: 'sets', ChangeSetName: 'first' }
    const execute = (name: string) => ({
      ChangeSetName: `arn:aws:cloudformation:us-east-1:${account}:changeSet/${name}/id`,
    })
    await at.succeeds('CreateChangeSet', { ...set, TemplateBody: harmless })
    const form = await at.succeeds('ExecuteChangeSet', execute('first'))
    assert.equal(form.get('StackName'), 'sets')
    assert.equal(form.get('ChangeSetName'), 'first')
    await at.succeeds('CreateChangeSet', { ...set, TemplateBody: harmless })
    // a refusal of the upstream changes nothing; an answer that nobody understands may be a success
    const evil = { ...set, ...capabilities, TemplateBody: `Resources:\n  ${hidden}\n` }
    at.state.status = 400
    await at.call('CreateChangeSet', evil)
    at.state.status = 200
    await at.succeeds('ExecuteChangeSet', set)
    await at.succeeds('CreateChangeSet', { ...set, TemplateBody: harmless })
    at.state.status = 502
    await at.call('CreateChangeSet', evil)
    Object.assign(at.state, { status: 200, forms: [] })
    await at.refused(/not created through this guard/, 'ExecuteChangeSet', set)
  })
})
