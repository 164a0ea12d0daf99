import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import {
  bodyTellsOperation,
  guardCatalogue,
  guardCoverage,
  identifyCall,
  longestUnpacked,
  needsOf,
  readsBody,
  routeOf,
} from '../../packages/server/src/guard/catalogue/index.ts'
import { form, here, json, requestsOf, unknownOf } from './asked.ts'
import { ddb, ecs, events, key, kms, rest, secrets, sqs } from './calls.ts'
import { signedRequest } from './requests.ts'

describe('condition keys of a request', () => {
  test('tags in a form of SQS, which names them otherwise than its JSON does (GRD-532)', () => {
    const old = (Action: string, more: object) =>
      form('sqs', { Action, Version: '2012-11-05', QueueName: 'q', QueueUrl: '/111122223333/q', ...more })
    const keysOf = (Action: string, more: object) => requestsOf(old(Action, more))[0]?.context
    const tag = { 'Tag.1.Key': 'k', 'Tag.1.Value': 'v' }
    for (const operation of ['CreateQueue', 'TagQueue'])
      assert.partialDeepStrictEqual(keysOf(operation, tag), { 'aws:RequestTag/k': 'v', 'aws:TagKeys': ['k'] })
    assert.partialDeepStrictEqual(keysOf('UntagQueue', { 'TagKey.1': 'k' }), { 'aws:TagKeys': ['k'] })
    for (const more of [
      { 'tags.1.Key': 'k', 'tags.1.Value': 'v' },
      { 'tag.1.Key': 'k', 'tag.1.Value': 'v' },
      { 'Tag.1.key': 'k', 'Tag.1.value': 'v' },
      { 'Tag.entry.1.Key': 'k', 'Tag.entry.1.Value': 'v' },
      { ...tag, 'Tag.2.Key': 'k', 'Tag.2.Value': 'w' },
    ])
      assert.ok(unknownOf(old('CreateQueue', more)), JSON.stringify(more))
  })

  test('DynamoDB’s attributes and partition keys (behaviour GRD-15)', () => {
    const [get] = requestsOf(
      ddb('GetItem', {
        TableName: 't',
        Key: { id: { S: 'a' } },
        ProjectionExpression: '#n, address.city, tags[0]',
        ExpressionAttributeNames: { '#n': 'name' },
      }),
    )
    assert.deepEqual(get?.context?.['dynamodb:Attributes'], ['id', 'name', 'address', 'tags'])
    assert.deepEqual(get?.context?.['dynamodb:LeadingKeys'], ['a'])
    const two = { TableName: 't', Key: { id: { S: 'a' }, at: { N: '1' } } }
    assert.equal(requestsOf(ddb('GetItem', two))[0]?.context?.['dynamodb:LeadingKeys'], undefined)
    const known = requestsOf(ddb('GetItem', two), { ...here, keysOf: () => ({ hash: 'id' }) })
    assert.deepEqual(known[0]?.context?.['dynamodb:LeadingKeys'], ['a'])
    const [query] = requestsOf(
      ddb('Query', {
        TableName: 't',
        KeyConditionExpression: 'id = :id AND begins_with(at, :at)',
        ExpressionAttributeValues: { ':id': { S: 'a' }, ':at': { S: 'b' } },
      }),
    )
    assert.partialDeepStrictEqual(query?.context, {
      'dynamodb:LeadingKeys': ['a'],
      'dynamodb:Attributes': ['id', 'at'],
    })
    const ask = { TableName: 't', ExpressionAttributeValues: { ':a': { S: 'a' }, ':b': { S: 'b' } } }
    const leading = (more: object) =>
      requestsOf(ddb('Query', { ...ask, ...more }), { ...here, keysOf: () => ({ hash: 'id' }) })[0]
        ?.context?.['dynamodb:LeadingKeys']
    assert.deepEqual(leading({ KeyConditionExpression: ':a = id AND at = :b' }), ['a'])
    assert.deepEqual(leading({ KeyConditionExpression: 'by = :a', IndexName: 'i' }), ['a'])
    assert.deepEqual(leading({ KeyConditionExpression: 'id = :a AND by = :b', IndexName: 'i' }), ['a', 'b'])
    const old = { id: { ComparisonOperator: 'EQ', AttributeValueList: [{ S: 'a' }] } }
    assert.deepEqual(leading({ KeyConditions: old }), ['a'])
    assert.match(unknownOf(ddb('Query', { ...ask, KeyConditionExpression: 'id > :a' })), /partition key/)
    const [batch] = requestsOf(
      ddb('BatchGetItem', { RequestItems: { t: { Keys: [{ id: { S: 'a' } }, { id: { S: 'b' } }] } } }),
    )
    assert.deepEqual(batch?.context?.['dynamodb:LeadingKeys'], ['a', 'b'])
    const [put] = requestsOf(
      ddb('TransactWriteItems', {
        TransactItems: [{ Put: { TableName: 't', Item: { id: { S: 'a' }, x: { N: '1' } } } }],
      }),
    )
    assert.partialDeepStrictEqual(put?.context, {
      'dynamodb:EnclosingOperation': 'TransactWriteItems',
      'dynamodb:Attributes': ['id', 'x'],
    })
  })

  test('partition keys of PartiQL, as far as a statement determines them (behaviour GRD-15)', () => {
    const leading = (Statement: string, ...values: readonly string[]) =>
      requestsOf(ddb('ExecuteStatement', { Statement, Parameters: values.map((S) => ({ S })) }), {
        ...here,
        keysOf: () => ({ hash: 'id' }),
      })[0]?.context?.['dynamodb:LeadingKeys']
    const notKnown = ['(not known from the statement)']
    assert.deepEqual(leading(`SELECT * FROM t WHERE id = 'it''s'`), ["it's"])
    assert.deepEqual(leading('SELECT * FROM t WHERE at > ? AND "id" = ?', 'b', 'a'), ['a'])
    assert.deepEqual(leading(`INSERT INTO t VALUE {'id': ?, 'x': 'y'}`, 'a'), ['a'])
    assert.deepEqual(leading(`UPDATE t SET x = 'id' WHERE id = 'a'`), ['a'])
    assert.deepEqual(leading(`SELECT * FROM t WHERE id IN ['a', 'b']`), ['a', 'b'])
    assert.deepEqual(leading(`DELETE FROM t WHERE at = 'a'`), notKnown)
    for (const statement of [
      'SELECT * FROM t',
      `SELECT * FROM t WHERE at = 'a'`,
      `SELECT * FROM t WHERE id = 'a' OR at = 'b'`,
      `SELECT * FROM t WHERE id = at`,
      `SELECT * FROM t WHERE x.id = 'a'`,
      `SELECT * FROM t WHERE id = 'a' || 'b'`,
    ])
      assert.equal(leading(statement), undefined, statement)
  })

  test('KMS’s encryption context and alias (behaviour GRD-16)', () => {
    const [encrypt] = requestsOf(kms('Encrypt', { KeyId: 'alias/a', EncryptionContext: { team: 'red' } }))
    assert.partialDeepStrictEqual(encrypt?.context, {
      'kms:EncryptionContext:team': 'red',
      'kms:EncryptionContextKeys': ['team'],
      'kms:RequestAlias': 'alias/a',
      'kms:CallerAccount': here.account,
    })
    assert.deepEqual(encrypt?.lookUp, { kind: 'kmsAlias', name: 'alias/a' })
    assert.equal(requestsOf(kms('Encrypt', { KeyId: key }))[0]?.lookUp, undefined)
    const theirs = 'arn:aws:kms:eu-west-1:444455556666:alias/a'
    assert.deepEqual(requestsOf(kms('Encrypt', { KeyId: theirs }))[0]?.lookUp, {
      kind: 'kmsAlias',
      name: theirs,
    })
  })

  test('a secret by name is to be looked up (behaviour GRD-18)', () => {
    const [get] = requestsOf(secrets('GetSecretValue', { SecretId: 'a', VersionStage: 'AWSCURRENT' }))
    assert.deepEqual(get?.lookUp, { kind: 'secret', name: 'a' })
    assert.equal(get?.context?.['secretsmanager:VersionStage'], 'AWSCURRENT')
  })

  test('tags of any service (behaviour GRD-13)', () => {
    const [create] = requestsOf(sqs('CreateQueue', { QueueName: 'q', tags: { team: 'red' } }))
    assert.partialDeepStrictEqual(create?.context, { 'aws:RequestTag/team': 'red', 'aws:TagKeys': ['team'] })
    assert.match(
      unknownOf({ ...rest('s3', 'PUT /b/k'), body: '', headers: { 'x-amz-tagging': 'a=1&a=2' } }),
      /more than once/,
    )
    const [cluster] = requestsOf(ecs('CreateCluster', { tags: [{ key: 'a', value: '1' }] }))
    assert.partialDeepStrictEqual(cluster?.context, { 'aws:RequestTag/a': '1', 'aws:TagKeys': ['a'] })
  })

  test('several values of one name are all given (behaviour GRD-98)', () => {
    const [run] = requestsOf(
      form('ec2', {
        Action: 'RunInstances',
        Version: '2016-11-15',
        ImageId: 'ami-1',
        MinCount: '1',
        MaxCount: '1',
        'TagSpecification.1.ResourceType': 'instance',
        'TagSpecification.1.Tag.1.Key': 'team',
        'TagSpecification.1.Tag.1.Value': 'red',
        'TagSpecification.2.ResourceType': 'volume',
        'TagSpecification.2.Tag.1.Key': 'team',
        'TagSpecification.2.Tag.1.Value': 'blue',
      }),
    )
    assert.deepEqual(run?.context?.['aws:RequestTag/team'], ['red', 'blue'])
    const [again] = requestsOf(
      kms('ReEncrypt', {
        CiphertextBlob: '',
        SourceKeyId: key,
        DestinationKeyId: key,
        SourceEncryptionContext: { team: 'red', room: '1' },
        DestinationEncryptionContext: { team: 'blue', room: '1' },
      }),
    )
    assert.partialDeepStrictEqual(again?.context, {
      'kms:EncryptionContext:team': ['red', 'blue'],
      'kms:EncryptionContext:room': '1',
      'kms:EncryptionContextKeys': ['team', 'room'],
    })
  })

  test('keys that are ARNs are made of names', () => {
    const [stop] = requestsOf(ecs('StopTask', { cluster: 'c', task: 't' }))
    assert.equal(stop?.context?.['ecs:cluster'], 'arn:aws:ecs:eu-west-1:111122223333:cluster/c')
  })

  test('a key that the reference lists for other kinds of resources is absent (behaviour GRD-473)', () => {
    const fields = { InstanceId: 'i-1', VolumeId: 'vol-1', Device: '/dev/sdh' }
    const ec2 = (Action: string, more: Readonly<Record<string, string>>) =>
      requestsOf(form('ec2', { Action, Version: '2016-11-15', ...more }))
    const keysOn = (requests: ReturnType<typeof ec2>) =>
      Object.fromEntries(
        requests.map(({ resource, context = {} }) => [
          resource.split(':').at(-1)?.split('/')[0],
          Object.keys(context)
            .filter((each) => each.startsWith('ec2:'))
            .sort(),
        ]),
      )
    assert.deepEqual(keysOn(ec2('AttachVolume', fields)), {
      instance: ['ec2:InstanceID'],
      volume: ['ec2:VolumeID'],
    })
    const launch = keysOn(ec2('RunInstances', { ImageId: 'ami-1', InstanceType: 't3.micro' }))
    assert.deepEqual(
      [launch.instance, launch.image, launch.subnet],
      [['ec2:InstanceType'], ['ec2:ImageID'], []],
    )
  })

  test('each entry of EventBridge has its own', () => {
    const requests = requestsOf(
      events('PutEvents', { Entries: [{ Source: 'a', DetailType: 'x' }, { Source: 'b' }] }),
    )
    assert.deepEqual(
      requests.map(({ context }) => context),
      [
        { 'events:source': 'a', 'events:detail-type': 'x', 'events:eventBusInvocation': 'false' },
        { 'events:source': 'b', 'events:eventBusInvocation': 'false' },
      ],
    )
  })

  test('a role that is handed on for a rule says for which (behaviour GRD-227)', () => {
    const RoleArn = 'arn:aws:iam::111122223333:role/r'
    const targets = { Rule: 'a', EventBusName: 'b', Targets: [{ Id: '1', Arn: 'x', RoleArn }] }
    const passed = requestsOf(events('PutTargets', targets)).find(({ action }) => action === 'iam:PassRole')
    assert.equal(
      passed?.context?.['iam:AssociatedResourceArn'],
      'arn:aws:events:eu-west-1:111122223333:rule/b/a',
    )
  })

  test('a role that is handed on says to whom (behaviour CAT-6)', () => {
    const role = 'arn:aws:iam::111122223333:role/r'
    const requests = requestsOf(
      rest('lambda', 'POST /2015-03-31/functions', { FunctionName: 'f', Role: role }),
    )
    assert.deepEqual(
      requests
        .filter(({ action }) => action === 'iam:PassRole')
        .map(({ resource, context }) => [resource, context]),
      [[role, { 'iam:PassedToService': 'lambda.amazonaws.com' }]],
    )
  })
})

