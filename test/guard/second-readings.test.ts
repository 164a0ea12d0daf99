import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { guardCatalogue, identifyCall, needsOf } from '../../packages/server/src/guard/catalogue/index.ts'
import { form } from './ambiguous-bodies.ts'
import { asked, here, json, requestsOf, form as sentForm, unknownOf } from './asked.ts'
import { signedRequest } from './requests.ts'

const problemOf = (line: string, scope = 's3', headers: Readonly<Record<string, string>> = {}) => {
  const call = identifyCall(signedRequest(line, scope, headers))
  return 'problem' in call ? call.problem : undefined
}
const jsonType = { 'content-type': 'application/json' }
const eks = (line: string, body = '', headers: Readonly<Record<string, string>> = jsonType) => ({
  scope: 'eks',
  line,
  headers,
  body,
})

describe('queries of log groups (GRD-119)', () => {
  const query = (more: object) =>
    json('logs', 'Logs_20140328.StartQuery', {
      startTime: 1,
      endTime: 2,
      queryString: 'fields @message',
      ...more,
    })

  test('name them as parameters', () => {
    const filter = 'filter source = "aws.ec2"'
    for (const own of [{}, { queryLanguage: 'PPL' }, { queryString: filter }])
      assert.deepEqual(asked(query({ logGroupName: 'dev', ...own })), asked(query({ logGroupName: 'dev' })))
  })

  test('or in their text, and then they are about all', () => {
    const inText = { queryString: "SOURCE logGroups(namePrefix: ['secret'])" }
    assert.deepEqual(asked(query(inText)), ['logs:StartQuery *'])
  })

  test('not both: nobody could say which counts', () => {
    for (const own of [
      { queryString: "SOURCE logGroups(namePrefix: ['secret'])" },
      { queryString: "# a comment\n  source logGroups(namePrefix: ['secret']) | fields @message" },
      { queryString: 'fields a | where b in [ search source=`secret` | fields b ]', queryLanguage: 'PPL' },
      { queryString: 'SELECT * FROM `secret`', queryLanguage: 'SQL' },
      { queryString: 'SELECT * FROM `secret`', queryLanguage: 'sql' },
    ])
      for (const groups of [
        { logGroupName: 'dev' },
        { logGroupNames: ['dev'] },
        { logGroupIdentifiers: ['dev'] },
      ])
        assert.match(unknownOf(query({ ...groups, ...own })), /other log groups/)
  })
})

describe('paths that endpoints keep for themselves (GRD-40)', () => {
  for (const path of [
    'GET /moto-api/data.json',
    'POST /moto-api/reset?uploads',
    'PUT /moto-api',
    'PUT /moto%2dapi/config',
    'PUT /Minio/admin/v3/add-user',
    'GET /minio/health/live',
    'PUT /admin/user',
    'GET /restapis/a/b/_user_request_/c',
  ])
    test(`are no bucket’s: ${path}`, () => {
      assert.equal(problemOf(path), 'unknownOperation')
    })

  test('nor with the first of it in the host', () => {
    for (const [host, line] of [
      ['moto-api.localhost', 'POST /reset?uploads'],
      ['minio.s3.localhost', 'PUT /admin/v3/add-user'],
      ['v20180820.s3.localhost', 'DELETE /accesspoint/mine'],
      ['s3.localhost', 'DELETE /v2018082%30/accesspoint/mine'],
    ] as const)
      assert.equal(problemOf(line, 's3', { host }), 'unknownOperation', host)
  })

  test('nor of another service whose paths begin with a name', () => {
    assert.equal(problemOf('PUT /_aws/sqs/messages', 'mediastore'), 'unknownOperation')
    assert.equal(problemOf('PUT /moto-api/config', 'mediastore'), 'unknownOperation')
  })

  test('names that only begin so are buckets, and S3 Control is where it was', () => {
    for (const path of [
      'GET /minio-data/key',
      'GET /moto-api2/key',
      'GET /admin/users/user',
      'GET /open/moto-api/x',
    ])
      assert.equal(problemOf(path), undefined, path)
    const control = identifyCall(
      signedRequest('DELETE /v20180820/accesspoint/mine', 's3', { 'x-amz-account-id': here.account }),
    )
    assert.ok(!('problem' in control) && control.operation === 'DeleteAccessPoint')
  })
})

