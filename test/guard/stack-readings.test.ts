import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import type { ClientCredentials } from 'omen-iam'
import { startReader, type UpstreamServer } from '../support/index.ts'
import { account, allowing, type GuardHouse, guardHouse, send } from './house.ts'

const formType = { 'content-type': 'application/x-www-form-urlencoded' }
const changes = /^(?:CreateStack|UpdateStack|DeleteStack|CreateChangeSet|ExecuteChangeSet)$/
const harmless = 'Resources:\n  Q: {Type: "AWS::SQS::Queue", Properties: {QueueName: jobs}}\n'
const hidden = 'R: {Type: "AWS::IAM::Role", Properties: {AssumeRolePolicyDocument: {Statement: []}}}'

describe('a stack is changed as it was decided on, however its call is written', () => {
  let upstream: UpstreamServer
  let house: GuardHouse
  let dev: ClientCredentials
  /** Forms that reached the upstream and change a stack, and objects that were written. */
  let forms: URLSearchParams[]
  let written: Map<string, string>
  let objects: Map<string, string>
  let stacks: Map<string, { readonly name: string; readonly template: string; readonly parameters: object }>
  /** What the upstream answers to a change. */
  let status: number

  before(async () => {
    upstream = await startReader(({ method, url = '' }, body, outgoing) => {
      const path = url.split('?', 1)[0]!
      if (method === 'PUT') {
        written.set(path, body.toString())
        return outgoing.writeHead(200).end()
      }
      if (method === 'GET') {
        const found = /^\/[\w.-]+\?/.test(url) ? undefined : (objects.get(path) ?? written.get(path))
        return outgoing
          .writeHead(found === undefined ? 404 : 200)
          .end(found ?? '<Error><Code>NoSuchX</Code></Error>')
      }
      const form = new URLSearchParams(body.toString())
      const action = form.get('Action') ?? ''
      if (changes.test(action)) {
        forms.push(form)
        // an object is exchanged as soon as it was read
        for (const key of objects.keys()) objects.set(key, hidden)
        return outgoing
          .writeHead(status)
          .end(status === 200 ? '<Done/>' : '<Error><Code>Other</Code></Error>')
      }
      const stack = stacks.get(form.get('StackName') ?? '')
      if (stack === undefined)
        return outgoing.writeHead(400).end('<Error><Code>ValidationError</Code></Error>')
      const parameters = Object.entries(stack.parameters).map(
        ([key, value]) =>
          `<member><ParameterKey>${key}</ParameterKey><ParameterValue>${value}</ParameterValue></member>`,
      )
      const content = {
        DescribeStacks: `<Stacks><member><StackName>${stack.name}</StackName><StackStatus>CREATE_COMPLETE</StackStatus><Parameters>${parameters.join('')}</Parameters></member></Stacks>`,
        GetTemplate: `<TemplateBody>${stack.template.replaceAll('<', '&lt;')}</TemplateBody>`,
        DescribeStackResources: '<StackResources></StackResources>',
      }[action]
      return outgoing
        .writeHead(200)
        .end(`<${action}Response><${action}Result>${content}</${action}Result></${action}Response>`)
    })
    house = await guardHouse({ upstream })
    const action = ['cloudformation:*', 'sqs:*', 's3:*']
    dev = await house.user('dev', allowing({ action }))
  })
  beforeEach(() => {
    forms = []
    written = new Map()
    objects = new Map()
    stacks = new Map()
    status = 200
  })
  after(async () => {
    await house.close()
    await upstream.close()
  })

  type Fields = Readonly<Record<string, string>>
  async function call(
    Action: string,
    fields: Fields | string,
    { query = '', as = dev, method = 'POST' } = {},
  ) {
    const own = typeof fields === 'string' ? fields : new URLSearchParams(fields).toString()
    const body = method === 'GET' ? '' : `Action=${Action}&Version=2010-05-15&${own}`
    const path = `/${query === '' ? '' : `?${query}`}`
    const sent = method === 'GET' ? {} : { headers: formType, body }
    return send(house.omen.endpoint, { method, path, service: 'cloudformation', as, ...sent })
  }
  const succeeds = async (...args: Parameters<typeof call>) => {
    const answer = await call(...args)
    assert.equal(answer.status, 200, answer.body)
    return forms.at(-1)!
  }
  const refused = async (says: RegExp, ...args: Parameters<typeof call>) => {
    const answer = await call(...args)
    assert.ok(answer.status === 400 || answer.status === 403, `${answer.status} ${answer.body}`)
    assert.match(answer.body, says)
    assert.deepEqual(forms, [])
  }
  const sentTemplate = (form: URLSearchParams) =>
    JSON.parse(form.get('TemplateBody')!) as Record<string, object>
  const capabilities = { 'Capabilities.member.1': 'CAPABILITY_NAMED_IAM' }

  test('a template that hides a role from one reader is refused with the place (GRD-260, TPL-10)', async () => {
    const role = `\n  ${hidden}`
    for (const end of ['\u0085', '\u2028', '\u2029', '\r'])
      await refused(/cannot be read in one way, line \d+, column \d+/, 'CreateStack', {
        StackName: 'one',
        TemplateBody: `Resources:\n  Q: {Type: "AWS::SQS::Queue"}\n# ${end}  ${hidden}\n`,
      })
    for (const value of ['yes', 'on', '010', '1:30', '0b10', '1_000', '0x8', '+8']) {
      const TemplateBody = `Conditions: {C: !Equals [${value}, "8"]}\n${harmless}${role.slice(1)}\n`
      await refused(/line 1, column 26: .* read .* differently/, 'CreateStack', {
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
      await refused(/cannot be read in one way/, 'CreateStack', { StackName: 'one', TemplateBody })
    const macro =
      '{"Resources": {"Q": {"Type": "AWS::SQS::Queue", "Properties": {"Fn::Tr\\u0061nsform": {}}}}}'
    await refused(/macro/, 'CreateStack', { StackName: 'one', TemplateBody: macro })
  })

  test('the template goes on in JSON, as it was evaluated (GRD-260)', async () => {
    const TemplateBody = `# a comment\n${harmless}  D:\n    Type: AWS::SQS::Queue\n    Properties: {QueueName: !Sub "\${Q}-é", DelaySeconds: 5}\n`
    const form = await succeeds('CreateStack', { StackName: 'one', TemplateBody })
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
      await refused(/query string/, 'CreateStack', fields, { query })
    await refused(/query string/, 'DeleteStack', { StackName: 'mine' }, { query: 'StackName=theirs' })
    await refused(/query string/, 'DeleteStack', '', { query: 'StackName=theirs' })
    for (const method of ['GET'])
      await refused(/query string/, '', '', {
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
      await refused(says, 'CreateStack', `${plain}&${more}`)
    // neither is taken for the other elsewhere
    const beside = { method: 'POST', path: '/?TopicArn=x', service: 'sns', as: dev, headers: formType }
    const { status: code } = await send(house.omen.endpoint, {
      ...beside,
      body: 'Action=ListTopics&Version=2010-03-31',
    })
    assert.equal(code, 400)
  })

  test('a template in S3 goes on in the call, however long it is (GRD-260)', async () => {
    const long = `${harmless}Description: "${'x'.repeat(90_000)}"\n`
    objects.set('/templates/long.yaml', long)
    const TemplateURL = `${house.omen.endpoint}/templates/long.yaml`
    const form = await succeeds('CreateStack', { StackName: 'one', TemplateURL })
    assert.equal(form.get('TemplateURL'), null)
    assert.deepEqual(Object.keys(sentTemplate(form).Resources!), ['Q'])
    forms = []
    objects.set('/templates/long.yaml', `${harmless}#${'x'.repeat(1_000_000)}`)
    await refused(/may not exceed 1000000 bytes/, 'CreateStack', { StackName: 'one', TemplateURL })
  })

  test('tags of a role need iam:TagRole (GRD-264)', async () => {
    const AssumeRolePolicyDocument = { Version: '2012-10-17', Statement: [] }
    const Properties = { RoleName: 'r', AssumeRolePolicyDocument, Tags: [{ Key: 'team', Value: 'a' }] }
    const TemplateBody = JSON.stringify({ Resources: { R: { Type: 'AWS::IAM::Role', Properties } } })
    const as = await house.user('tagger', allowing({ action: ['cloudformation:*', 'iam:CreateRole'] }))
    const fields = { StackName: 'tagged', TemplateBody, ...capabilities }
    await refused(/iam:TagRole on resource: .*role\/r/, 'CreateStack', fields, { as })
    await house.allow('tagger', allowing({ action: ['cloudformation:*', 'iam:CreateRole', 'iam:TagRole'] }))
    await succeeds('CreateStack', fields, { as })
  })

  test('a template in a call has at most 51,200 bytes (TPL-11)', async () => {
    const TemplateBody = harmless.padEnd(51_200, ' ')
    await succeeds('CreateStack', { StackName: 'one', TemplateBody })
    forms = []
    const says = /less than or equal to 51200/
    await refused(says, 'CreateStack', { StackName: 'one', TemplateBody: `${TemplateBody} ` })
    await refused(says, 'CreateStack', {
      StackName: 'one',
      TemplateBody: `${harmless}#${'é'.repeat(26_000)}`,
    })
  })

  test('a nested template is a copy that nobody can exchange (GRD-263)', async () => {
    objects.set('/templates/inner.yaml', harmless)
    const TemplateURL = `${house.omen.endpoint}/templates/inner.yaml`
    const nested = { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL } }
    const TemplateBody = JSON.stringify({ Resources: { Inner: nested } })
    const form = await succeeds('CreateStack', { StackName: 'one', TemplateBody })
    const { Inner } = sentTemplate(form).Resources as Record<string, typeof nested>
    const { pathname } = new URL(Inner!.Properties.TemplateURL)
    const bucket = `omen-guard-templates-${account}-us-east-1`
    assert.match(pathname, new RegExp(`^/${bucket}/[0-9a-f]{64}\\.json$`))
    assert.deepEqual(Object.keys((JSON.parse(written.get(pathname)!) as { Resources: object }).Resources), [
      'Q',
    ])
    written.clear()
    for (const as of [dev, house.admin])
      for (const path of [pathname, `/${bucket}`, `/${bucket}?policy`]) {
        const put = { method: 'PUT', path, service: 's3', as, body: '{}' }
        const answer = await send(house.omen.endpoint, put)
        assert.equal(answer.status, 403, path)
        assert.match(answer.body, /guard.{1,6}s own/)
      }
    assert.equal(written.size, 0)
  })

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
      const form = await succeeds('CreateStack', { StackName: 'one', TemplateBody })
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
    const made = await succeeds('CreateStack', { StackName: 'one', TemplateBody, ...given('b') })
    assert.deepEqual(Object.keys(sentTemplate(made).Resources!), ['Q'])
    const template = made.get('TemplateBody')!
    stacks.set('one', { name: 'one', template, parameters: { P: 'b' } })
    const shown = await call('GetTemplate', { StackName: 'one' })
    assert.ok(shown.body.includes('<TemplateBody># &lt;mine&gt; &amp; yours\nParameters: {P'), shown.body)
    const previous = { StackName: 'one', UsePreviousTemplate: 'true', ...given('a') }
    const changed = await succeeds('UpdateStack', previous)
    assert.deepEqual(Object.keys(sentTemplate(changed).Resources!), ['Q', 'D'])
    // of a parameter of Systems Manager only the name is known
    const stored = { P: { Type: 'AWS::SSM::Parameter::Value<String>' } }
    const Resources = { B: { Type: 'AWS::S3::Bucket', Properties: { BucketName: { Ref: 'P' } } } }
    const body = JSON.stringify({ Parameters: stored, Resources })
    const named = await succeeds('CreateStack', { StackName: 'one', TemplateBody: body, ...given('/a') })
    assert.deepEqual(sentTemplate(named).Resources, Resources)
    // a caller's own text there is a template like any other
    const forged = JSON.stringify({
      Resources: { Q: { Type: 'AWS::SQS::Queue' } },
      Metadata: { 'Omen::Template': 'eA==' },
    })
    stacks.set('two', { name: 'two', template: forged, parameters: {} })
    await succeeds('UpdateStack', { StackName: 'two', UsePreviousTemplate: 'true' })
  })

  test('what was before goes on as it was read (GRD-260)', async () => {
    const template = `Parameters: {P: {Type: String}, H: {Type: String, NoEcho: true}}\n${harmless}`
    stacks.set('one', { name: 'one', template, parameters: { P: 'old', H: '****' } })
    const form = await succeeds('UpdateStack', {
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
    stacks.set(arn('mine'), { name: 'theirs', template: harmless, parameters: {} })
    await refused(/is not the stack mine/, 'DeleteStack', { StackName: arn('mine') })
    await refused(/not authorized|not the name/, 'DeleteStack', { StackName: arn('mine', '999999999999') })
    await refused(/not the name or ARN/, 'DeleteStack', { StackName: `${arn('mine')}/more` })
    stacks.set(arn('mine'), { name: 'mine', template: harmless, parameters: {} })
    const form = await succeeds('DeleteStack', { StackName: arn('mine') })
    assert.equal(form.get('StackName'), arn('mine'))
  })

  test('the change set that is executed is the one that was read (GRD-262)', async () => {
    const set = { StackName: 'sets', ChangeSetName: 'first' }
    const execute = (name: string) => ({
      ChangeSetName: `arn:aws:cloudformation:us-east-1:${account}:changeSet/${name}/id`,
    })
    await succeeds('CreateChangeSet', { ...set, TemplateBody: harmless })
    const form = await succeeds('ExecuteChangeSet', execute('first'))
    assert.equal(form.get('StackName'), 'sets')
    assert.equal(form.get('ChangeSetName'), 'first')
    await succeeds('CreateChangeSet', { ...set, TemplateBody: harmless })
    // a refusal of the upstream changes nothing; an answer that nobody understands may be a success
    const evil = { ...set, ...capabilities, TemplateBody: `Resources:\n  ${hidden}\n` }
    status = 400
    await call('CreateChangeSet', evil)
    status = 200
    await succeeds('ExecuteChangeSet', set)
    await succeeds('CreateChangeSet', { ...set, TemplateBody: harmless })
    status = 502
    await call('CreateChangeSet', evil)
    status = 200
    forms = []
    await refused(/not created through this guard/, 'ExecuteChangeSet', set)
  })
})