describe('what is not known', () => {
  test('an operation without a known action (behaviour GRD-10)', () => {
    const call = json('ecr', 'AmazonEC2ContainerRegistry_V20150921.ListImageReferrers', {})
    assert.match(unknownOf(call), /not known which action/)
  })

  test('one thing of many that is not understood (behaviour GRD-23)', () => {
    const statements = [{ Statement: 'SELECT * FROM t' }, { Statement: '/**/ SELECT * FROM secret' }]
    assert.match(unknownOf(ddb('BatchExecuteStatement', { Statements: statements })), /not known/)
    for (const Statement of [
      'SELECT * /* FROM mine */ FROM theirs',
      'SELECT * FROM mine -- FROM theirs',
      'SELECT * FROM mine, theirs',
      'SELECT * FROM mine WHERE a IN (SELECT b FROM theirs)',
      'SELECT * FROM mine; DELETE FROM theirs',
      "SELECT '\\' FROM mine --' FROM theirs",
      'SELECT `FROM mine` FROM theirs',
      'SELECT * FROM "mine',
    ])
      assert.match(unknownOf(ddb('ExecuteStatement', { Statement })), /PartiQL/, Statement)
  })

  test('a body that is no JSON, and a name where an ARN belongs (behaviour GRD-12)', () => {
    const broken = { ...ddb('GetItem', {}), body: '{' }
    assert.match(unknownOf(broken), /no JSON/)
    assert.match(
      unknownOf(json('states', 'AWSStepFunctions.StartExecution', { stateMachineArn: 'm' })),
      /no ARN/,
    )
  })

  test('a queue’s URL that another queue is named at', () => {
    const sent = form('sqs', {
      Action: 'SendMessage',
      Version: '2012-11-05',
      QueueUrl: 'http://x/111122223333/a',
    })
    assert.match(unknownOf({ ...sent, line: 'POST /111122223333/b' }), /Two queues/)
    assert.match(unknownOf({ ...sent, line: 'POST /a' }), /Two queues/)
    assert.equal(requestsOf({ ...sent, line: 'POST /111122223333/a' }).length, 1)
    assert.match(unknownOf({ ...sent, line: 'POST /queue/eu-west-1/111122223333/a' }), /Two queues/)
    assert.match(unknownOf(sqs('SendMessage', { QueueUrl: 'http://x/111122223333/a?b' })), /no name/)
  })

  test('a queue’s URL by which a call in JSON comes too must be the one that it names (behaviour GRD-5)', () => {
    const at = (line: string, QueueUrl?: string) => ({ ...sqs('SendMessage', { QueueUrl }), line })
    const url = 'http://x:4566/444455556666/a'
    for (const line of ['POST /444455556666/a/', 'POST /444455556666/a'])
      assert.deepEqual(
        requestsOf(at(line, url)).map(({ resource }) => resource),
        ['arn:aws:sqs:eu-west-1:444455556666:a'],
      )
    assert.match(unknownOf(at('POST /444455556666/b/', url)), /Two queues/)
    assert.match(unknownOf(at('POST /111122223333/a', url)), /Two queues/)
    assert.match(unknownOf(at('POST /444455556666/a')), /Two queues/)
    for (const sent of [
      { ...sqs('ListQueues', {}), line: 'POST /444455556666/a' },
      { ...ddb('GetItem', {}), line: 'POST /444455556666/a' },
    ])
      assert.throws(() => requestsOf(sent), /not about|more than one protocol/)
  })

  test('a queue’s URL with a region, as LocalStack has it, must name the call’s own (behaviour GRD-5)', () => {
    const path = '/queue/eu-west-1/444455556666/a'
    const asked = (sent: Parameters<typeof requestsOf>[0]) => requestsOf(sent).map(({ resource }) => resource)
    const inQuery = { Action: 'SendMessage', Version: '2012-11-05' }
    for (const sent of [
      { ...form('sqs', inQuery), line: `POST ${path}` },
      { ...form('sqs', { ...inQuery, QueueUrl: `http://x${path}` }), line: `POST ${path}` },
      { ...sqs('SendMessage', { QueueUrl: `http://x${path}` }), line: `POST ${path}/` },
      sqs('SendMessage', { QueueUrl: `http://x${path}` }),
    ])
      assert.deepEqual(asked(sent), ['arn:aws:sqs:eu-west-1:444455556666:a'])
    const elsewhere = '/queue/us-east-1/444455556666/a'
    assert.match(unknownOf({ ...form('sqs', inQuery), line: `POST ${elsewhere}` }), /another region/)
    assert.match(unknownOf(sqs('SendMessage', { QueueUrl: `http://x${elsewhere}` })), /another region/)
  })

  test('more things than any call is about', () => {
    const Entries = Array.from({ length: 3_000 }, () => ({ Source: 'a' }))
    assert.match(unknownOf(events('PutEvents', { Entries })), /more than/)
  })

  test('operations that no policy is asked about are exempt', () => {
    const request = signedRequest('POST /', '', {
      'x-amz-target': 'AWSCognitoIdentityProviderService.InitiateAuth',
      authorization: '',
    })
    const call = identifyCall(request)
    assert.ok(!('problem' in call) && call.open)
    const asked = needsOf(call, here)
    assert.ok(!('unknown' in asked) && asked.every(({ exempt }) => exempt === true))
  })
})

