import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  CreateRoleCommand,
  CreateUserCommand,
  DeleteUserCommand,
  IAMClient,
  ListUsersCommand,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam'
import { createOmen, type RunningOmen } from 'omen-iam/testing'
import { permissionChanges } from '../../packages/server/src/cli/index.ts'
import { imageOfAccount } from '../../packages/server/src/intake/index.ts'
import { policyText } from '../kit/index.ts'

const document = (Action: string) =>
  policyText({ Sid: 'S', Effect: 'Allow', Action, Resource: 'arn:aws:s3:::a/*' })

async function call(
  omen: RunningOmen,
  method: 'GET' | 'POST',
  path: string,
  body?: object,
  as = omen.keys.root,
) {
  const response = await omen.as(as).fetch(path, {
    method,
    service: 'omen',
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return { status: response.status, answer: (await response.json()) as never }
}

const usersOf = async (omen: RunningOmen) =>
  (await omen.client(IAMClient).send(new ListUsersCommand({}))).Users?.map(({ UserName }) => UserName)

describe('snapshots', () => {
  test('are saved, listed, loaded and removed; a load is one step back', async () => {
    await using omen = await createOmen({ port: false })
    const iam = omen.client(IAMClient)
    await iam.send(new CreateUserCommand({ UserName: 'ann' }))
    assert.equal((await call(omen, 'POST', '/_omen/snapshots/save', { name: 'one' })).status, 200)
    await iam.send(new DeleteUserCommand({ UserName: 'ann' }))
    await iam.send(new CreateUserCommand({ UserName: 'bob' }))
    assert.deepEqual(await usersOf(omen), ['admin', 'bob'])
    await call(omen, 'POST', '/_omen/snapshots/load', { name: 'one' })
    assert.deepEqual(await usersOf(omen), ['admin', 'ann'])
    const { answer } = await call(omen, 'GET', '/_omen/snapshots')
    assert.deepEqual(
      (answer as { snapshots: { name: string }[] }).snapshots.map(({ name }) => name),
      ['one'],
    )
    await call(omen, 'POST', '/_omen/snapshots/remove', { name: 'one' })
    assert.equal((await call(omen, 'POST', '/_omen/snapshots/load', { name: 'one' })).status, 404)
  })

  test('belong to the owner of the house: a user with every permission is refused', async () => {
    await using omen = await createOmen({ port: false })
    await omen.client(IAMClient).send(new CreateUserCommand({ UserName: 'ann' }))
    await omen
      .client(IAMClient)
      .send(new PutUserPolicyCommand({ UserName: 'ann', PolicyName: 'all', PolicyDocument: document('*') }))
    for (const [method, path] of [
      ['GET', '/_omen/snapshots'],
      ['POST', '/_omen/snapshots/load'],
      ['POST', '/_omen/imports'],
      ['GET', '/_omen/accounts/123456789012/image'],
    ] as const) {
      const response = await omen
        .as('user/ann')
        .fetch(path, { method, service: 'omen', ...(method === 'POST' ? { body: '{}' } : {}) })
      assert.equal(response.status, 403, path)
    }
  })

  test('a name is no path', async () => {
    await using omen = await createOmen({ port: false })
    for (const name of ['../x', '.hidden', 'a/b', 'a\u0000', ''])
      assert.equal((await call(omen, 'POST', '/_omen/snapshots/save', { name })).status, 400, name)
  })

  test('a difference reads as changes of permissions', async () => {
    await using omen = await createOmen({ port: false })
    const iam = omen.client(IAMClient)
    await iam.send(new CreateUserCommand({ UserName: 'dev' }))
    await iam.send(
      new PutUserPolicyCommand({
        UserName: 'dev',
        PolicyName: 'own',
        PolicyDocument: document('s3:GetObject'),
      }),
    )
    const image = () => {
      const { directory, firstAccount } = omen.omen.deps
      return {
        accounts: [imageOfAccount(directory.loaded(firstAccount)!, directory)],
        notTaken: [],
        findings: [],
      }
    }
    const before = image()
    assert.deepEqual(permissionChanges(before, image()), [])
    await iam.send(
      new PutUserPolicyCommand({
        UserName: 'dev',
        PolicyName: 'own',
        PolicyDocument: document('s3:PutObject'),
      }),
    )
    const trust = {
      Effect: 'Allow',
      Principal: { AWS: 'arn:aws:iam::123456789012:user/dev' },
      Action: 'sts:AssumeRole',
    }
    await iam.send(
      new CreateRoleCommand({
        RoleName: 'r',
        AssumeRolePolicyDocument: policyText(trust),
      }),
    )
    const told = permissionChanges(before, image()).map(({ who, what, by, access }) => [
      who,
      what,
      by,
      access?.actions,
    ])
    assert.deepEqual(told, [
      ['user/dev', 'access added', 'inline policy own, Sid S', ['s3:PutObject']],
      ['user/dev', 'access removed', 'inline policy own, Sid S', ['s3:GetObject']],
      ['role/r', 'created', undefined, undefined],
      ['role/r', 'may be assumed', 'the trust policy', ['sts:AssumeRole']],
    ])
  })
})
