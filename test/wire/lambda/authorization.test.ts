import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  AddPermissionCommand,
  CreateAliasCommand,
  CreateFunctionCommand,
  DeleteAliasCommand,
  DeleteFunctionCommand,
  GetAliasCommand,
  GetFunctionCommand,
  GetFunctionConfigurationCommand,
  GetPolicyCommand,
  InvokeCommand,
  type LambdaClient,
  ListFunctionsCommand,
  ListTagsCommand,
  PublishVersionCommand,
  RemovePermissionCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateAliasCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda'
import { zipOf } from '../../support/index.ts'
import { failure, type Statement } from '../ec2-house.ts'
import { lambdaServer, roleArn } from './house.ts'

const arn = 'arn:aws:lambda:us-east-1:123456789012:function:f'
const one = 'exports.handler = async () => 1'
const ZipFile = zipOf({ 'index.js': one })
const pass: Statement = { Action: 'iam:PassRole', Resource: roleArn }
const node = { Runtime: 'nodejs24.x', Handler: 'index.handler' } as const
const alias = { FunctionName: 'f', Name: 'live' } as const
const permission = { FunctionName: 'f', StatementId: 's', Action: 'lambda:InvokeFunction' } as const

/** Each operation, in an order in which all succeed; `*` where it is asked on no function. */
const calls: readonly [action: string, call: (client: LambdaClient) => Promise<unknown>, resource?: '*'][] = [
  [
    'CreateFunction',
    (c) =>
      c.send(new CreateFunctionCommand({ ...node, FunctionName: 'f', Role: roleArn, Code: { ZipFile } })),
  ],
  ['GetFunction', (c) => c.send(new GetFunctionCommand({ FunctionName: 'f' }))],
  ['GetFunctionConfiguration', (c) => c.send(new GetFunctionConfigurationCommand({ FunctionName: arn }))],
  ['ListFunctions', (c) => c.send(new ListFunctionsCommand({})), '*'],
  ['UpdateFunctionCode', (c) => c.send(new UpdateFunctionCodeCommand({ FunctionName: 'f', ZipFile }))],
  [
    'UpdateFunctionConfiguration',
    (c) => c.send(new UpdateFunctionConfigurationCommand({ FunctionName: 'f', Description: 'x' })),
  ],
  [
    'AddPermission',
    (c) => c.send(new AddPermissionCommand({ ...permission, Principal: 's3.amazonaws.com' })),
  ],
  ['GetPolicy', (c) => c.send(new GetPolicyCommand({ FunctionName: 'f' }))],
  ['RemovePermission', (c) => c.send(new RemovePermissionCommand({ FunctionName: 'f', StatementId: 's' }))],
  ['TagResource', (c) => c.send(new TagResourceCommand({ Resource: arn, Tags: { a: 'b' } }))],
  ['ListTags', (c) => c.send(new ListTagsCommand({ Resource: arn }))],
  ['UntagResource', (c) => c.send(new UntagResourceCommand({ Resource: arn, TagKeys: ['a'] }))],
  ['InvokeFunction', (c) => c.send(new InvokeCommand({ FunctionName: 'f' }))],
  ['PublishVersion', (c) => c.send(new PublishVersionCommand({ FunctionName: 'f' }))],
  ['CreateAlias', (c) => c.send(new CreateAliasCommand({ ...alias, FunctionVersion: '1' }))],
  ['UpdateAlias', (c) => c.send(new UpdateAliasCommand({ ...alias, Description: 'x' }))],
  ['GetAlias', (c) => c.send(new GetAliasCommand(alias))],
  ['DeleteAlias', (c) => c.send(new DeleteAliasCommand(alias))],
  ['DeleteFunction', (c) => c.send(new DeleteFunctionCommand({ FunctionName: 'f' }))],
]