test('an archive that becomes many objects is not decided on (GRD-41)', () => {
  const name = 'x-amz-meta-snowball-auto-extract'
  assert.equal(problemOf('PUT /b/k', 's3', { [name]: 'true' }), 'ambiguous')
  assert.equal(problemOf(`PUT /b/k?X-Amz-Meta-Snowball-Auto-Extract=true`), 'ambiguous')
  assert.equal(problemOf('PUT /b/k', 's3', { 'x-amz-meta-snowball': 'true' }), undefined)
})

describe('what a call by path is about is named where its operation looks, and nowhere else (GRD-42)', () => {
  const nodes = '/clusters/own/node-groups/n'
  for (const [line, body] of [
    ['DELETE /clusters/own?name=other', ''],
    ['DELETE /clusters/own?Name=other', ''],
    ['DELETE /clusters/own?name=own&name=other', ''],
    ['DELETE /clusters/own?x;name=other', ''],
    [`DELETE ${nodes}?clusterName=other`, ''],
    [`DELETE ${nodes}?cluster-name=other`, ''],
    [`DELETE ${nodes}?cluster_name=other`, ''],
    ['DELETE /clusters/own', '{"name":"other"}'],
    ['DELETE /clusters/own', '{"a":[{}],"n\\u0061me":"other"}'],
    [`DELETE ${nodes}`, '{"clusterName":"other"}'],
    ['POST /clusters/own/node-groups', '{"nodegroupName":"n","name":"other"}'],
  ] as const)
    test(`${line} ${body}`, () => {
      assert.match(unknownOf(eks(line, body)), / is given in the (?:query string|body)/)
    })

  test('nor is what is in the body named in the query string', () => {
    const made = {
      scope: 'lambda',
      line: 'POST /2015-03-31/functions',
      headers: jsonType,
      body: '{"FunctionName":"own"}',
    }
    assert.deepEqual(asked(made), ['lambda:CreateFunction lambda:function:own'])
    assert.match(
      unknownOf({ ...made, line: `${made.line}?FunctionName=other` }),
      /is given in the query string/,
    )
  })

  test('a body that is a form is not JSON', () => {
    for (const type of [form, `application/json, ${form}`])
      assert.match(
        unknownOf(eks('DELETE /clusters/own', 'name=other', { 'content-type': type })),
        /is a form/,
      )
    assert.match(unknownOf(eks('DELETE /clusters/own', 'name=other')), /no JSON/)
  })

  test('the same name again says nothing else, and deeper ones are other members', () => {
    for (const [line, body] of [
      ['DELETE /clusters/own?name=own', ''],
      ['DELETE /clusters/own', '{"name":"own"}'],
      ['DELETE /clusters/own?verbose=1', '{"tags":{"name":"other"},"a":"\\"name\\":"}'],
    ] as const)
      assert.deepEqual(asked(eks(line, body)), ['eks:DeleteCluster eks:cluster/own'])
  })

  test('the names in a body that is too long to be taken apart are seen', () => {
    const code = (more: string) => ({
      scope: 'lambda',
      line: 'PUT /2015-03-31/functions/own/code',
      headers: jsonType,
      body: `{"ZipFile":"${'A'.repeat(17 << 20)}"${more}}`,
    })
    assert.deepEqual(asked(code('')), ['lambda:UpdateFunctionCode lambda:function:own'])
    assert.match(unknownOf(code(',"FunctionName":"other"')), /FunctionName is given in the body/)
    assert.match(unknownOf(code(',"Function\\u004eame":"other"')), /The body is longer than/)
    assert.match(unknownOf(code(',"a":"\0"')), /UTF-8/)
  })

  test('what is bytes to the service has no names', () => {
    const invoke = {
      scope: 'lambda',
      line: 'POST /2015-03-31/functions/own/invocations',
      body: '{"FunctionName":"other"}',
    }
    assert.deepEqual(asked(invoke), ['lambda:InvokeFunction lambda:function:own'])
    assert.equal(guardCatalogue().byId.get('lambda')?.operation('Invoke')?.raw, true)
  })
})

