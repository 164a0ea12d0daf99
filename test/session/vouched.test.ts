import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { IAM } from '@aws-sdk/client-iam'
import { createOmen } from 'omen-iam'
import {
  globalContext,
  hypotheticalCall,
  hypotheticalSession,
  principalOf,
} from '../../packages/server/src/authorization/index.ts'
import { foreignIdentity } from '../../packages/server/src/session/index.ts'

const origin = { sourceIp: '127.0.0.1', userAgent: 'test', host: '', secure: true }
const trust =
  '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"123456789012"},"Action":"sts:AssumeRole"}]}'

describe('sessions that an identity provider vouched for', () => {
  test('POL-105 have no aws:MultiFactorAuthPresent, while those of AssumeRole say false', async () => {
    await using omen = await createOmen()
    await omen.client(IAM, 'admin').createRole({ RoleName: 'worker', AssumeRolePolicyDocument: trust })
    const { deps } = omen.omen
    const account = await deps.directory.find(deps.firstAccount)
    assert.ok(account)
    const worn = hypotheticalSession(account, 'worker', 'session', deps.clock.now())
    assert.ok(worn)
    const present = (by: 'user' | 'role' | 'webIdentity' | 'saml', mfaAt?: number) => {
      const session = { ...worn.session, origin: by, ...(mfaAt === undefined ? {} : { mfaAt }) }
      const call = hypotheticalCall({ ...worn, session }, account, deps, origin)
      return globalContext(call, principalOf(call.caller)).get('aws:MultiFactorAuthPresent')
    }
    assert.deepEqual([present('user'), present('role'), present('user', deps.clock.now())].map(String), [
      'false',
      'false',
      'true',
    ])
    assert.deepEqual([present('webIdentity'), present('saml')], [undefined, undefined])
  })

  test('TRL-42 are in another account’s event only with account and id, federated callers too', async () => {
    await using omen = await createOmen()
    const { deps } = omen.omen
    const account = deps.firstAccount
    const issuedAt = deps.clock.now()
    const caller = {
      kind: 'federated',
      account,
      arn: `arn:aws:sts::${account}:federated-user/bob`,
      issuerArn: `arn:aws:iam::${account}:root`,
      issuer: undefined,
      accessKeyId: 'ASIAEXAMPLE',
      session: {
        kind: 'federated',
        account,
        accessKeyId: 'ASIAEXAMPLE',
        secretAccessKey: '',
        name: 'bob',
        issuedAt,
        expiresAt: issuedAt + 1,
      },
    } as unknown as Parameters<typeof foreignIdentity>[0]
    assert.deepEqual(foreignIdentity(caller), {
      type: 'AWSAccount',
      principalId: `${account}:bob`,
      accountId: account,
    })
  })
})
