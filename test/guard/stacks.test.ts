import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { IAM } from '@aws-sdk/client-iam'
import { S3 } from '@aws-sdk/client-s3'
import { SQS } from '@aws-sdk/client-sqs'
import { STS } from '@aws-sdk/client-sts'
import type { ClientCredentials } from 'omen-iam'
import { needs, startMoto, type UpstreamServer } from '../support/index.ts'
import { account, allowing, type GuardServer, guardServer, send } from './house.ts'

const trust = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { AWS: account }, Action: 'sts:AssumeRole' }],
}
const sends = JSON.parse(allowing({ action: 'sqs:SendMessage' })) as object
const sendsJobs = { Policies: [{ PolicyName: 'sends', PolicyDocument: sends }] }
const roleOf = (properties: object = {}) => ({
  Type: 'AWS::IAM::Role',
  Properties: { AssumeRolePolicyDocument: trust, ...properties },
})
const named = (RoleName: string, properties: object = {}) => roleOf({ RoleName, ...properties })

describe('stacks of the upstream make identities in the house', needs('moto'), () => {
  let moto: UpstreamServer
  let server: GuardServer
  let admin: ClientCredentials

  before(async () => {
    moto = await startMoto()
    server = await guardServer({ upstream: { url: moto.url, sharedIam: true } })
    admin = server.admin
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }
    there = new IAM({ endpoint: moto.url, region: 'us-east-1', credentials })
  })
  after(async () => {
    there?.destroy()
    await server?.close()
    await moto?.close()
  })

  /** The upstream's own IAM, asked past the guard. */
  let there: IAM

  /** A call of CloudFormation; a template is given as its resources. */
  async function call(as: ClientCredentials, Action: string, fields: Record<string, unknown> = {}) {
    const form = new URLSearchParams({ Action, Version: '2010-05-15' })
    const { resources, capabilities = ['CAPABILITY_NAMED_IAM'], ...others } = fields
    if (resources !== undefined) form.set('TemplateBody', JSON.stringify({ Resources: resources }))
    for (const [index, each] of (capabilities as string[]).entries())
      form.set(`Capabilities.member.${index + 1}`, each)
    for (const [name, value] of Object.entries(others)) form.set(name, String(value))
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const sent = { method: 'POST', service: 'cloudformation', headers, body: form.toString(), as }
    const { status, body } = await send(server.omen.endpoint, sent)
    return { status, code: /<Code>(.*?)<\/Code>/.exec(body)?.[1], body }
  }
  const succeeds = async (...args: Parameters<typeof call>) => {
    const { status, body } = await call(...args)
    assert.equal(status, 200, body)
  }
  const refused = async (says: RegExp, ...args: Parameters<typeof call>) => {
    const { status, body } = await call(...args)
    assert.ok(status === 400 || status === 403, body)
    assert.match(body, says)
  }
  const roles = async () => (await server.iam.listRoles({})).Roles!.map(({ RoleName }) => RoleName!)

  test('a role is made with the permissions of the caller, by way of CloudFormation (GRD-124, GRD-126)', async () => {
    const resources = {
      Worker: named('worker', { Policies: [{ PolicyName: 'sends', PolicyDocument: sends }] }),
    }
    const dev = await server.user('dev', allowing({ action: 'cloudformation:*' }))
    const stack = { StackName: 'one', resources }
    await refused(
      /is not authorized to perform: iam:CreateRole on resource: .*:role\/worker/,
      dev,
      'CreateStack',
      stack,
    )
    const via = { StringEquals: { 'aws:CalledVia': 'cloudformation.amazonaws.com' } }
    const iam = {
      action: ['iam:CreateRole', 'iam:PutRolePolicy'],
      condition: { 'ForAnyValue:StringEquals': via.StringEquals },
    }
    const { condition, action } = iam
    await server.allow(
      'dev',
      allowing({ action: 'cloudformation:*' }, { action: 'iam:CreateRole', condition }),
    )
    await refused(/iam:PutRolePolicy/, dev, 'CreateStack', stack)
    assert.deepEqual(await roles(), [])
    await server.allow('dev', allowing({ action: 'cloudformation:*' }, { action, condition }))
    await succeeds(dev, 'CreateStack', stack)
    assert.deepEqual(await roles(), ['worker'])
    const { PolicyDocument } = await server.iam.getRolePolicy({ RoleName: 'worker', PolicyName: 'sends' })
    assert.deepEqual(JSON.parse(decodeURIComponent(PolicyDocument!)), sends)
    const [event] = await server.events('CreateRole')
    assert.equal(
      (event!.userIdentity as { readonly invokedBy?: string }).invokedBy,
      'cloudformation.amazonaws.com',
    )
    assert.equal((event!.userIdentity as { readonly userName?: string }).userName, 'dev')

    await refused(/iam:DeleteRolePolicy/, dev, 'DeleteStack', { StackName: 'one' })
    await succeeds(admin, 'DeleteStack', { StackName: 'one' })
    assert.deepEqual(await roles(), [])
  })

  test('what a condition on the boundary demands cannot be passed by with a stack (GRD-124)', async () => {
    const boundary = `arn:aws:iam::aws:policy/PowerUserAccess`
    const condition = { StringEquals: { 'iam:PermissionsBoundary': boundary } }
    const bound = await server.user(
      'bound',
      allowing({ action: 'cloudformation:*' }, { action: 'iam:*Role*', condition }),
    )
    await refused(/iam:CreateRole/, bound, 'CreateStack', {
      StackName: 'free',
      resources: { R: named('free') },
    })
    const resources = { R: named('tied', { PermissionsBoundary: boundary }) }
    await succeeds(bound, 'CreateStack', { StackName: 'tied', resources })
    const { Role } = await server.iam.getRole({ RoleName: 'tied' })
    assert.equal(Role!.PermissionsBoundary!.PermissionsBoundaryArn, boundary)
    await succeeds(admin, 'DeleteStack', { StackName: 'tied' })
  })

  test('capabilities are demanded for what makes identities, by name or not (GRD-125)', async () => {
    const refusal = async (resources: object, capabilities: readonly string[]) =>
      (await call(admin, 'CreateStack', { StackName: 'caps', resources, capabilities })).body
    assert.match(await refusal({ R: roleOf() }, []), /Requires capabilities : \[CAPABILITY_IAM\]/)
    assert.match(
      await refusal({ R: named('n') }, ['CAPABILITY_IAM']),
      /InsufficientCapabilities.*CAPABILITY_NAMED_IAM/s,
    )
    await succeeds(admin, 'CreateStack', {
      StackName: 'caps',
      resources: { R: roleOf() },
      capabilities: ['CAPABILITY_IAM'],
    })
    assert.match((await roles()).join(), /^caps-R-[A-Z0-9]+$/)
    await succeeds(admin, 'DeleteStack', { StackName: 'caps' })
  })

  test('a service role acts instead of the caller, who must be allowed to pass it (GRD-124)', async () => {
    const RoleARN = await server.role('deployer', 'cloudformation.amazonaws.com')
    const ops = await server.user('ops', allowing({ action: 'cloudformation:*' }))
    const stack = { StackName: 'served', RoleARN, resources: { R: named('made') } }
    await refused(/iam:PassRole/, ops, 'CreateStack', stack)
    await server.allow('ops', allowing({ action: ['cloudformation:*', 'iam:PassRole'] }))
    await refused(
      /assumed-role\/deployer\/AWSCloudFormation is not authorized to perform: iam:CreateRole/,
      ops,
      'CreateStack',
      stack,
    )
    await server.iam.putRolePolicy({
      RoleName: 'deployer',
      PolicyName: 'all',
      PolicyDocument: allowing({ action: 'iam:*' }),
    })
    await succeeds(ops, 'CreateStack', stack)
    assert.deepEqual(await roles(), ['deployer', 'made'])
    const { RoleARN: _, ...later } = { ...stack, resources: { Other: named('other') } }
    await succeeds(ops, 'UpdateStack', later)
    assert.deepEqual(await roles(), ['deployer', 'other'])
    await succeeds(ops, 'DeleteStack', { StackName: 'served' })
    assert.deepEqual(await roles(), ['deployer'])
  })

  test('other resources are asked about by their actions, and roles that they name by iam:PassRole (GRD-127)', async () => {
    const resources = {
      Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'jobs' } },
      Machine: {
        Type: 'AWS::StepFunctions::StateMachine',
        Properties: { RoleArn: `arn:aws:iam::${account}:role/deployer`, DefinitionString: '{}' },
      },
    }
    const maker = await server.user('maker', allowing({ action: 'cloudformation:*' }))
    await refused(
      /sqs:createqueue on resource: arn:aws:sqs:us-east-1:123456789012:jobs/i,
      maker,
      'CreateStack',
      { StackName: 'q', resources },
    )
    await server.allow('maker', allowing({ action: ['cloudformation:*', 'sqs:*', 'states:*'] }))
    await refused(/iam:PassRole on resource: .*role\/deployer/, maker, 'CreateStack', {
      StackName: 'q',
      resources,
    })
    const odd = { Odd: { Type: 'AWS::Route53RecoveryControl::SafetyRule', Properties: {} } }
    await call(maker, 'CreateStack', { StackName: 'odd', resources: odd })
    const { undecidable } = server.omen.omen.guardState ?? {}
    assert.ok(
      undecidable?.some(({ because }) =>
        /of AWS::Route53RecoveryControl::SafetyRule no permission but/.test(because),
      ),
    )
  })

  test('a change set is decided on when it is executed; one that others made is refused (GRD-124)', async () => {
    const sets = await server.user('sets', allowing({ action: 'cloudformation:*' }))
    const resources = { R: named('planned') }
    const change = { StackName: 'sets', ChangeSetName: 'first', ChangeSetType: 'CREATE' }
    await succeeds(sets, 'CreateChangeSet', { ...change, resources })
    assert.ok(!(await roles()).includes('planned'))
    await refused(/iam:CreateRole/, sets, 'ExecuteChangeSet', { StackName: 'sets', ChangeSetName: 'first' })
    await succeeds(admin, 'ExecuteChangeSet', { StackName: 'sets', ChangeSetName: 'first' })
    assert.ok((await roles()).includes('planned'))
    await refused(/not created through this guard/, admin, 'ExecuteChangeSet', {
      StackName: 'sets',
      ChangeSetName: 'none',
    })
    await succeeds(admin, 'DeleteStack', { StackName: 'sets' })
  })

  test('a template is read from S3 by any address, and what is unknown is refused (GRD-124)', async () => {
    const s3 = server.omen.client(S3, 'admin')
    await s3.createBucket({ Bucket: 'templates' })
    const Body = JSON.stringify({ Resources: { R: named('far') } })
    await s3.putObject({ Bucket: 'templates', Key: 'a/b.json', Body })
    for (const host of ['127.0.0.1', 'localhost']) {
      const TemplateURL = `${server.omen.endpoint.replace('127.0.0.1', host)}/templates/a/b.json`
      await succeeds(admin, 'CreateStack', { StackName: 'far', TemplateURL })
      assert.ok((await roles()).includes('far'))
      await succeeds(admin, 'DeleteStack', { StackName: 'far' })
    }
    const macro = {
      StackName: 'macro',
      TemplateBody: JSON.stringify({ Transform: 'Mine', Resources: { R: named('m') } }),
    }
    await refused(/macro \(Mine\), and what that makes is not known/, admin, 'CreateStack', macro)
  })

  test('nested templates ask for what they make, and their roles come and go with the stack (GRD-128)', async () => {
    const s3 = server.omen.client(S3, 'admin')
    const inner = { Parameters: { Name: { Type: 'String' } }, Resources: { R: named('nested', sendsJobs) } }
    const Body = JSON.stringify({
      ...inner,
      Resources: { ...inner.Resources, Own: roleOf({ Path: { 'Fn::Sub': '/${Name}/' } }) },
      Outputs: { Role: { Value: { 'Fn::GetAtt': ['R', 'Arn'] } } },
    })
    await s3.putObject({ Bucket: 'templates', Key: 'inner.json', Body })
    const resources = (host: string) => ({
      Inner: {
        Type: 'AWS::CloudFormation::Stack',
        Properties: { TemplateURL: `${host}/templates/inner.json`, Parameters: { Name: 'deep' } },
      },
    })
    const dev = await server.user('nester', allowing({ action: ['cloudformation:*', 's3:*'] }))
    for (const host of [server.omen.endpoint, 'https://s3.us-east-1.amazonaws.com']) {
      const stack = { StackName: 'outer', resources: resources(host) }
      await refused(/iam:CreateRole on resource: .*:role\/nested/, dev, 'CreateStack', stack)
      await refused(/CAPABILITY_NAMED_IAM/, admin, 'CreateStack', { ...stack, capabilities: [] })
      await succeeds(admin, 'CreateStack', stack)
      const { Roles } = await server.iam.listRoles({ PathPrefix: '/deep/' })
      assert.match(Roles![0]!.RoleName!, /^outer-Inner-\w+-Own-\w+$/)
      const made = await there.listRoles({ PathPrefix: '/deep/' })
      assert.deepEqual(
        made.Roles!.map(({ RoleName }) => RoleName),
        [Roles![0]!.RoleName],
        'the name that the upstream gave',
      )
      const { PolicyNames } = await server.iam.listRolePolicies({ RoleName: 'nested' })
      assert.deepEqual(PolicyNames, ['sends'])
      await refused(/iam:DeleteRole/, dev, 'DeleteStack', { StackName: 'outer' })
      await s3.deleteObject({ Bucket: 'templates', Key: 'inner.json' })
      await succeeds(admin, 'DeleteStack', { StackName: 'outer' })
      assert.ok(!(await roles()).some((name) => /nested|outer/.test(name)))
      await refused(/nests another, .*inner\.json, which cannot be read/, admin, 'CreateStack', stack)
      await s3.putObject({ Bucket: 'templates', Key: 'inner.json', Body })
    }
    const Body2 = JSON.stringify({ Transform: 'Mine', ...inner })
    await s3.putObject({ Bucket: 'templates', Key: 'inner.json', Body: Body2 })
    const stack = { StackName: 'outer', resources: resources(server.omen.endpoint) }
    await refused(/macro \(Mine\)/, admin, 'CreateStack', stack)
    const self = { Resources: resources(server.omen.endpoint) }
    await s3.putObject({ Bucket: 'templates', Key: 'inner.json', Body: JSON.stringify(self) })
    await refused(/nested more than 8 deep/, admin, 'CreateStack', stack)
  })

  test('what stacks made, and change sets, are known again from the store (GRD-129)', async () => {
    const again = async () => server.omen.restore(await server.omen.snapshot())
    await succeeds(admin, 'CreateStack', { StackName: 'kept', resources: { R: named('kept') } })
    const change = { StackName: 'kept', ChangeSetName: 'more', ChangeSetType: 'UPDATE' }
    await succeeds(admin, 'CreateChangeSet', {
      ...change,
      resources: { R: named('kept'), Other: named('more') },
    })
    await again()
    await succeeds(admin, 'ExecuteChangeSet', change)
    assert.deepEqual(
      (await roles()).filter((name) => /kept|more/.test(name)),
      ['kept', 'more'],
    )
    await refused(/not created through this guard/, admin, 'ExecuteChangeSet', change)
    await again()
    // both are the stack's own: nobody else's role of that name is changed
    await succeeds(admin, 'UpdateStack', { StackName: 'kept', resources: { R: named('kept', sendsJobs) } })
    const { PolicyNames } = await server.iam.listRolePolicies({ RoleName: 'kept' })
    assert.deepEqual(PolicyNames, ['sends'])
    await again()
    // an upstream that is emptied has no stack any more: what it made goes, and nothing else
    const reset = { method: 'POST', path: '/moto-api/reset', service: 'omen', as: admin }
    assert.equal((await send(server.omen.endpoint, reset)).status, 200)
    assert.deepEqual(await roles(), ['deployer'])
    assert.deepEqual(server.omen.omen.guardState?.notAdopted, [])
  })

  test('a SAM template makes its roles and policies (GRD-124)', async () => {
    const template = {
      Transform: 'AWS::Serverless-2016-10-31',
      Resources: {
        Work: {
          Type: 'AWS::Serverless::Function',
          Properties: {
            Runtime: 'python3.12',
            Handler: 'a.b',
            InlineCode: '0',
            Policies: [{ DynamoDBReadPolicy: { TableName: 'orders' } }],
          },
        },
      },
    }
    const fields = { StackName: 'sam', ChangeSetName: 'one', ChangeSetType: 'CREATE' }
    const body = { ...fields, TemplateBody: JSON.stringify(template), capabilities: ['CAPABILITY_IAM'] }
    await succeeds(admin, 'CreateChangeSet', body)
    await succeeds(admin, 'ExecuteChangeSet', { StackName: 'sam', ChangeSetName: 'one' })
    const RoleName = (await roles()).find((name) => name.startsWith('sam-WorkRole-'))!
    const { PolicyDocument } = await server.iam.getRolePolicy({ RoleName, PolicyName: 'WorkRolePolicy0' })
    assert.match(decodeURIComponent(PolicyDocument!), /dynamodb:GetItem.*table\/orders/)
    const { AttachedPolicies } = await server.iam.listAttachedRolePolicies({ RoleName })
    assert.equal(AttachedPolicies?.[0]?.PolicyName, 'AWSLambdaBasicExecutionRole')
    await succeeds(admin, 'DeleteStack', { StackName: 'sam' })
    assert.ok(!(await roles()).includes(RoleName))
  })

  test('a role of a stack is put on, and gone after a reset of the upstream (GRD-122, GRD-126)', async () => {
    const resources = {
      Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'jobs' } },
      Worker: named('worker'),
      Allows: {
        Type: 'AWS::IAM::Policy',
        Properties: {
          PolicyName: 'allows',
          Roles: [{ Ref: 'Worker' }],
          PolicyDocument: {
            Version: '2012-10-17',
            Statement: [
              { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: { 'Fn::GetAtt': ['Queue', 'Arn'] } },
            ],
          },
        },
      },
    }
    await succeeds(admin, 'CreateStack', { StackName: 'jobs', resources })
    const { Credentials: given } = await server.omen.client(STS, 'admin').assumeRole({
      RoleArn: `arn:aws:iam::${account}:role/worker`,
      RoleSessionName: 'work',
    })
    const sqs = server.omen.client(SQS, {
      accessKeyId: given!.AccessKeyId!,
      secretAccessKey: given!.SecretAccessKey!,
      sessionToken: given!.SessionToken!,
    })
    await sqs.sendMessage({ QueueUrl: `${server.omen.endpoint}/${account}/jobs`, MessageBody: 'hello' })
    await assert.rejects(
      sqs.createQueue({ QueueName: 'other' }),
      /not authorized to perform: sqs:createqueue/i,
    )
    const reset = { method: 'POST', path: '/moto-api/reset', service: 'omen', as: admin }
    assert.equal((await send(server.omen.endpoint, reset)).status, 200)
    assert.deepEqual(await roles(), ['deployer'])
    await succeeds(admin, 'CreateStack', { StackName: 'jobs', resources })
    assert.deepEqual(await roles(), ['deployer', 'worker'])
    await succeeds(admin, 'DeleteStack', { StackName: 'jobs' })
    assert.deepEqual(await roles(), ['deployer'])
    assert.deepEqual(server.omen.omen.guardState?.notAdopted, [])
  })
})
