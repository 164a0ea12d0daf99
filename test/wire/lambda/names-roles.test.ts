import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  CreateFunctionCommand,
  DeleteFunctionCommand,
  GetFunctionConfigurationCommand,
  LambdaClient,
  TagResourceCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda'
import { zipOf } from '../../support/index.ts'
import { failure } from '../ec2-house.ts'
import { lambdaServer, roleArn, strangers } from './house.ts'

const one = 'exports.handler = async () => 1'
const arn = 'arn:aws:lambda:us-east-1:123456789012:function:f'
const ZipFile = zipOf({ 'index.js': one })
const created = (Role: string) =>
  new CreateFunctionCommand({
    FunctionName: 'g',
    Role,
    Runtime: 'nodejs24.x',
    Handler: 'index.handler',
    Code: { ZipFile },
  })

describe('a function is named', () => {
  test('by its name, a part of its ARN or all of it, each with a qualifier (LAM-1)', async () => {
    await using server = await lambdaServer()
    const { lambda } = server
    await server.create(one, { Publish: true })
    const shown = async (FunctionName: string, Qualifier?: string) =>
      (await lambda.send(new GetFunctionConfigurationCommand({ FunctionName, Qualifier }))).FunctionArn
    for (const name of ['f', '123456789012:function:f', arn]) {
      assert.equal(await shown(name), arn)
      assert.equal(await shown(`${name}:1`), `${arn}:1`)
      assert.equal(await shown(name, '1'), `${arn}:1`)
      assert.equal(await shown(`${name}:1`, '1'), `${arn}:1`)
    }
    assert.deepEqual(await failure(shown('f:1', '$LATEST')), {
      name: 'InvalidParameterValueException',
      message: 'The derived qualifier from the function name does not match the specified qualifier.',
      status: 400,
    })
  })

  test('where it is: from another region it cannot be reached (LAM-2)', async () => {
    await using server = await lambdaServer()
    await server.create(one)
    const west = new LambdaClient({ ...server.omen.clientConfig(), region: 'eu-west-1' })
    const { name, message } = await failure(
      west.send(new GetFunctionConfigurationCommand({ FunctionName: arn })),
    )
    west.destroy()
    assert.equal(name, 'ResourceNotFoundException')
    assert.equal(message, "Functions from 'us-east-1' are not reachable in this region ('eu-west-1')")
  })
})

describe('a function’s role', () => {
  test('is passed to Lambda when it is made, and whenever a change names one (LAM-12)', async () => {
    await using server = await lambdaServer()
    const all = { Action: 'lambda:*' }
    const passing = (Condition?: object) => ({ Action: 'iam:PassRole', Resource: roleArn, Condition })
    const toLambda = { StringEquals: { 'iam:PassedToService': 'lambda.amazonaws.com' } }
    const client = async (name: string, ...statements: Parameters<typeof server.user>[1][]) =>
      server.client(await server.user(name, ...statements))
    const refused = /perform: iam:PassRole on resource: arn:aws:iam::123456789012:role\/fn /
    const nothing = await client('nothing', passing())
    assert.match((await failure(nothing.send(created(roleArn)))).message, /perform: lambda:CreateFunction /)
    const without = await client('without', all)
    assert.match((await failure(without.send(created(roleArn)))).message, refused)
    const elsewhere = { StringEquals: { 'iam:PassedToService': 'ec2.amazonaws.com' } }
    const wrong = await client('wrong', all, passing(elsewhere))
    assert.match((await failure(wrong.send(created(roleArn)))).message, refused)
    const associated = (name: string) => ({
      ArnLike: { 'iam:AssociatedResourceArn': `arn:aws:lambda:*:*:function:${name}` },
    })
    const another = await client('another', all, passing(associated('f')))
    assert.match((await failure(another.send(created(roleArn)))).message, refused)
    const right = await client('right', all, passing({ ...toLambda, ...associated('g') }))
    await right.send(created(roleArn))
    const change = (more: object) => new UpdateFunctionConfigurationCommand({ FunctionName: 'g', ...more })
    await without.send(change({ Description: 'x' }))
    assert.match((await failure(without.send(change({ Role: roleArn })))).message, refused)
    await right.send(change({ Role: roleArn }))
  })

  test('is never another account’s, whoever the caller is (LAM-13)', async () => {
    await using server = await lambdaServer()
    await server.create(one)
    const Role = `arn:aws:iam::${strangers}:role/fn`
    const crossing = {
      name: 'AccessDeniedException',
      message: 'Cross-account pass role is not allowed.',
      status: 403,
    }
    for (const who of ['root', 'admin'] as const) {
      const client = new LambdaClient({ ...server.omen.clientConfig(who), maxAttempts: 1 })
      assert.deepEqual(await failure(client.send(created(Role))), crossing)
      const change = new UpdateFunctionConfigurationCommand({ FunctionName: 'f', Role })
      assert.deepEqual(await failure(client.send(change)), crossing)
      client.destroy()
    }
  })
})

