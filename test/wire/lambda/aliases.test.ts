import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Lambda } from '@aws-sdk/client-lambda'
import { failure } from '../ec2-house.ts'
import { type LambdaServer, lambdaServer } from './house.ts'

const arn = 'arn:aws:lambda:us-east-1:123456789012:function:f'
const FunctionName = 'f'
const telling = 'exports.handler = async (_, c) => [c.functionVersion, c.invokedFunctionArn]'

describe('Aliases of a function', () => {
  test('lead to a version, and to another after an update (LAM-67)', async () => {
    await using server = await lambdaServer()
    const lambda = operations(server)
    await server.create(telling)
    await lambda.publishVersion({ FunctionName })
    const made = await lambda.createAlias({
      FunctionName,
      Name: 'live',
      FunctionVersion: '1',
      Description: 'd',
    })
    assert.ok(made.RevisionId)
    assert.deepEqual(
      [made.AliasArn, made.Name, made.FunctionVersion, made.Description],
      [`${arn}:live`, 'live', '1', 'd'],
    )
    assert.deepEqual((await server.invoke({ Qualifier: 'live' })).payload, ['1', `${arn}:live`])
    const seen = await lambda.getFunctionConfiguration({ FunctionName: 'f:live' })
    assert.deepEqual([seen.FunctionArn, seen.Version], [`${arn}:live`, '1'])
    await lambda.updateAlias({ FunctionName, Name: 'live', FunctionVersion: '$LATEST' })
    const invoked = await lambda.invoke({ FunctionName: `${arn}:live` })
    assert.equal(invoked.ExecutedVersion, '$LATEST')
    const got = await lambda.getAlias({ FunctionName, Name: 'live' })
    assert.deepEqual([got.FunctionVersion, got.Description], ['$LATEST', 'd'])
    assert.notEqual(got.RevisionId, made.RevisionId)
    const stale = { FunctionName, Name: 'live', RevisionId: made.RevisionId, Description: '' }
    assert.equal((await failure(lambda.updateAlias(stale))).name, 'PreconditionFailedException')
  })

  test('are listed, kept from dangling, and gone with their function (LAM-67)', async () => {
    await using server = await lambdaServer()
    const lambda = operations(server)
    await server.create(telling)
    await lambda.publishVersion({ FunctionName })
    for (const [Name, FunctionVersion] of [
      ['live', '1'],
      ['beta', '$LATEST'],
    ] as const)
      await lambda.createAlias({ FunctionName, Name, FunctionVersion })
    const names = async (more = {}) =>
      (await lambda.listAliases({ FunctionName, ...more })).Aliases?.map((each) => each.Name)
    assert.deepEqual(await names(), ['beta', 'live'])
    assert.deepEqual(await names({ FunctionVersion: '1' }), ['live'])
    const { NextMarker: Marker } = await lambda.listAliases({ FunctionName, MaxItems: 1 })
    assert.deepEqual(await names({ Marker }), ['live'])
    const bad: readonly [call: () => Promise<unknown>, name: string, message: string | RegExp][] = [
      [
        () => lambda.createAlias({ FunctionName, Name: 'live', FunctionVersion: '1' }),
        'ResourceConflictException',
        `Alias already exists: ${arn}:live`,
      ],
      [
        () => lambda.createAlias({ FunctionName, Name: 'next', FunctionVersion: '2' }),
        'ResourceNotFoundException',
        `Function not found: ${arn}:2`,
      ],
      [
        () => lambda.getAlias({ FunctionName, Name: 'next' }),
        'ResourceNotFoundException',
        `Cannot find alias arn: ${arn}:next`,
      ],
      [
        () => server.permit({ StatementId: 'a', Qualifier: 'next', Principal: '210987654321' }),
        'ResourceNotFoundException',
        `Cannot find alias arn: ${arn}:next`,
      ],
      [
        () => lambda.deleteFunction({ FunctionName, Qualifier: '1' }),
        'ResourceConflictException',
        'Unable to delete version because the following aliases reference it: [live]',
      ],
      [
        () =>
          lambda.createAlias({
            FunctionName,
            Name: 'split',
            FunctionVersion: '1',
            RoutingConfig: { AdditionalVersionWeights: { 1: 0.5 } },
          }),
        'InvalidParameterValueException',
        /^Omen shifts no traffic/,
      ],
      [
        () => lambda.updateFunctionConfiguration({ FunctionName: 'f:beta', Timeout: 1 }),
        'InvalidParameterValueException',
        /cannot be changed by it\.$/,
      ],
    ]
    for (const [call, name, message] of bad) {
      const refused = await failure(call())
      assert.equal(refused.name, name, refused.message)
      if (typeof message === 'string') assert.equal(refused.message, message)
      else assert.match(refused.message, message)
    }
    await lambda.deleteAlias({ FunctionName, Name: 'live' })
    await lambda.deleteAlias({ FunctionName, Name: 'live' })
    await lambda.deleteFunction({ FunctionName, Qualifier: '1' })
    await lambda.deleteFunction({ FunctionName })
    await server.create(telling)
    assert.deepEqual(await names(), [])
  })

  test('have policies of their own: what is allowed for one is not for another (LAM-66)', async () => {
    await using server = await lambdaServer()
    const lambda = operations(server)
    await server.create(telling)
    await lambda.publishVersion({ FunctionName })
    for (const Name of ['live', 'beta'])
      await lambda.createAlias({ FunctionName, Name, FunctionVersion: '1' })
    const stranger = await server.stranger({ Action: 'lambda:InvokeFunction' })
    await server.permit({ StatementId: 'a', Qualifier: 'live', Principal: '210987654321' })
    assert.equal((await server.invoke({ FunctionName: `${arn}:live` }, stranger)).status, 200)
    for (const other of [arn, `${arn}:1`, `${arn}:beta`]) {
      const refused = await failure(server.invoke({ FunctionName: other }, stranger))
      assert.equal(refused.name, 'AccessDeniedException', other)
    }
    const { Policy: policy = '' } = await lambda.getPolicy({ FunctionName, Qualifier: 'live' })
    assert.equal(JSON.parse(policy).Statement[0].Resource, `${arn}:live`)
    await lambda.removePermission({ FunctionName, StatementId: 'a', Qualifier: 'live' })
    assert.equal(
      (await failure(server.invoke({ FunctionName: `${arn}:live` }, stranger))).name,
      'AccessDeniedException',
    )
  })
})

/** The client of the server's admin with a method an operation. */
function operations(server: LambdaServer): Lambda {
  return Object.assign(new Lambda({ region: 'us-east-1' }), { send: server.lambda.send.bind(server.lambda) })
}