describe('an ARN of another region may be taken for its name alone (GRD-44)', () => {
  const of = (region: string, rest: string) => `arn:aws:${rest.replace(':', `:${region}:`)}`
  test('the thing of that name here is asked about as well', () => {
    const get = (TableName: string) => json('dynamodb', 'DynamoDB_20120810.DescribeTable', { TableName })
    const there = of('us-east-2', `dynamodb:${here.account}:table/t`)
    assert.deepEqual(asked(get(there)), [
      `dynamodb:DescribeTable ${there}`,
      'dynamodb:DescribeTable dynamodb:table/t',
    ])
    assert.deepEqual(asked(get('t')), ['dynamodb:DescribeTable dynamodb:table/t'])
    const code = (name: string) => ({
      scope: 'lambda',
      line: `DELETE /2015-03-31/functions/${encodeURIComponent(name)}`,
    })
    const fn = of('us-east-2', `lambda:${here.account}:function:f`)
    assert.deepEqual(asked(code(fn)), [
      `lambda:DeleteFunction ${fn}`,
      'lambda:DeleteFunction lambda:function:f',
    ])
  })

  test('so it is if an ARN has no region, or an invalid account or partition', () => {
    const of = (cluster: string) =>
      asked(json('ecs', 'AmazonEC2ContainerServiceV20141113.DeleteCluster', { cluster }))
    const own = 'ecs:DeleteCluster ecs:cluster/c'
    for (const [partition, region, of11] of [
      ['aws', '', here.account],
      ['aws', here.region, ''],
      ['aws', here.region, 'x'],
      ['aws', '', ''],
      ['aws-cn', here.region, here.account],
    ] as const)
      assert.ok(
        of(`arn:${partition}:ecs:${region}:${of11}:cluster/c`).includes(own),
        `${partition} ${region} ${of11}`,
      )
    assert.deepEqual(of(`arn:aws:ecs:${here.region}:444455556666:cluster/c`), [
      `ecs:DeleteCluster arn:aws:ecs:${here.region}:444455556666:cluster/c`,
    ])
    const images = (registryId: string) =>
      asked(
        json('ecr', 'AmazonEC2ContainerRegistry_V20150921.ListImages', { registryId, repositoryName: 'r' }),
      )
    assert.deepEqual(images(''), ['ecr:ListImages ecr:repository/r'])
    assert.ok(images('1').includes('ecr:ListImages ecr:repository/r'))
    assert.deepEqual(
      asked({ scope: 'lambda', line: `GET /2015-03-31/functions/arn:aws:lambda:::function:f` }),
      ['lambda:GetFunction lambda:function:f'],
    )
  })

  test('access points of S3 are called from anywhere', () => {
    const host = `p-${here.account}.s3-accesspoint.us-east-2.amazonaws.com`
    const point = of('us-east-2', `s3:${here.account}:accesspoint/p`)
    assert.deepEqual(asked({ scope: 's3', line: 'GET /k', headers: { host } }), [
      `s3:GetObject ${point}/object/k`,
    ])
  })

  test('which key the upstream takes one of somewhere else for, it says itself', () => {
    const key = '1234abcd-12ab-34cd-56ef-1234567890ab'
    const looked = (KeyId: string, operation = 'Encrypt') =>
      requestsOf(json('kms', `TrentService.${operation}`, { KeyId })).map(({ lookUp }) => lookUp?.name)
    const there = `arn:aws:kms:eu-west-1:444455556666:key/${key}`
    assert.deepEqual(looked(there), [there])
    assert.deepEqual(looked(there, 'ScheduleKeyDeletion'), [there])
    assert.deepEqual(looked(`arn:aws:kms::${here.account}:key/${key}`, 'DisableKey'), [
      `arn:aws:kms::${here.account}:key/${key}`,
      undefined,
    ])
    assert.deepEqual(looked(`arn:aws:kms:eu-west-1:${here.account}:key/${key}`), [undefined])
    assert.deepEqual(looked(key, 'DisableKey'), [undefined])
  })
})

