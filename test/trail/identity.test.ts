import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Role, User } from '../../packages/server/src/directory/index.ts'
import {
  type Caller,
  eventUsername,
  foreignIdentity,
  type RoleCaller,
  userIdentity,
} from '../../packages/server/src/session/index.ts'
import { account } from '../kit/index.ts'

const issuedAt = Date.UTC(2026, 6, 10, 11, 42, 31)
const claims = {
  account,
  accessKeyId: 'ASIAEXAMPLE',
  secretAccessKey: 's',
  issuedAt,
  expiresAt: issuedAt + 3_600_000,
}
const creationDate = '2026-07-10T11:42:31Z'
const user = { id: 'AIDAEXAMPLE', name: 'alice', path: '/team/' } as User
const role = { id: 'AROAEXAMPLE', name: 'deployer', path: '/ci/' } as Role

function worn(more: Partial<RoleCaller['session']> = {}): RoleCaller {
  return {
    kind: 'role',
    account,
    arn: `arn:aws:sts::${account}:assumed-role/deployer/work`,
    roleArn: `arn:aws:iam::${account}:role/ci/deployer`,
    role,
    accessKeyId: 'ASIAEXAMPLE',
    session: {
      ...claims,
      kind: 'role',
      roleId: role.id,
      sessionName: 'work',
      origin: 'user',
      chain: [],
      ...more,
    },
  }
}

const root: Caller = {
  kind: 'root',
  account,
  arn: `arn:aws:iam::${account}:root`,
  accessKeyId: 'ASIAEXAMPLE',
  session: { ...claims, kind: 'user', userId: 'root', mfaAt: issuedAt, signIn: 'abc' },
}

const issuer = {
  type: 'Role',
  principalId: 'AROAEXAMPLE',
  arn: `arn:aws:iam::${account}:role/ci/deployer`,
  accountId: account,
  userName: 'deployer',
}

describe('userIdentity', () => {
  it('of root that signed in, with MFA (TRL-20, SGN-3)', () => {
    assert.deepEqual(userIdentity(root), {
      type: 'Root',
      principalId: account,
      arn: `arn:aws:iam::${account}:root`,
      accountId: account,
      accessKeyId: 'ASIAEXAMPLE',
      sessionContext: {
        attributes: { creationDate, mfaAuthenticated: 'true' },
        signInSessionArn: `arn:aws:signin:us-east-1:${account}:session/abc`,
      },
    })
    assert.equal(eventUsername(root), 'root')
  })

  it('of a role session: the issuer with its path, the session without (TRL-22, TRL-23)', () => {
    const identity = userIdentity(worn({ sourceIdentity: 'alice' }))
    assert.deepEqual(Object.keys(identity), [
      'type',
      'principalId',
      'arn',
      'accountId',
      'accessKeyId',
      'sessionContext',
    ])
    assert.equal(identity.principalId, 'AROAEXAMPLE:work')
    assert.deepEqual(identity.sessionContext, {
      sessionIssuer: issuer,
      attributes: { creationDate, mfaAuthenticated: 'false' },
      sourceIdentity: 'alice',
    })
    assert.equal(eventUsername(worn()), 'work')
  })

  it('of an instance’s session, and of one that an identity provider vouched for (TRL-23, TRL-24)', () => {
    const instance = userIdentity(worn({ origin: 'service', service: 'ec2.amazonaws.com' }))
    assert.equal((instance.sessionContext as Record<string, unknown>).ec2RoleDelivery, '2.0')
    const provider = `arn:aws:iam::${account}:oidc-provider/idp.example`
    const federated = userIdentity(worn({ origin: 'webIdentity', federated: { provider, keys: {} } }))
    assert.deepEqual(Object.keys(federated.sessionContext as object), [
      'sessionIssuer',
      'webIdFederationData',
      'attributes',
    ])
    assert.deepEqual((federated.sessionContext as Record<string, unknown>).webIdFederationData, {
      federatedProvider: provider,
      attributes: {},
    })
  })

  it('of a federated user of root’s (TRL-25), and of an assumed root (TRL-29)', () => {
    const federated = userIdentity({
      kind: 'federated',
      account,
      arn: `arn:aws:sts::${account}:federated-user/guest`,
      issuer: undefined,
      issuerArn: `arn:aws:iam::${account}:root`,
      accessKeyId: 'ASIAEXAMPLE',
      session: { ...claims, kind: 'federated', name: 'guest', issuerId: 'root' },
    })
    assert.deepEqual(federated.sessionContext, {
      sessionIssuer: {
        type: 'Root',
        principalId: account,
        arn: `arn:aws:iam::${account}:root`,
        accountId: account,
      },
      attributes: { creationDate, mfaAuthenticated: 'false' },
    })
    const assumed = userIdentity({
      kind: 'assumedRoot',
      account,
      arn: `arn:aws:iam::${account}:root`,
      accessKeyId: 'ASIAEXAMPLE',
      session: { ...claims, kind: 'assumedRoot', taskPolicyArn: 'arn', chain: [] },
    })
    assert.equal(assumed.type, 'Root')
    assert.equal((assumed.sessionContext as Record<string, unknown>).assumedRoot, 'true')
  })

  it('of those who sign nothing (TRL-27)', () => {
    assert.deepEqual(userIdentity({ kind: 'service', account, name: 'lambda.amazonaws.com' }), {
      type: 'AWSService',
      invokedBy: 'lambda.amazonaws.com',
    })
    const provider = `arn:aws:iam::${account}:oidc-provider/idp.example`
    const token: Caller = {
      kind: 'webIdentity',
      account,
      assertion: {
        provider,
        subject: 'sub-1',
        audience: 'sts.amazonaws.com',
        issuer: 'https://idp.example',
        keys: {},
        tags: [],
        transitiveTagKeys: [],
      },
    }
    assert.deepEqual(userIdentity(token), {
      type: 'WebIdentityUser',
      principalId: `${provider}:sts.amazonaws.com:sub-1`,
      userName: 'sub-1',
      identityProvider: provider,
    })
    assert.equal(eventUsername(token), 'sub-1')
    const anonymous = userIdentity({ kind: 'anonymous', account })
    assert.equal(anonymous.accountId, 'ANONYMOUS_PRINCIPAL')
  })

  it('of a service that calls in a principal’s name (TRL-26)', () => {
    const alice: Caller = {
      kind: 'user',
      account,
      arn: `arn:aws:iam::${account}:user/team/alice`,
      user,
      accessKeyId: 'AKIAEXAMPLE',
    }
    assert.deepEqual(userIdentity(alice, 'ec2.amazonaws.com'), {
      type: 'IAMUser',
      principalId: 'AIDAEXAMPLE',
      arn: `arn:aws:iam::${account}:user/team/alice`,
      accountId: account,
      accessKeyId: 'AKIAEXAMPLE',
      userName: 'alice',
      invokedBy: 'ec2.amazonaws.com',
    })
  })

  it('as the other account sees it (TRL-28)', () => {
    assert.deepEqual(foreignIdentity(worn()), {
      type: 'AWSAccount',
      principalId: 'AROAEXAMPLE:work',
      accountId: account,
    })
  })
})
