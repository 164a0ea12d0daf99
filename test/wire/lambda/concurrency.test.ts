import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DeleteFunctionConcurrencyCommand, GetAccountSettingsCommand, Lambda } from '@aws-sdk/client-lambda'
import { failure } from '../ec2-house.ts'
import { lambdaServer } from './house.ts'

const FunctionName = 'f'
const arn = 'arn:aws:lambda:us-east-1:123456789012:function:f'

test('LAM-61 reserved concurrency is kept and shown; none at all stops the function', async () => {
  await using server = await lambdaServer()
  const lambda = server.omen.client(Lambda, 'admin')
  await server.create('exports.handler = async () => 1')
  await lambda.deleteFunctionConcurrency({ FunctionName })
  const put = (ReservedConcurrentExecutions: number) =>
    lambda.putFunctionConcurrency({ FunctionName, ReservedConcurrentExecutions })
  assert.equal((await put(900)).ReservedConcurrentExecutions, 900)
  assert.equal((await lambda.getFunctionConcurrency({ FunctionName })).ReservedConcurrentExecutions, 900)
  assert.equal((await lambda.getFunction({ FunctionName })).Concurrency?.ReservedConcurrentExecutions, 900)
  assert.equal((await failure(put(901))).name, 'InvalidParameterValueException')
  await put(0)
  assert.equal((await failure(lambda.invoke({ FunctionName }))).name, 'TooManyRequestsException')
  await lambda.deleteFunctionConcurrency({ FunctionName })
  assert.equal(
    (await lambda.getFunctionConcurrency({ FunctionName })).ReservedConcurrentExecutions,
    undefined,
  )
  assert.equal((await lambda.getFunction({ FunctionName })).Concurrency, undefined)
  assert.equal((await lambda.invoke({ FunctionName })).StatusCode, 200)
  const reader = server.client(await server.user('reader', { Action: 'lambda:GetFunctionConcurrency' }))
  assert.equal(
    (await failure(reader.send(new DeleteFunctionConcurrencyCommand({ FunctionName })))).name,
    'AccessDeniedException',
  )
})

test('LAM-61 provisioned concurrency is of a version or an alias, and goes with it', async () => {
  await using server = await lambdaServer()
  const lambda = server.omen.client(Lambda, 'admin')
  await server.create('exports.handler = async () => 1')
  await lambda.publishVersion({ FunctionName })
  await lambda.createAlias({ FunctionName, Name: 'live', FunctionVersion: '1' })
  const put = (Qualifier: string) =>
    lambda.putProvisionedConcurrencyConfig({ FunctionName, Qualifier, ProvisionedConcurrentExecutions: 3 })
  assert.equal((await put('live')).Status, 'IN_PROGRESS')
  await put('1')
  const get = (Qualifier: string) => lambda.getProvisionedConcurrencyConfig({ FunctionName, Qualifier })
  const { Status, RequestedProvisionedConcurrentExecutions, AllocatedProvisionedConcurrentExecutions } =
    await get('live')
  assert.deepEqual(
    [Status, RequestedProvisionedConcurrentExecutions, AllocatedProvisionedConcurrentExecutions],
    ['READY', 3, 3],
  )
  const list = async (more = {}) => lambda.listProvisionedConcurrencyConfigs({ FunctionName, ...more })
  const page = await list({ MaxItems: 1 })
  assert.deepEqual(
    [page.ProvisionedConcurrencyConfigs?.map((each) => each.FunctionArn), page.NextMarker],
    [[`${arn}:1`], '1'],
  )
  const rest = await list({ Marker: page.NextMarker })
  assert.deepEqual(
    rest.ProvisionedConcurrencyConfigs?.map((each) => each.FunctionArn),
    [`${arn}:live`],
  )
  assert.equal((await failure(put('$LATEST'))).name, 'InvalidParameterValueException')
  assert.equal((await failure(put('none'))).name, 'ResourceNotFoundException')
  await lambda.deleteAlias({ FunctionName, Name: 'live' })
  await lambda.createAlias({ FunctionName, Name: 'live', FunctionVersion: '1' })
  assert.equal((await failure(get('live'))).name, 'ProvisionedConcurrencyConfigNotFoundException')
  await lambda.deleteProvisionedConcurrencyConfig({ FunctionName, Qualifier: '1' })
  assert.deepEqual((await list()).ProvisionedConcurrencyConfigs, [])
})

test('LAM-89 the settings of an account are those of its region', async () => {
  await using server = await lambdaServer()
  const lambda = server.omen.client(Lambda, 'admin')
  const none = await lambda.getAccountSettings()
  assert.deepEqual(none.AccountUsage, { TotalCodeSize: 0, FunctionCount: 0 })
  await server.create('exports.handler = async () => 1')
  await server.create('exports.handler = async () => 2', { FunctionName: 'g' })
  await lambda.publishVersion({ FunctionName })
  await lambda.putFunctionConcurrency({ FunctionName, ReservedConcurrentExecutions: 40 })
  await lambda.putFunctionConcurrency({ FunctionName: 'g', ReservedConcurrentExecutions: 2 })
  const sizeOf = async (name: string): Promise<number> =>
    (await lambda.getFunctionConfiguration({ FunctionName: name })).CodeSize ?? 0
  const { AccountLimit, AccountUsage } = await lambda.getAccountSettings()
  assert.deepEqual(AccountLimit, {
    TotalCodeSize: 268_435_456,
    CodeSizeUnzipped: 262_144_000,
    CodeSizeZipped: 52_428_800,
    ConcurrentExecutions: 1_000,
    UnreservedConcurrentExecutions: 958,
  })
  assert.deepEqual(AccountUsage, {
    TotalCodeSize: 2 * (await sizeOf('f')) + (await sizeOf('g')),
    FunctionCount: 2,
  })
  const elsewhere = await new Lambda({
    ...server.omen.clientConfig('admin'),
    region: 'eu-west-1',
  }).getAccountSettings()
  assert.deepEqual(
    [elsewhere.AccountUsage?.FunctionCount, elsewhere.AccountLimit?.UnreservedConcurrentExecutions],
    [0, 1_000],
  )
  const reader = server.client(await server.user('reader', { Action: 'lambda:ListFunctions' }))
  const refused = await failure(reader.send(new GetAccountSettingsCommand({})))
  assert.match(refused.message, /perform: lambda:GetAccountSettings on resource: \* because/)
})
