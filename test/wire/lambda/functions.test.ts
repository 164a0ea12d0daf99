import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { CloudTrailClient, LookupEventsCommand } from '@aws-sdk/client-cloudtrail'
import {
  CreateFunctionCommand,
  DeleteFunctionCommand,
  GetFunctionCodeSigningConfigCommand,
  GetFunctionCommand,
  GetFunctionConcurrencyCommand,
  GetFunctionConfigurationCommand,
  ListAliasesCommand,
  ListFunctionsCommand,
  ListTagsCommand,
  ListVersionsByFunctionCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda'
import { zipOf } from '../../support/index.ts'
import { failure } from '../ec2-house.ts'
import { lambdaServer, roleArn } from './house.ts'

const one = 'exports.handler = async () => 1'
const arn = 'arn:aws:lambda:us-east-1:123456789012:function:f'

describe('functions are kept', () => {
  test('created, shown, listed, changed and deleted (LAM-4, LAM-5, LAM-8)', async () => {
    await using server = await lambdaServer()
    const { lambda } = server
    await server.create(one, { Environment: { Variables: { STAGE: 'test' } }, Description: 'first' })
    const { Configuration: shown, Code: code } = await lambda.send(
      new GetFunctionCommand({ FunctionName: 'f' }),
    )
    const { LastModified, RevisionId, CodeSha256, CodeSize, RuntimeVersionConfig, ...rest } = shown!
    assert.match(RuntimeVersionConfig!.RuntimeVersionArn!, /^arn:aws:lambda:us-east-1::runtime:[0-9a-f]{64}$/)
    assert.match(LastModified!, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0000$/)
    assert.match(CodeSha256!, /^[A-Za-z0-9+/]{43}=$/)
    assert.equal(CodeSize, zipOf({ 'index.js': one }).length)
    assert.deepEqual(rest, {
      FunctionName: 'f',
      FunctionArn: arn,
      Runtime: 'nodejs24.x',
      Role: roleArn,
      Handler: 'index.handler',
      Description: 'first',
      Timeout: 10,
      MemorySize: 128,
      Version: '$LATEST',
      Environment: { Variables: { STAGE: 'test' } },
      TracingConfig: { Mode: 'PassThrough' },
      State: 'Active',
      LastUpdateStatus: 'Successful',
      PackageType: 'Zip',
      Architectures: ['x86_64'],
      EphemeralStorage: { Size: 512 },
      SnapStart: { ApplyOn: 'None', OptimizationStatus: 'Off' },
      LoggingConfig: { LogFormat: 'Text', LogGroup: '/aws/lambda/f' },
    })
    assert.deepEqual(code, { RepositoryType: 'S3' })
    const changed = await lambda.send(
      new UpdateFunctionConfigurationCommand({ FunctionName: arn, Timeout: 20, RevisionId }),
    )
    assert.equal(changed.Timeout, 20)
    assert.equal(changed.Description, 'first')
    assert.deepEqual(changed.Environment, { Variables: { STAGE: 'test' } })
    assert.equal(changed.LastUpdateStatus, 'InProgress')
    assert.deepEqual(
      [changed.LastUpdateStatusReason, changed.LastUpdateStatusReasonCode],
      ['The function is being created.', 'Creating'],
    )
    const named = new GetFunctionConfigurationCommand({ FunctionName: 'f', Qualifier: '$LATEST' })
    assert.equal((await lambda.send(named)).FunctionArn, `${arn}:$LATEST`)
    const stale = new UpdateFunctionConfigurationCommand({ FunctionName: 'f', Timeout: 21, RevisionId })
    assert.equal((await failure(lambda.send(stale))).name, 'PreconditionFailedException')
    const ZipFile = zipOf({ 'index.js': 'exports.handler = async () => 2' })
    const dry = await lambda.send(new UpdateFunctionCodeCommand({ FunctionName: 'f', ZipFile, DryRun: true }))
    assert.notEqual(dry.CodeSha256, CodeSha256)
    assert.equal((await server.invoke()).payload, 1)
    await lambda.send(new UpdateFunctionCodeCommand({ FunctionName: '123456789012:function:f', ZipFile }))
    assert.equal((await server.invoke()).payload, 2)
    await lambda.send(new DeleteFunctionCommand({ FunctionName: 'f' }))
    const gone = await failure(lambda.send(new GetFunctionConfigurationCommand({ FunctionName: 'f' })))
    assert.deepEqual(gone, {
      name: 'ResourceNotFoundException',
      message: `Function not found: ${arn}`,
      status: 404,
    })
  })

  test('listed by pages, by name, each region its own (LAM-6)', async () => {
    await using server = await lambdaServer()
    for (const FunctionName of ['b', 'a', 'c']) await server.create(one, { FunctionName })
    const { lambda } = server
    const first = await lambda.send(new ListFunctionsCommand({ MaxItems: 2 }))
    assert.deepEqual(
      first.Functions?.map(({ FunctionName }) => FunctionName),
      ['a', 'b'],
    )
    assert.equal(first.Functions?.[0]?.State, undefined)
    const second = await lambda.send(new ListFunctionsCommand({ Marker: first.NextMarker }))
    assert.deepEqual(
      second.Functions?.map(({ FunctionName }) => FunctionName),
      ['c'],
    )
    assert.equal(second.NextMarker, undefined)
    const elsewhere = await failure(
      lambda.send(
        new GetFunctionCommand({ FunctionName: 'arn:aws:lambda:eu-west-1:123456789012:function:a' }),
      ),
    )
    assert.equal(
      elsewhere.message,
      "Functions from 'eu-west-1' are not reachable in this region ('us-east-1')",
    )
  })

  test('tagged, by their ARN', async () => {
    await using server = await lambdaServer()
    const { lambda } = server
    await server.create(one, { Tags: { team: 'blue' } })
    await lambda.send(new TagResourceCommand({ Resource: arn, Tags: { stage: 'test', team: 'red' } }))
    const all = await lambda.send(new ListTagsCommand({ Resource: arn }))
    assert.deepEqual(all.Tags, { team: 'red', stage: 'test' })
    await lambda.send(new UntagResourceCommand({ Resource: arn, TagKeys: ['team', 'none'] }))
    assert.deepEqual((await lambda.send(new GetFunctionCommand({ FunctionName: 'f' }))).Tags, {
      stage: 'test',
    })
    const reserved = new TagResourceCommand({ Resource: arn, Tags: { 'aws:x': '1' } })
    assert.equal((await failure(lambda.send(reserved))).name, 'InvalidParameterValueException')
    const version = new TagResourceCommand({ Resource: `${arn}:$LATEST`, Tags: { a: '1' } })
    assert.match((await failure(lambda.send(version))).message, /^Tags on function aliases and versions/)
  })

  test('refused in Lambda’s words where something is wrong (LAM-3, LAM-7, LAM-16, LAM-40)', async () => {
    await using server = await lambdaServer()
    const { lambda } = server
    await server.create(one)
    const base = {
      FunctionName: 'g',
      Role: roleArn,
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
    } as const
    const Code = { ZipFile: zipOf({ 'index.js': one }) }
    const bad: readonly [object, string, string | RegExp][] = [
      [{ FunctionName: 'f' }, 'ResourceConflictException', 'Function already exist: f'],
      [{ Handler: undefined }, 'InvalidParameterValueException', /^Runtime and Handler are mandatory/],
      [{ Timeout: 901 }, 'ValidationException', /'timeout' failed to satisfy .* less than or equal to 900$/],
      [{ FunctionName: 'x'.repeat(65) }, 'ValidationException', /length less than or equal to 64$/],
      [{ MemorySize: 20_000 }, 'ValidationException', /less than or equal to 10240$/],
      [
        { Environment: { Variables: { AWS_REGION: 'x', A1: 'b' } } },
        'InvalidParameterValueException',
        /reserved keys .* Reserved keys used in this request: AWS_REGION$/,
      ],
      [
        { Environment: { Variables: { A1: 'x'.repeat(4_100) } } },
        'InvalidParameterValueException',
        /exceeded the 4KB limit\. String measured: \{"A1":"xx/,
      ],
      [{ Code: {} }, 'InvalidParameterValueException', 'Please provide a source for function code.'],
      [{ Code: { ZipFile: Buffer.from('no zip') } }, 'InvalidParameterValueException', /^Could not unzip/],
      [{ Code: { S3Bucket: 'abc', S3Key: 'k' } }, 'InvalidParameterValueException', /^Omen has no S3/],
      [
        { PublishTo: 'LATEST_PUBLISHED' },
        'InvalidParameterValueException',
        'Omen publishes numbered versions only.',
      ],
      [
        { Layers: ['arn:aws:lambda:us-east-1:123456789012:layer:l:1'] },
        'InvalidParameterValueException',
        /^Omen keeps no layers/,
      ],
    ]
    for (const [more, name, message] of bad) {
      const refused = await failure(lambda.send(new CreateFunctionCommand({ ...base, Code, ...more })))
      assert.equal(refused.name, name, refused.message)
      if (typeof message === 'string') assert.equal(refused.message, message)
      else assert.match(refused.message, message)
    }
    const whole = new DeleteFunctionCommand({ FunctionName: 'f', Qualifier: '$LATEST' })
    assert.match((await failure(lambda.send(whole))).message, /^\$LATEST version cannot be deleted/)
    const version = new GetFunctionCommand({ FunctionName: 'f', Qualifier: '1' })
    assert.equal((await failure(lambda.send(version))).message, `Function not found: ${arn}:1`)
    const two = new GetFunctionCommand({ FunctionName: 'f:1', Qualifier: '2' })
    assert.match((await failure(lambda.send(two))).message, /^The derived qualifier/)
  })

  test('have no version but one, no alias, and nothing signed or reserved (LAM-61)', async () => {
    await using server = await lambdaServer()
    const { lambda } = server
    await server.create(one)
    const FunctionName = 'f'
    const { Versions } = await lambda.send(new ListVersionsByFunctionCommand({ FunctionName }))
    assert.deepEqual(
      Versions!.map((each) => [each.Version, each.FunctionArn, each.State]),
      [['$LATEST', `${arn}:$LATEST`, undefined]],
    )
    assert.deepEqual((await lambda.send(new ListAliasesCommand({ FunctionName }))).Aliases, [])
    const signed = await lambda.send(new GetFunctionCodeSigningConfigCommand({ FunctionName }))
    assert.deepEqual([signed.FunctionName, signed.CodeSigningConfigArn], ['f', undefined])
    const reserved = await lambda.send(new GetFunctionConcurrencyCommand({ FunctionName }))
    assert.equal(reserved.ReservedConcurrentExecutions, undefined)
    const none = new ListVersionsByFunctionCommand({ FunctionName: 'g' })
    assert.equal((await failure(lambda.send(none))).name, 'ResourceNotFoundException')
    const reader = server.client(await server.user('reader', { Action: 'lambda:GetFunction' }))
    for (const refused of [
      new ListVersionsByFunctionCommand({ FunctionName }),
      new ListAliasesCommand({ FunctionName }),
      new GetFunctionCodeSigningConfigCommand({ FunctionName }),
      new GetFunctionConcurrencyCommand({ FunctionName }),
    ])
      assert.equal((await failure(reader.send(refused as ListAliasesCommand))).name, 'AccessDeniedException')
  })

  test('take runtimes that Lambda has (LAM-9)', async () => {
    await using server = await lambdaServer()
    const create = (Runtime: string) => failure(server.create(one, { Runtime: Runtime as 'nodejs24.x' }))
    const unknown = await create('foo1.0')
    assert.equal(unknown.name, 'InvalidParameterValueException')
    assert.match(
      unknown.message,
      /^Value foo1\.0 at 'runtime' failed to satisfy constraint: Member must satisfy enum value set: \[.*nodejs24\.x.*\] or be a valid ARN$/,
    )
    assert.match(
      (await create('python2.7')).message,
      /^The runtime parameter of python2\.7 is no longer supported for creating or updating AWS Lambda functions\./,
    )
  })

  test('are deleted, and the event has no result (LAM-62)', async () => {
    await using server = await lambdaServer()
    await server.create(one)
    await server.lambda.send(new DeleteFunctionCommand({ FunctionName: 'f' }))
    const { Events } = await server.omen.client(CloudTrailClient).send(
      new LookupEventsCommand({
        LookupAttributes: [{ AttributeKey: 'EventName', AttributeValue: 'DeleteFunction20150331' }],
      }),
    )
    const event = JSON.parse(Events![0]!.CloudTrailEvent!)
    assert.deepEqual(event.requestParameters, { functionName: 'f' })
    assert.equal(event.responseElements, null)
  })
})