describe('each operation is asked for', () => {
  test('on the function, by its own action, and denied without it (LAM-10)', async () => {
    await using server = await lambdaServer()
    for (const [action, call, resource = arn] of calls) {
      const without = server.client(await server.user('dev', pass, { Action: 'iam:*' }))
      const refused = await failure(call(without))
      assert.deepEqual([refused.name, refused.status], ['AccessDeniedException', 403], action)
      assert.equal(
        refused.message,
        `User: arn:aws:iam::123456789012:user/dev is not authorized to perform: lambda:${action} on resource: ${resource} because no identity-based policy allows the lambda:${action} action`,
      )
      const exactly = { Action: `lambda:${action}`, Resource: resource }
      await call(server.client(await server.user('dev', pass, exactly)))
    }
  })

  test('with the tags of the function and of the request (LAM-10, LAM-15)', async () => {
    await using server = await lambdaServer()
    const tagged = (key: string): Statement => ({
      Action: 'lambda:*',
      Condition: { StringEquals: { [key]: 'blue' } },
    })
    const creator = server.client(await server.user('creator', pass, tagged('aws:RequestTag/team')))
    const create = (team: string) =>
      creator.send(
        new CreateFunctionCommand({
          ...node,
          FunctionName: 'f',
          Role: roleArn,
          Code: { ZipFile },
          Tags: { team },
        }),
      )
    assert.match((await failure(create('red'))).message, /perform: lambda:CreateFunction /)
    await create('blue')
    const onlyCreate = { Action: 'lambda:CreateFunction' }
    const untagging = server.client(await server.user('untagging', pass, onlyCreate))
    const twice = new CreateFunctionCommand({
      ...node,
      FunctionName: 'g',
      Role: roleArn,
      Code: { ZipFile },
      Tags: { a: 'b' },
    })
    assert.match((await failure(untagging.send(twice))).message, /perform: lambda:TagResource /)
    const blue = server.client(await server.user('blue', tagged('aws:ResourceTag/team')))
    await blue.send(new GetFunctionConfigurationCommand({ FunctionName: 'f' }))
    await server.create(one, { FunctionName: 'g', Tags: { team: 'red' } })
    const red = await failure(blue.send(new GetFunctionConfigurationCommand({ FunctionName: 'g' })))
    assert.equal(red.name, 'AccessDeniedException')
  })

  test('GetFunction shows tags also to those who may not list them (LAM-17)', async () => {
    await using server = await lambdaServer()
    await server.create(one, { Tags: { team: 'blue' } })
    const dev = server.client(await server.user('dev', { Action: 'lambda:GetFunction' }))
    const shown = await dev.send(new GetFunctionCommand({ FunctionName: 'f' }))
    assert.deepEqual(shown.Tags, { team: 'blue' })
    assert.equal(shown.TagsError, undefined)
  })

  test('is not asked for more tags than a function may have (LAM-87)', async () => {
    await using server = await lambdaServer()
    await server.create(one)
    const nobody = server.client(await server.user('nobody', { Action: 's3:ListAllMyBuckets' }))
    const tagged = (count: number) => {
      const Tags = Object.fromEntries(Array.from({ length: count }, (_, at) => [`k${at}`, 'v']))
      return failure(nobody.send(new TagResourceCommand({ Resource: arn, Tags })))
    }
    assert.equal((await tagged(50)).name, 'AccessDeniedException')
    const { name, message } = await tagged(51)
    assert.deepEqual([name, message], ['InvalidParameterValueException', 'A function has at most 50 tags.'])
  })

  test('with lambda:Principal, lambda:Layer and what a VPC is asked with (LAM-18)', async () => {
    await using server = await lambdaServer()
    await server.create(one)
    const s3Only = {
      Action: 'lambda:*Permission',
      Condition: { StringEquals: { 'lambda:Principal': 's3.amazonaws.com' } },
    }
    const dev = server.client(await server.user('dev', s3Only))
    const add = (Principal: string) => dev.send(new AddPermissionCommand({ ...permission, Principal }))
    assert.equal((await failure(add('*'))).name, 'AccessDeniedException')
    await add('s3.amazonaws.com')
    await server.permit({ StatementId: 'all', Principal: '*' })
    const remove = (StatementId: string) =>
      dev.send(new RemovePermissionCommand({ FunctionName: 'f', StatementId }))
    assert.equal((await failure(remove('all'))).name, 'AccessDeniedException')
    await remove('s')
    const own = server.client(
      await server.user('own', {
        Action: 'lambda:UpdateFunctionConfiguration',
        Condition: {
          'ForAllValues:StringEquals': {
            'lambda:SubnetIds': ['subnet-1'],
            'lambda:SecurityGroupIds': ['sg-1'],
          },
          Null: { 'lambda:SubnetIds': 'false', 'lambda:SecurityGroupIds': 'false' },
        },
      }),
    )
    const move = (SubnetIds: string[], SecurityGroupIds: string[]) =>
      own.send(
        new UpdateFunctionConfigurationCommand({
          FunctionName: 'f',
          VpcConfig: { SubnetIds, SecurityGroupIds },
        }),
      )
    assert.equal((await failure(move(['subnet-2'], ['sg-1']))).name, 'AccessDeniedException')
    await move(['subnet-1'], ['sg-1'])
  })
})
