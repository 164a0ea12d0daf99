import assert from 'node:assert/strict'
import { test } from 'node:test'
import { IAM } from '@aws-sdk/client-iam'
import { Context, evaluate, principalContext } from '@omen-iam/policy'
import { createOmen } from 'omen-iam'
import { callerPolicies } from '../../packages/server/src/authorization/index.ts'
import { users } from '../../packages/server/src/directory/index.ts'

const everything = '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}'

test('a caller from before a change does not leave its policies to callers after it (SES-8)', async () => {
  await using omen = await createOmen()
  const iam = omen.client(IAM, 'admin')
  const { directory, firstAccount } = omen.omen.deps
  const own = { UserName: 'ann', PolicyName: 'own' }
  await iam.createUser({ UserName: 'ann' })
  await iam.putUserPolicy({ ...own, PolicyDocument: everything })
  const account = directory.loaded(firstAccount)!
  const ann = () => [...account.table(users).values()].find(({ name }) => name === 'ann')!
  const before = ann()
  await iam.deleteUserPolicy(own)

  const outcome = (user: typeof before) => {
    const arn = `arn:aws:iam::${firstAccount}:user/ann`
    const principal = { type: 'user', account: firstAccount, arn, id: user.id, name: 'ann' } as const
    const context = new Context(principalContext(principal))
    const caller = { kind: 'user', user } as Parameters<typeof callerPolicies>[0]
    const policies = callerPolicies(caller, account, directory)
    return evaluate({ principal, action: 's3:GetObject', resource: 'arn:aws:s3:::b/k', context }, policies)
      .outcome
  }
  assert.equal(outcome(before), 'allowed')
  assert.equal(outcome(ann()), 'implicitDeny')
})
