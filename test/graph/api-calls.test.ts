import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { CreateRoleCommand, CreateUserCommand, IAMClient, PutUserPolicyCommand } from '@aws-sdk/client-iam'
import { AddPermissionCommand, CreateFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { createOmen, type RunningOmen } from '../../packages/server/src/index.ts'
import { policyText, trustPolicy } from '../kit/policies.ts'
import { zipOf } from '../support/index.ts'
import { account, allow, roleArn as role } from './account-file.ts'
import { ask } from './api-client.ts'

const partner = '999988887777'
const open = `arn:aws:lambda:us-east-1:${account}:function:open`
const key = `arn:aws:kms:us-east-1:${account}:key/00000000-0000-4000-8000-000000000000`

describe('GetReach about a call', () => {
  let omen: RunningOmen

  before(async () => {
    omen = await createOmen()
    const iam = omen.client(IAMClient)
    const AssumeRolePolicyDocument = trustPolicy({ Service: 'lambda.amazonaws.com' })
    await iam.send(new CreateRoleCommand({ RoleName: 'worker', AssumeRolePolicyDocument }))
    const users = [
      ['opener', allow('lambda:AddPermission', open)],
      ['decrypter', allow('kms:Decrypt', key)],
    ] as const
    for (const [UserName, Statement] of users) {
      await iam.send(new CreateUserCommand({ UserName }))
      await iam.send(
        new PutUserPolicyCommand({ UserName, PolicyName: 'own', PolicyDocument: policyText(Statement) }),
      )
    }
    const lambda = omen.client(LambdaClient)
    await lambda.send(
      new CreateFunctionCommand({
        FunctionName: 'open',
        Role: role('worker'),
        Code: { ZipFile: zipOf({ 'index.js': '' }) },
        Runtime: 'nodejs22.x',
        Handler: 'index.handler',
      }),
    )
    const permission = { FunctionName: 'open', StatementId: 'partner', Action: 'lambda:InvokeFunction' }
    await lambda.send(new AddPermissionCommand({ ...permission, Principal: partner }))
  })
  after(() => omen[Symbol.asyncDispose]())

  const reach = async (action: string, resource: string) =>
    (await ask(omen, omen.keys.admin, 'GetReach', { action, resource })).body

  it('names who makes it from outside, and by which call a principal lets itself make it (GRD-813)', async () => {
    const { outside, reached, notes } = await reach('lambda:InvokeFunction', open)
    assert.deepEqual(
      outside?.map(({ principal, kind, verdict, steps }) => [principal, kind, verdict, steps]),
      [[`arn:aws:iam::${partner}:root`, 'account', 'conditional', 0]],
    )
    const opener = reached.find(({ name }) => name === 'opener')
    assert.deepEqual([opener?.verdict, opener?.steps, opener?.after], ['proven', 0, 'lambda:AddPermission'])
    assert.equal(notes, undefined)
  })

  it('says which fact a row waits for, and what is in no file (GRD-801)', async () => {
    const { reached, notes, outside } = await reach('kms:Decrypt', key)
    assert.deepEqual(notes, [`the policy of ${key} is in no file: it may allow others`])
    const row = reached.find(({ name }) => name === 'decrypter')
    assert.deepEqual([row?.verdict, row?.facts?.length], ['undecided', 1])
    assert.deepEqual(outside, [])
  })
})