describe('an invocation', () => {
  test('begins with nothing of the one before (LAM-50)', async () => {
    await using server = await lambdaServer()
    const keeps = `let count = 0
      const { existsSync, writeFileSync } = require('node:fs')
      const kept = require('node:os').tmpdir() + '/kept'
      exports.handler = async () => {
        const was = existsSync(kept)
        writeFileSync(kept, 'x')
        return { count: ++count, was }
      }`
    await server.create(keeps)
    for (let times = 0; times < 2; times++)
      assert.deepEqual((await server.invoke()).payload, { count: 1, was: false })
  })

  test('has the modules of its package, and no SDK beside them (LAM-55)', async () => {
    await using server = await lambdaServer()
    const files = {
      'index.js': `exports.handler = async (name) => typeof require(name)`,
      'node_modules/own/index.js': 'module.exports = {}',
    }
    await server.create(one, { Code: { ZipFile: zipOf(files) } })
    assert.equal((await server.invoke({ Payload: '"own"' })).payload, 'object')
    const { payload } = await server.invoke({ Payload: '"@aws-sdk/client-s3"' })
    assert.match(
      (payload as { errorMessage: string }).errorMessage,
      /^Cannot find module '@aws-sdk\/client-s3'/,
    )
  })
})

test('faults are in Lambda’s words (LAM-60)', async () => {
  await using server = await lambdaServer()
  const { lambda } = server
  await server.create(one)
  const FunctionName = 'f'
  const stale = { FunctionName, RevisionId: '00000000-0000-4000-8000-000000000000' }
  const late = {
    name: 'PreconditionFailedException',
    message:
      'The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to retrieve the latest Revision Id',
    status: 412,
  }
  const change = new UpdateFunctionConfigurationCommand({ ...stale, Description: 'x' })
  assert.deepEqual(await failure(lambda.send(change)), late)
  assert.deepEqual(await failure(lambda.send(new UpdateFunctionCodeCommand({ ...stale, ZipFile }))), late)
  const invalid = (message: string) => ({ name: 'InvalidParameterValueException', message, status: 400 })
  assert.deepEqual(
    await failure(lambda.send(new DeleteFunctionCommand({ FunctionName, Qualifier: '$LATEST' }))),
    invalid('$LATEST version cannot be deleted without deleting the function.'),
  )
  const made = { FunctionName: 'g', Role: roleArn }
  const node = { Runtime: 'nodejs24.x', Handler: 'index.handler' } as const
  assert.deepEqual(
    await failure(lambda.send(new CreateFunctionCommand({ ...made, Code: { ZipFile } }))),
    invalid('Runtime and Handler are mandatory parameters for functions created with deployment packages.'),
  )
  assert.deepEqual(
    await failure(lambda.send(new CreateFunctionCommand({ ...made, ...node, Code: {} }))),
    invalid('Please provide a source for function code.'),
  )
  assert.deepEqual(
    await failure(lambda.send(new TagResourceCommand({ Resource: `${arn}:$LATEST`, Tags: { a: 'b' } }))),
    invalid('Tags on function aliases and versions are not supported. Please specify a function ARN.'),
  )
})