describe('what the guard must read', () => {
  test('bodies are read only if they matter', () => {
    const reads = (line: string, scope: string, headers = {}) => {
      const call = identifyCall(signedRequest(line, scope, headers))
      return !('problem' in call) && readsBody(call)
    }
    assert.equal(reads('PUT /b/k', 's3'), false)
    assert.equal(reads('POST /b?delete', 's3'), true)
    assert.equal(reads('POST /2015-03-31/functions/f/invocations', 'lambda'), false)
    assert.equal(reads('POST /', 'dynamodb', { 'x-amz-target': 'DynamoDB_20120810.PutItem' }), true)
    const type = { 'content-type': 'application/x-www-form-urlencoded' }
    assert.equal(bodyTellsOperation(signedRequest('POST /', 'sns', type)), true)
    assert.equal(bodyTellsOperation(signedRequest('POST /b/k?uploads', 's3', type)), false)
  })

  test('a route names the API for faults and events', () => {
    const call = identifyCall(signedRequest('GET /b', 's3'))
    assert.ok(!('problem' in call))
    const { service, operation } = routeOf(call)
    assert.deepEqual([service.id, service.protocol, operation.name], ['s3', 'restXml', 'ListObjects'])
  })
})

describe('the catalogue', () => {
  test('every service and operation is counted (behaviour GRD-10)', () => {
    const coverage = guardCoverage()
    const operations = coverage.reduce((sum, service) => sum + service.operations, 0)
    const unknown = coverage.reduce((sum, service) => sum + service.of.unknown, 0)
    assert.ok(coverage.length > 420 && operations > 18_000)
    assert.ok(unknown < operations / 40, `${unknown} of ${operations} are unknown`)
    for (const { id, operations: count } of coverage) {
      assert.equal(Object.keys(guardCatalogue().byId.get(id)!.operations).length, count)
    }
  })

  test('a body that its client compressed is read as it was', () => {
    const input = { TableName: 't', ReturnValues: 'NONE'.repeat(1_000) }
    const sent = ddb('PutItem', input)
    const headers = { ...sent.headers, 'content-encoding': 'gzip' }
    const asked = (body: Uint8Array) => {
      const call = identifyCall(signedRequest('POST /', 'dynamodb', headers, body))
      assert.ok(!('problem' in call))
      return needsOf(call, here)
    }
    assert.partialDeepStrictEqual(asked(gzipSync(JSON.stringify(input))), [{ action: 'dynamodb:PutItem' }])
    assert.deepEqual(asked(Buffer.from('{}')), { unknown: 'The body is no gzip' })
    assert.match(JSON.stringify(asked(gzipSync(Buffer.alloc(longestUnpacked + 1)))), /longer than/)
  })
})
