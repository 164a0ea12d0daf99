import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { describe, test } from 'node:test'
import { CloudTrail } from '@aws-sdk/client-cloudtrail'
import { Lambda } from '@aws-sdk/client-lambda'
import type { AccountId } from '../../../packages/server/src/base/index.ts'
import { zipOf } from '../../support/index.ts'
import { failure } from '../ec2-house.ts'
import { type LambdaServer, lambdaServer, roleArn } from './house.ts'

const arn = 'arn:aws:lambda:us-east-1:123456789012:function:f'
const FunctionName = 'f'
const saying = (what: string) => `exports.handler = async (_, c) => ['${what}', c.functionVersion]`

describe('Versions of a function', () => {
  test('are what it was when they were published (LAM-65)', async () => {
    await using server = await lambdaServer()
    const lambda = operations(server)
    await server.create(saying('one'), { Description: 'first' })
    const made = await lambda.publishVersion({ FunctionName })
    assert.deepEqual([made.Version, made.FunctionArn, made.State], ['1', `${arn}:1`, 'Pending'])
    // nothing has changed since
    assert.equal((await lambda.publishVersion({ FunctionName, Description: 'again' })).Version, '1')
    await lambda.updateFunctionConfiguration({ FunctionName, Timeout: 9, Description: 'second' })
    const updated = await lambda.updateFunctionCode({
      FunctionName,
      ZipFile: zipOf({ 'index.js': saying('two') }),
      Publish: true,
    })
    assert.deepEqual([updated.Version, updated.FunctionArn], ['2', `${arn}:2`])
    const first = await lambda.getFunctionConfiguration({ FunctionName, Qualifier: '1' })
    assert.deepEqual([first.Description, first.Timeout, first.State], ['first', 10, 'Active'])
    assert.notEqual(first.CodeSha256, updated.CodeSha256)
    assert.deepEqual((await server.invoke({ FunctionName: 'f:1' })).payload, ['one', '1'])
    assert.deepEqual((await server.invoke({ Qualifier: '2' })).payload, ['two', '2'])
    assert.deepEqual((await server.invoke()).payload, ['two', '$LATEST'])
    assert.equal((await lambda.invoke({ FunctionName: 'f:2' })).ExecutedVersion, '2')
  })

  test('share one package beside the account, which goes with the last of them (LAM-75)', async () => {
    await using server = await lambdaServer()
    const lambda = operations(server)
    const { directory } = server.omen.omen.deps
    const account = directory.loaded('123456789012' as AccountId) // twelve digits
    assert.ok(account)
    const before = account.size
    await server.create(`${saying('one')}\n// ${randomBytes(400_000).toString('hex')}`)
    await lambda.publishVersion({ FunctionName })
    assert.ok(account.size - before < 20_000, `${account.size - before} characters`)
    const { CodeSha256, CodeSize } = await lambda.getFunctionConfiguration({ FunctionName })
    assert.ok(CodeSha256)
    const kept = async () => (await directory.store.readBlob(CodeSha256))?.length
    assert.equal(await kept(), CodeSize)
    await lambda.updateFunctionCode({ FunctionName, ZipFile: zipOf({ 'index.js': saying('two') }) })
    assert.equal(await kept(), CodeSize)
    assert.deepEqual((await server.invoke({ Qualifier: '1' })).payload, ['one', '1'])
    await lambda.deleteFunction({ FunctionName, Qualifier: '1' })
    assert.equal(await kept(), undefined)
    // as after a restart: what is kept is all there is
    directory.forgetAll()
    assert.deepEqual((await server.invoke()).payload, ['two', '$LATEST'])
  })

  test('are published with a function, listed, and deleted one by one or with it (LAM-65)', async () => {
    await using server = await lambdaServer()
    const lambda = operations(server)
    const created = await lambda.createFunction({
      FunctionName,
      Role: roleArn,
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Code: { ZipFile: zipOf({ 'index.js': saying('one') }) },
      Publish: true,
    })
    assert.equal(created.Version, '1')
    for (const MemorySize of [256, 512]) {
      await lambda.updateFunctionConfiguration({ FunctionName, MemorySize })
      await lambda.publishVersion({ FunctionName })
    }
    const listed = async () => {
      const { Versions: all = [] } = await lambda.listVersionsByFunction({ FunctionName })
      return all.map((each) => [each.Version, each.FunctionArn?.slice(arn.length), each.MemorySize])
    }
    assert.deepEqual(await listed(), [
      ['$LATEST', ':$LATEST', 512],
      ['1', ':1', 128],
      ['2', ':2', 256],
      ['3', ':3', 512],
    ])
    const page = await lambda.listVersionsByFunction({ FunctionName, MaxItems: 2 })
    const rest = await lambda.listVersionsByFunction({ FunctionName, Marker: page.NextMarker })
    assert.deepEqual(
      [page, rest].map(({ Versions }) => Versions?.map((each) => each.Version)),
      [
        ['$LATEST', '1'],
        ['2', '3'],
      ],
    )
    const { Functions: everything } = await lambda.listFunctions({ FunctionVersion: 'ALL' })
    assert.equal(everything?.length, 4)
    assert.equal((await lambda.listFunctions({})).Functions?.length, 1)
    await lambda.deleteFunction({ FunctionName, Qualifier: '3' })
    // a number is never used again
    assert.equal((await lambda.publishVersion({ FunctionName })).Version, '4')
    for (const Qualifier of ['3', '01', 'prod']) {
      const { message } = await failure(lambda.getFunction({ FunctionName, Qualifier }))
      assert.equal(message, `Function not found: ${arn}:${Qualifier}`)
    }
    await lambda.deleteFunction({ FunctionName })
    const gone = await failure(lambda.getFunction({ FunctionName, Qualifier: '1' }))
    assert.equal(gone.name, 'ResourceNotFoundException')
  })

  test('stay as they are, and are published from what they should be (LAM-65)', async () => {
    await using server = await lambdaServer()
    const lambda = operations(server)
    await server.create(saying('one'))
    await lambda.publishVersion({ FunctionName })
    assert.equal(
      (await failure(lambda.updateFunctionConfiguration({ FunctionName: 'f:1', Timeout: 1 }))).name,
      'InvalidParameterValueException',
    )
    assert.match(
      (await failure(lambda.publishVersion({ FunctionName, CodeSha256: 'x' }))).message,
      /^CodeSHA256 \(x\) is different from current CodeSHA256 in \$LATEST /,
    )
    assert.equal(
      (await failure(lambda.publishVersion({ FunctionName, RevisionId: 'x' }))).name,
      'PreconditionFailedException',
    )
  })

  test('have policies of their own, and the function’s tags (LAM-10, LAM-66)', async () => {
    await using server = await lambdaServer()
    const lambda = operations(server)
    await server.create(saying('one'), { Tags: { team: 'a' } })
    await lambda.publishVersion({ FunctionName })
    const stranger = await server.stranger({ Action: 'lambda:InvokeFunction' })
    await server.permit({ StatementId: 'v', Qualifier: '1', Principal: '210987654321' })
    assert.equal((await server.invoke({ FunctionName: `${arn}:1` }, stranger)).status, 200)
    const whole = await failure(server.invoke({ FunctionName: arn }, stranger))
    assert.equal(whole.name, 'AccessDeniedException')
    const { Policy: policy = '' } = await lambda.getPolicy({ FunctionName, Qualifier: '1' })
    assert.equal(JSON.parse(policy).Statement[0].Resource, `${arn}:1`)
    assert.equal((await failure(lambda.getPolicy({ FunctionName }))).name, 'ResourceNotFoundException')
    const tagged = server.client(
      await server.user('tagged', {
        Action: 'lambda:*',
        Condition: { StringEquals: { 'aws:ResourceTag/team': 'a' } },
      }),
    )
    assert.equal((await server.invoke({ Qualifier: '1' }, tagged)).status, 200)
    const publisher = operations(
      server,
      server.client(await server.user('reader', { Action: 'lambda:Get*' })),
    )
    assert.match(
      (await failure(publisher.publishVersion({ FunctionName }))).message,
      /lambda:PublishVersion on resource: arn:aws:lambda:us-east-1:123456789012:function:f because/,
    )
  })

  test('are in the trail under Lambda’s own name (TRL-16, TRL-56)', async () => {
    await using server = await lambdaServer()
    await server.create(saying('one'))
    await operations(server).publishVersion({ FunctionName })
    const { Events: events } = await server.omen.client(CloudTrail, 'admin').lookupEvents({
      LookupAttributes: [{ AttributeKey: 'EventName', AttributeValue: 'PublishVersion20150331' }],
    })
    assert.equal(JSON.parse(events?.[0]?.CloudTrailEvent ?? '').responseElements.version, '1')
  })
})

/** The client of the server's admin, or another, with a method an operation. */
function operations(server: LambdaServer, client = server.lambda): Lambda {
  return Object.assign(new Lambda({ region: 'us-east-1' }), { send: client.send.bind(client) })
}
