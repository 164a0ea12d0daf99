import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { IAM } from '@aws-sdk/client-iam'
import {
  AddPermissionCommand,
  GetPolicyCommand,
  InvokeCommand,
  RemovePermissionCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda'
import { hypotheticalCall, judge, principalOf } from '../../../packages/server/src/authorization/index.ts'
import type { ClientCredentials } from '../../../packages/server/src/index.ts'
import { lambda as api } from '../../../packages/server/src/services/lambda/index.ts'
import { failure } from '../ec2-house.ts'
import { type LambdaServer, lambdaServer, roleArn, strangers } from './house.ts'

const arn = 'arn:aws:lambda:us-east-1:123456789012:function:f'
const one = 'exports.handler = async () => 1'
const invoking = { Action: 'lambda:InvokeFunction' }

async function withFunction(): Promise<LambdaServer> {
  const server = await lambdaServer()
  await server.create(one)
  return server
}

describe('the resource policy', () => {
  test('is made of statements, added and taken away (LAM-20, LAM-22)', async () => {
    await using server = await withFunction()
    const { lambda } = server
    const { Statement } = await lambda.send(
      new AddPermissionCommand({
        FunctionName: 'f',
        StatementId: 's3',
        Action: 'lambda:InvokeFunction',
        Principal: 's3.amazonaws.com',
        SourceArn: 'arn:aws:s3:::a-bucket',
        SourceAccount: '123456789012',
      }),
    )
    const said =
      '{"Sid":"s3","Effect":"Allow","Principal":{"Service":"s3.amazonaws.com"},"Action":"lambda:InvokeFunction",' +
      `"Resource":"${arn}","Condition":{"StringEquals":{"AWS:SourceAccount":"123456789012"},"ArnLike":{"AWS:SourceArn":"arn:aws:s3:::a-bucket"}}}`
    assert.equal(Statement, said)
    await server.permit({ StatementId: 'other', Principal: strangers })
    const shown = await lambda.send(new GetPolicyCommand({ FunctionName: 'f' }))
    assert.equal(
      shown.Policy,
      `{"Version":"2012-10-17","Id":"default","Statement":[${said},{"Sid":"other","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::${strangers}:root"},"Action":"lambda:InvokeFunction","Resource":"${arn}"}]}`,
    )
    const again = await failure(server.permit({ StatementId: 'other', Principal: '*' }))
    assert.equal(again.name, 'ResourceConflictException')
    assert.match(again.message, /^The statement id \(other\) provided already exists\./)
    const stale = new RemovePermissionCommand({ FunctionName: 'f', StatementId: 's3', RevisionId: 'old' })
    assert.equal((await failure(lambda.send(stale))).name, 'PreconditionFailedException')
    // $LATEST is not the function: its policy stays (LAM-84)
    const latest = { FunctionName: 'f', Qualifier: '$LATEST' }
    const ofLatest = new RemovePermissionCommand({ ...latest, StatementId: 's3' })
    assert.equal((await failure(lambda.send(ofLatest))).name, 'ResourceNotFoundException')
    assert.equal((await failure(lambda.send(new GetPolicyCommand(latest)))).name, 'ResourceNotFoundException')
    for (const StatementId of ['s3', 'other'])
      await lambda.send(new RemovePermissionCommand({ FunctionName: 'f', StatementId }))
    const missing = new RemovePermissionCommand({ FunctionName: 'f', StatementId: 's3' })
    assert.equal(
      (await failure(lambda.send(missing))).message,
      'No policy is associated with the given resource.',
    )
    const none = await failure(lambda.send(new GetPolicyCommand({ FunctionName: 'f' })))
    assert.equal(none.message, 'The resource you requested does not exist.')
  })

  test('takes principals that are some, and grows within its limit (LAM-21, LAM-23)', async () => {
    await using server = await withFunction()
    const wrong = 'The provided principal was invalid. Please check the principal and try again.'
    for (const Principal of ['nobody', 'arn:aws:iam::123456789012:user/none', 'arn:aws:s3:::b', 'evil.com']) {
      assert.equal((await failure(server.permit({ Principal }))).message, wrong, Principal)
    }
    await server.user('dev')
    const right = [
      'arn:aws:iam::123456789012:user/dev',
      'arn:aws:iam::999999999999:role/any',
      '*',
      '999999999999',
    ]
    for (const [i, Principal] of right.entries()) await server.permit({ StatementId: `s${i}`, Principal })
    const latest = await failure(server.permit({ StatementId: 'l', Principal: '*', Qualifier: '$LATEST' }))
    assert.equal(latest.message, 'We currently do not support adding policies for $LATEST.')
    let full: Awaited<ReturnType<typeof failure>> | undefined
    for (let i = 0; full === undefined && i < 200; i++) {
      const StatementId = `${i}`.padStart(90, '0')
      await server.permit({ StatementId, Principal: '*' }).catch(async (error) => {
        full = await failure(Promise.reject(error))
      })
    }
    assert.match(full?.message ?? '', /^The final policy size \(\d+\) is bigger than the limit \(20480\)\.$/)
  })

  test('is for the user who was there, and for nobody new of its name (POL-179)', async () => {
    await using server = await withFunction()
    const iam = server.omen.client(IAM)
    const user = async (UserName: string) => {
      await iam.createUser({ UserName })
      const { AccessKey: key } = await iam.createAccessKey({ UserName })
      return { accessKeyId: key!.AccessKeyId!, secretAccessKey: key!.SecretAccessKey! }
    }
    const named = async () => {
      const { Policy = '' } = await server.lambda.send(new GetPolicyCommand({ FunctionName: 'f' }))
      return JSON.parse(Policy).Statement[0].Principal.AWS
    }
    const dry = (key: ClientCredentials) => server.invoke({ InvocationType: 'DryRun' }, server.client(key))
    const bob = await user('bob')
    await server.permit({ Principal: 'arn:aws:iam::123456789012:user/bob' })
    assert.equal(await named(), 'arn:aws:iam::123456789012:user/bob')
    await iam.updateUser({ UserName: 'bob', NewUserName: 'robert' })
    assert.equal(await named(), 'arn:aws:iam::123456789012:user/robert')
    await dry(bob)
    const other = await user('bob')
    assert.equal((await failure(dry(other))).name, 'AccessDeniedException')
    await iam.deleteAccessKey({ UserName: 'robert', AccessKeyId: bob.accessKeyId })
    await iam.deleteUser({ UserName: 'robert' })
    assert.match(await named(), /^AIDA[A-Z2-7]{17}$/)
    assert.equal((await failure(dry(await user('robert')))).name, 'AccessDeniedException')
  })

  test('lets another account in, and only together with that account’s own policies (LAM-11)', async () => {
    await using server = await withFunction()
    const foreign = { FunctionName: arn }
    const guest = await server.stranger(invoking)
    assert.match(
      (await failure(server.invoke(foreign, guest))).message,
      /lambda:InvokeFunction on resource: .*:function:f because no resource-based policy allows/,
    )
    await server.permit({ Principal: strangers })
    assert.equal((await server.invoke(foreign, guest)).payload, 1)
    const powerless = await server.stranger()
    assert.match(
      (await failure(server.invoke(foreign, powerless))).message,
      /no resource-based policy allows/,
    ) // POL-135
    const update = new UpdateFunctionConfigurationCommand({ ...foreign, Description: 'x' })
    const manager = await server.stranger({ Action: 'lambda:*' })
    assert.equal((await failure(manager.send(update))).name, 'AccessDeniedException')
    await server.permit({
      StatementId: 'two',
      Principal: strangers,
      Action: 'lambda:UpdateFunctionConfiguration',
    })
    assert.equal((await manager.send(update)).Description, 'x')
    // even then nobody hands on a role of an account that is not theirs
    const role = new UpdateFunctionConfigurationCommand({ ...foreign, Role: roleArn })
    const passer = await server.stranger({ Action: ['lambda:*', 'iam:PassRole'] })
    assert.equal((await failure(passer.send(role))).message, 'Cross-account pass role is not allowed.')
  })

  test('lets a user of the same account in by itself, but never past a denial (LAM-11)', async () => {
    await using server = await withFunction()
    const dev = server.client(await server.user('dev'))
    assert.equal((await failure(server.invoke({}, dev))).name, 'AccessDeniedException')
    await server.permit({ Principal: 'arn:aws:iam::123456789012:user/dev' })
    assert.equal((await server.invoke({}, dev)).payload, 1)
    const denied = server.client(await server.user('dev', { ...invoking, Effect: 'Deny' }))
    assert.match((await failure(server.invoke({}, denied))).message, /with an explicit deny/)
    // the statement speaks of the function, not of a version of it
    const qualified = server.client(await server.user('dev'))
    assert.equal(
      (await failure(server.invoke({ Qualifier: '$LATEST' }, qualified))).name,
      'AccessDeniedException',
    )
  })

  test('lets a service in, for its source and its account only (LAM-24)', async () => {
    await using server = await withFunction()
    const source = { SourceArn: 'arn:aws:s3:::a-bucket', SourceAccount: '123456789012' }
    await server.permit({ Principal: 's3.amazonaws.com', ...source })
    const from = (name: string, bucket: string, account: string) => {
      const { omen } = server.omen
      const signed = { kind: 'root', account: server.account.id, arn: '', accessKeyId: '' } as const
      const origin = { sourceIp: name, userAgent: name, host: '', secure: true }
      const call = {
        ...hypotheticalCall(signed, server.account, omen.deps, origin),
        caller: { kind: 'service', account: server.account.id, name } as const,
      }
      const [asked] = api.operations.Invoke!.requests!({ FunctionName: 'f' } as never, call)
      const context = {
        ...asked!.context,
        'aws:SourceArn': `arn:aws:s3:::${bucket}`,
        'aws:SourceAccount': account,
      }
      return judge({ ...asked!, context }, principalOf(call.caller), call).decision.outcome
    }
    assert.equal(from('s3.amazonaws.com', 'a-bucket', '123456789012'), 'allowed')
    assert.equal(from('s3.amazonaws.com', 'other', '123456789012'), 'implicitDeny')
    assert.equal(from('s3.amazonaws.com', 'a-bucket', strangers), 'implicitDeny')
    assert.equal(from('sns.amazonaws.com', 'a-bucket', '123456789012'), 'implicitDeny')
  })

  test('is not asked where nobody signs (LAM-11)', async () => {
    await using server = await withFunction()
    await server.permit({ Principal: '*' })
    const unsigned = await fetch(`${server.omen.endpoint}/2015-03-31/functions/f/invocations`, {
      method: 'POST',
    })
    assert.equal(unsigned.status, 403)
    await server.lambda.send(new InvokeCommand({ FunctionName: 'f', InvocationType: 'DryRun' }))
  })
})
