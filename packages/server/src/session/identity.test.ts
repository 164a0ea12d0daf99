import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { AccountId } from '../base/index.ts'
import type { Caller } from './caller.ts'
import { callerName, eventUsername, foreignIdentity, signInIdentity, userIdentity } from './identity.ts'

const account = '111122223333' as AccountId
const accessKeyId = 'ASIAX'
const issuedAt = 1_800_000_000_000
const signed = { account, accessKeyId, arn: 'arn:of:caller' }
const user = { id: 'AIDAU', name: 'ann' }
const attributes = { creationDate: '2027-01-15T08:00:00Z', mfaAuthenticated: 'false' }
const role = { id: 'AROAR', name: 'Dev' }
const roleSession = { issuedAt, sessionName: 's' }
const assertion = { provider: 'idp', audience: 'aud', subject: 'sub', nameQualifier: 'q' }

interface Row {
  readonly caller: object
  /** The identity of the record; in another account's record; in a sign-in's record. */
  readonly own: object
  readonly foreign: object
  /** Whether the caller signed: then its sign-in's record has neither key nor session. */
  readonly name?: string
  readonly username: string | undefined
}

const root = { type: 'Root', principalId: account, arn: signed.arn, accountId: account, accessKeyId }
const abroad = (principalId: string) => ({ type: 'AWSAccount', principalId, accountId: account })

const rows: readonly Row[] = [
  {
    caller: { ...signed, kind: 'root' },
    own: root,
    foreign: abroad(account),
    name: 'root',
    username: 'root',
  },
  {
    caller: { ...signed, kind: 'root', session: { issuedAt, mfaAt: issuedAt } },
    own: { ...root, sessionContext: { attributes: { ...attributes, mfaAuthenticated: 'true' } } },
    foreign: abroad(account),
    name: 'root',
    username: 'root',
  },
  {
    caller: { ...signed, kind: 'user', user },
    own: { ...root, type: 'IAMUser', principalId: 'AIDAU', userName: 'ann' },
    foreign: abroad('AIDAU'),
    name: 'ann',
    username: 'ann',
  },
  {
    caller: { ...signed, kind: 'user', user, session: { issuedAt } },
    own: { ...root, type: 'IAMUser', principalId: 'AIDAU', userName: 'ann', sessionContext: { attributes } },
    foreign: abroad('AIDAU'),
    name: 'ann',
    username: 'ann',
  },
  {
    caller: { ...signed, kind: 'assumedRoot', session: { issuedAt } },
    own: { ...root, sessionContext: { attributes, assumedRoot: 'true' } },
    foreign: abroad(account),
    name: 'root',
    username: 'root',
  },
  {
    caller: {
      ...signed,
      kind: 'role',
      roleArn: 'arn:of:role',
      role,
      session: { ...roleSession, sourceIdentity: 'src' },
    },
    own: {
      ...root,
      type: 'AssumedRole',
      principalId: 'AROAR:s',
      sessionContext: {
        sessionIssuer: {
          type: 'Role',
          principalId: 'AROAR',
          arn: 'arn:of:role',
          accountId: account,
          userName: 'Dev',
        },
        attributes,
        sourceIdentity: 'src',
      },
    },
    foreign: abroad('AROAR:s'),
    name: 's',
    username: 's',
  },
  {
    caller: {
      ...signed,
      kind: 'role',
      roleArn: 'arn:of:role',
      role,
      session: { ...roleSession, federated: { provider: 'idp' }, service: 'ec2.amazonaws.com' },
    },
    own: {
      ...root,
      type: 'AssumedRole',
      principalId: 'AROAR:s',
      sessionContext: {
        sessionIssuer: {
          type: 'Role',
          principalId: 'AROAR',
          arn: 'arn:of:role',
          accountId: account,
          userName: 'Dev',
        },
        webIdFederationData: { federatedProvider: 'idp', attributes: {} },
        attributes,
        ec2RoleDelivery: '2.0',
      },
    },
    foreign: abroad('AROAR:s'),
    name: 's',
    username: 's',
  },
  {
    caller: {
      ...signed,
      kind: 'federated',
      issuer: undefined,
      issuerArn: 'arn:of:root',
      session: { issuedAt, name: 'fed' },
    },
    own: {
      ...root,
      type: 'FederatedUser',
      principalId: `${account}:fed`,
      sessionContext: {
        sessionIssuer: { type: 'Root', principalId: account, arn: 'arn:of:root', accountId: account },
        attributes,
      },
    },
    foreign: abroad(`${account}:fed`),
    name: 'fed',
    username: 'fed',
  },
  {
    caller: { kind: 'webIdentity', account, assertion },
    own: { type: 'WebIdentityUser', principalId: 'idp:aud:sub', userName: 'sub', identityProvider: 'idp' },
    foreign: {
      type: 'WebIdentityUser',
      principalId: 'idp:aud:sub',
      userName: 'sub',
      identityProvider: 'idp',
    },
    username: 'sub',
  },
  {
    caller: { kind: 'saml', account, assertion },
    own: { type: 'SAMLUser', principalId: 'q:sub', userName: 'sub', identityProvider: 'idp' },
    foreign: { type: 'SAMLUser', principalId: 'q:sub', userName: 'sub', identityProvider: 'idp' },
    username: 'sub',
  },
  {
    caller: { kind: 'service', account, name: 'ec2.amazonaws.com' },
    own: { type: 'AWSService', invokedBy: 'ec2.amazonaws.com' },
    foreign: { type: 'AWSService', invokedBy: 'ec2.amazonaws.com' },
    username: undefined,
  },
  {
    caller: { kind: 'anonymous', account },
    own: { type: 'AWSAccount', principalId: '', accountId: 'ANONYMOUS_PRINCIPAL' },
    foreign: { type: 'AWSAccount', principalId: '', accountId: 'ANONYMOUS_PRINCIPAL' },
    username: undefined,
  },
]

describe('the identity in an event', () => {
  for (const { caller: given, own, foreign, name, username } of rows) {
    const caller = given as Caller
    it(`of ${JSON.stringify(given).slice(0, 90)} (TRL-20 to TRL-29)`, () => {
      assert.deepEqual(userIdentity(caller), own)
      assert.deepEqual(foreignIdentity(caller), foreign)
      const { accessKeyId: _, sessionContext: __, ...bare } = own as Record<string, unknown>
      assert.deepEqual(signInIdentity(caller), bare)
      assert.equal(eventUsername(caller), username)
      if (name !== undefined) assert.equal(callerName(caller as Parameters<typeof callerName>[0]), name)
      const forwarded = userIdentity(caller, 'x.amazonaws.com').invokedBy
      assert.equal(forwarded, caller.kind === 'service' ? caller.name : 'x.amazonaws.com')
    })
  }
})