test('what only directory buckets have is theirs alone (GRD-45)', () => {
  const rename = { 'x-amz-rename-source': '/b/k' }
  assert.match(unknownOf({ scope: 's3', line: 'PUT /b/c?renameObject', headers: rename }), /not known what/)
  assert.match(unknownOf({ scope: 's3', line: 'GET /b?session' }), /not known what/)
  assert.deepEqual(asked({ scope: 's3', line: 'PUT /b--use1-az4--x-s3/c?renameObject', headers: rename }), [
    's3express:CreateSession s3express:bucket/b--use1-az4--x-s3',
  ])
  const host = 's3express-control.eu-west-1.amazonaws.com'
  assert.deepEqual(asked({ scope: 's3express', line: 'GET /', headers: { host } }), [
    's3express:ListAllMyDirectoryBuckets *',
    's3:ListAllMyBuckets s3:*',
  ])
})

test('texts in XML that come in pieces are not decided on (GRD-21)', () => {
  const of = (key: string) => ({
    scope: 's3',
    line: 'POST /b?delete',
    body: `<Delete><Object><Key>${key}</Key></Object></Delete>`,
  })
  for (const key of ['sec<!-- -->ret', 'sec<![CDATA[r]]>et', 'sec<?a?>ret'])
    assert.match(unknownOf(of(key)), /no XML/)
  assert.deepEqual(asked(of('a\r\nb')), ['s3:DeleteObject s3:b/a\nb'])
})

test('the role in a launch constraint of AWS Service Catalog is handed on (GRD-47)', () => {
  const of = (operation: string, Parameters: string) =>
    json('servicecatalog', `AWS242ServiceCatalogService.${operation}`, {
      Id: 'cons-1',
      PortfolioId: 'port-1',
      ProductId: 'prod-1',
      Type: 'LAUNCH',
      Parameters,
    })
  for (const operation of ['CreateConstraint', 'UpdateConstraint']) {
    for (const [parameters, role] of [
      ['{"RoleArn":"arn:aws:iam::111122223333:role/launch"}', 'launch'],
      ['{"LocalRoleName":"local"}', 'local'],
    ] as const)
      assert.deepEqual(asked(of(operation, parameters)).at(-1), `iam:PassRole iam:role/${role}`)
    assert.ok(!asked(of(operation, '{"Rules":{}}')).some((one) => one.startsWith('iam:')))
    assert.match(unknownOf(of(operation, '{RoleArn:x}')), /no JSON/)
    assert.match(unknownOf(of(operation, '{"RoleArn":"a","RoleArn":"b"}')), /twice/)
  }
})

test('Java’s SDKs call Amazon Kinesis in CBOR (GRD-1)', () => {
  const text = (value: string) => Buffer.concat([Buffer.of(0x60 + value.length), Buffer.from(value)])
  const of = (body: Buffer, type = 'application/x-amz-cbor-1.1') => {
    const headers = { 'x-amz-target': 'Kinesis_20131202.ListShards', 'content-type': type }
    const call = identifyCall(signedRequest('POST /', 'kinesis', headers, body))
    assert.ok(!('problem' in call))
    const found = needsOf(call, here)
    return 'unknown' in found ? found.unknown : found.map(({ action, resource }) => `${action} ${resource}`)
  }
  const map = Buffer.concat([Buffer.of(0xa1), text('StreamName'), text('s')])
  const stream = `arn:aws:kinesis:${here.region}:${here.account}:stream/s`
  assert.deepEqual(of(map), [`kinesis:ListShards ${stream}`])
  assert.equal(of(Buffer.from('{"StreamName":"s"}')), 'The body is no CBOR')
  assert.equal(of(map, 'application/x-amz-json-1.1'), 'The body is not in UTF-8')
})

