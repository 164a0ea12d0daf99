import assert from 'node:assert/strict'
import { test } from 'node:test'
import { account } from '../../../../test/kit/index.ts'
import type { SignedCaller } from '../session/index.ts'
import { whoAmI } from './whoami.ts'

const provider = `arn:aws:iam::${account}:saml-provider/AWSSSO_0123456789abcdef_DO_NOT_DELETE`
const callerOf = (role: string, chain: readonly string[]) =>
  ({
    ...{ kind: 'role', account, accessKeyId: 'ASIAEXAMPLE', role: { id: 'AROAEXAMPLE' } },
    arn: `arn:aws:sts::${account}:assumed-role/x/alice`,
    roleArn: `arn:aws:iam::${account}:role/${role}`,
    session: { sessionName: 'alice', issuedAt: 0, expiresAt: 1, chain },
  }) as unknown as SignedCaller

test('SSO-115: whoami names the person behind a role of IAM Identity Center, and in roles after it', () => {
  const chain = [`${provider}:alice@example.com`]
  const reserved = 'aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Read_Only_0123456789abcdef'
  const { person, permissionSet } = whoAmI(callerOf(reserved, chain), 0)
  assert.deepEqual([person, permissionSet], ['alice@example.com', 'Read_Only'])
  const next = whoAmI(callerOf('deployer', [...chain, 'arn:aws:sts::123456789012:assumed-role/x/alice']), 0)
  assert.deepEqual([next.person, next.permissionSet], ['alice@example.com', undefined])
  const other = [`arn:aws:iam::${account}:saml-provider/corp:alice`]
  assert.equal(whoAmI(callerOf('deployer', other), 0).person, undefined)
})

test('whoami shows what the token of a session has, and leaves out what it has not', () => {
  const role = 'arn:aws:iam::123456789012:role/r'
  const session = (more: object) => {
    const caller = callerOf('r', [])
    return whoAmI({ ...caller, session: { ...caller.session, ...more } } as unknown as SignedCaller, 5_000)
  }
  const none = {
    issuedAt: '1970-01-01T00:00:00Z',
    expiresAt: '1970-01-01T00:00:00Z',
    tags: [],
    transitiveTagKeys: [],
  }
  const first = { ...none, roleArn: role, sessionName: 'alice' }
  const policies = { inline: '{}' }
  const tags = [{ key: 'team', value: 'red' }]
  for (const [more, shown] of [
    [{}, {}],
    [{ mfaAt: 2_000 }, { mfaAt: '1970-01-01T00:00:02Z' }],
    [{ sourceIdentity: 'ann' }, { sourceIdentity: 'ann' }],
    [{ sourceIdentity: undefined, policies: undefined, tags: undefined, transitiveTagKeys: undefined }, {}],
    [{ policies }, { policies }],
    [
      { tags, transitiveTagKeys: ['team'] },
      { tags, transitiveTagKeys: ['team'] },
    ],
    [{ service: 'ec2.amazonaws.com' }, { service: 'ec2.amazonaws.com' }],
    [{ federated: { provider: 'p' } }, { provider: 'p' }],
  ] as const)
    assert.deepEqual(session(more).session, { ...first, ...shown })
  assert.equal(session({}).now, '1970-01-01T00:00:05Z')
})

test('whoami shows the chain of each kind of caller', () => {
  const arn = `arn:aws:sts::${account}:x`
  const common = { account, arn, accessKeyId: 'ASIAEXAMPLE' }
  const session = { issuedAt: 1_000, expiresAt: 2_000, chain: ['a', 'b'] }
  const shown = (caller: object) => {
    const { chain, kind, session: of } = whoAmI({ ...common, ...caller } as unknown as SignedCaller, 0)
    return [kind, chain, of === undefined ? undefined : Object.keys(of)]
  }
  const keys = ['issuedAt', 'expiresAt', 'tags', 'transitiveTagKeys']
  assert.deepEqual(shown({ kind: 'root' }), ['root', [arn], undefined])
  assert.deepEqual(shown({ kind: 'user', user: { id: 'AIDAEXAMPLE' } }), ['user', [arn], undefined])
  assert.deepEqual(shown({ kind: 'user', user: { id: 'AIDAEXAMPLE' }, session }), ['user', [arn], keys])
  assert.deepEqual(shown({ kind: 'federated', issuerArn: 'i', name: 'n', session }), [
    'federated',
    ['i', arn],
    keys,
  ])
  assert.deepEqual(shown({ kind: 'assumedRoot', session }), ['assumedRoot', ['a', 'b', arn], keys])
})
