import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { IAM } from '@aws-sdk/client-iam'
import { createOmen, type RunningOmen } from 'omen-iam'
import { Secret } from '../../packages/server/src/base/index.ts'
import { signedHeaders } from '../../packages/server/src/wire/sigv4/index.ts'
import { account, deny, policyText, trustPolicy } from '../kit/index.ts'

const allow = (action: string, resource = '*') =>
  policyText({ Effect: 'Allow', Action: action, Resource: resource })

interface Answer {
  readonly wearers?: readonly { readonly name: string }[]
  readonly roles?: readonly {
    readonly id: string
    readonly tags: readonly object[]
    readonly boundary?: string
  }[]
  readonly error?: string
  readonly code?: string
}

describe('who can assume a role', () => {
  let omen: RunningOmen
  const keys = new Map<string, { readonly id: string; readonly secret: string }>()

  /** Asks as a user, with a key of the user's. */
  const ask = async (as: string, body?: object) => {
    const { id, secret } = keys.get(as) ?? { id: '', secret: '' }
    const url = new URL(`/_omen/api/${body === undefined ? 'role-facts' : 'wearers'}`, omen.endpoint)
    const method = body === undefined ? 'GET' : 'POST'
    const text = body === undefined ? '' : JSON.stringify(body)
    const request = {
      method,
      rawPath: url.pathname,
      rawQuery: '',
      headers: { host: url.host },
      body: Buffer.from(text),
    }
    const signer = { accessKeyId: id, secret: new Secret(secret), region: 'us-east-1', service: 'omen' }
    const { host: _, ...headers } = signedHeaders(request, signer, omen.clock.now())
    const response = await fetch(url, { method, headers, ...(text === '' ? {} : { body: text }) })
    return { status: response.status, body: (await response.json()) as Answer }
  }
  const wearers = async (as: string, body: object) =>
    (await ask(as, body)).body.wearers?.map(({ name }) => name)

  before(async () => {
    omen = await createOmen()
    const iam = omen.client(IAM, 'admin')
    for (const UserName of ['alice', 'bob', 'auditor']) await iam.createUser({ UserName })
    for (const UserName of ['admin', 'bob', 'auditor']) {
      const { AccessKey } = await iam.createAccessKey({ UserName })
      keys.set(UserName, { id: AccessKey?.AccessKeyId ?? '', secret: AccessKey?.SecretAccessKey ?? '' })
    }
    await iam.putUserPolicy({
      UserName: 'alice',
      PolicyName: 'p',
      PolicyDocument: allow('sts:AssumeRole', `arn:aws:iam::${account}:role/*`),
    })
    await iam.putUserPolicy({
      UserName: 'auditor',
      PolicyName: 'p',
      PolicyDocument: allow('iam:GetAccountAuthorizationDetails'),
    })
    await iam.createRole({
      RoleName: 'deployer',
      AssumeRolePolicyDocument: trustPolicy({ AWS: `arn:aws:iam::${account}:user/bob` }),
    })
  })
  after(() => omen.close())

  test('of an existing role, by its trust policy', async () => {
    assert.deepEqual(await wearers('admin', { role: 'deployer' }), ['bob'])
  })

  test('of a trust policy that is not saved, with the policies of those that it names as an account', async () => {
    const trust = trustPolicy({ AWS: `arn:aws:iam::${account}:root` })
    assert.deepEqual(await wearers('admin', { trust }), ['admin', 'alice'])
    assert.deepEqual(await wearers('admin', { role: 'deployer', trust }), ['admin', 'alice'])
    const named = trustPolicy({ AWS: `arn:aws:iam::${account}:user/bob` })
    assert.deepEqual(await wearers('admin', { trust: named }), ['bob'])
    assert.deepEqual(await wearers('admin', { trust: trustPolicy({ Service: 'ec2.amazonaws.com' }) }), [])
  })

  test('for callers that may read all policies', async () => {
    assert.deepEqual(await wearers('auditor', { role: 'deployer' }), ['bob'])
    const refused = await ask('bob', { role: 'deployer' })
    assert.equal(refused.status, 403)
    assert.match(refused.body.error ?? '', /iam:GetAccountAuthorizationDetails/)
  })

  test('what is no role and no trust policy is refused', async () => {
    assert.equal((await ask('admin', { role: 'nobody' })).status, 404)
    assert.equal((await ask('admin', { trust: '{"Statement":[{}]}' })).body.code, 'MalformedPolicyDocument')
  })

  test('RSN-20 tags and boundaries of the roles that a caller may get', async () => {
    const iam = omen.client(IAM, 'admin')
    const boundary = 'arn:aws:iam::aws:policy/ReadOnlyAccess'
    await iam.tagRole({ RoleName: 'deployer', Tags: [{ Key: 'team', Value: 'pay' }] })
    await iam.putRolePermissionsBoundary({ RoleName: 'deployer', PermissionsBoundary: boundary })
    const { Role } = await iam.getRole({ RoleName: 'deployer' })
    const { body } = await ask('admin')
    assert.deepEqual(
      body.roles?.find(({ id }) => id === Role?.RoleId),
      { id: Role?.RoleId, tags: [{ Key: 'team', Value: 'pay' }], boundary },
    )
    assert.match((await ask('auditor')).body.error ?? '', /iam:ListRoles on resource/)
    await iam.putUserPolicy({
      UserName: 'auditor',
      PolicyName: 'all-but-one',
      PolicyDocument: policyText(
        { Effect: 'Allow', Action: ['iam:ListRoles', 'iam:GetRole'], Resource: '*' },
        deny('iam:GetRole', Role?.Arn),
      ),
    })
    const seen = (await ask('auditor')).body.roles ?? []
    assert.equal(seen.length, (body.roles?.length ?? 0) - 1)
    assert.ok(seen.every(({ id }) => id !== Role?.RoleId))
  })
})