test('a member in another case is one in any alphabet (GRD-21)', () => {
  const of = (name: string) => json('glue', 'AWSGlue.GetJob', { JobName: 'a', [name]: 'b' })
  for (const name of ['jobname', 'JOBNAME']) assert.match(unknownOf(of(name)), /is spelled JobName/)
  const stream = json('kinesis', 'Kinesis_20131202.ListShards', { StreamName: 'a', '\u017ftreamName': 'b' })
  assert.match(unknownOf(stream), /is spelled StreamName/)
})

test('S3 Control, Amazon Glacier, QuickSight and AWS Budgets get no other account (GRD-50)', () => {
  const of = (line: string, headers: Readonly<Record<string, string>> = {}) => ({
    scope: 's3',
    line,
    headers,
  })
  for (const path of ['accesspoint/p', 'configuration/publicAccessBlock']) {
    const line = `DELETE /v20180820/${path}`
    assert.match(unknownOf(of(line, { 'x-amz-account-id': '444455556666' })), /another account/)
    assert.match(unknownOf(of(`${line}?X-Amz-Account-Id=444455556666`)), /another account/)
    assert.equal(asked(of(line, { 'x-amz-account-id': here.account })).length, 1)
  }
  const vault = (id: string) => ({ scope: 'glacier', line: `DELETE /${id}/vaults/v` })
  const folder = (id: string) => ({ scope: 'quicksight', line: `DELETE /accounts/${id}/folders/f` })
  const budget = (AccountId: string) =>
    json('budgets', 'AWSBudgetServiceGateway.DeleteBudget', { AccountId, BudgetName: 'b' })
  for (const id of ['-', here.account])
    assert.deepEqual(asked(vault(id)), ['glacier:DeleteVault glacier:vaults/v'])
  assert.equal(asked(folder(here.account)).length, 1)
  for (const sent of [vault('444455556666'), folder('444455556666')])
    assert.match(unknownOf(sent), /another account/)
  assert.match(asked(budget('444455556666')).join(), /arn:aws:budgets::444455556666:budget\/b/)
})

test('a table of AWS Glue’s catalog is asked about in lower case as well (GRD-44)', () => {
  const of = (Name: string) =>
    asked(json('glue', 'AWSGlue.GetDatabase', { Name })).filter((one) => /database/.test(one))
  assert.deepEqual(of('Mine'), ['glue:GetDatabase glue:database/Mine', 'glue:GetDatabase glue:database/mine'])
  assert.deepEqual(of('mine'), ['glue:GetDatabase glue:database/mine'])
})

describe('parameters of a form that are two things at once', () => {
  const topic = 'arn:aws:sns:eu-west-1:111122223333:t'
  const publish = { Action: 'Publish', Version: '2010-03-31', Message: 'm', TopicArn: topic }

  test('a text that has parts, too, is not read', () => {
    assert.deepEqual(asked(sentForm('sns', publish)), ['sns:Publish sns:t'])
    for (const part of ['TopicArn.1', 'TopicArn.member.1', 'TopicArn.Other'])
      assert.match(
        unknownOf(sentForm('sns', { ...publish, [part]: `${topic}-other` })),
        /TopicArn is no text/,
        part,
      )
  })

  test('nor is a list that is a text, too, or has another part', () => {
    const terminate = { Action: 'TerminateInstances', Version: '2016-11-15' }
    const id = 'i-0123456789abcdef0'
    assert.deepEqual(asked(sentForm('ec2', { ...terminate, 'InstanceId.1': id })), [
      `ec2:TerminateInstances ec2:instance/${id}`,
    ])
    for (const more of [
      { InstanceId: id },
      { 'InstanceId.x': id },
      { 'InstanceId.0': id },
      { 'InstanceId.01': id },
    ])
      assert.match(unknownOf(sentForm('ec2', { ...terminate, 'InstanceId.1': id, ...more })), /InstanceId/)
  })
})
