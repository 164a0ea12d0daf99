import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type AccountId, keyIdOf, newId, seededRandom, Vault } from '../../packages/server/src/base/index.ts'
import type { Account } from '../../packages/server/src/directory/index.ts'
import { accessKeys, roles, users } from '../../packages/server/src/directory/index.ts'
import {
  accessKeyPurpose,
  Credentials,
  callerNow,
  type SessionClaims,
  SessionTokens,
  type SignedCaller,
} from '../../packages/server/src/session/index.ts'

const id = '123456789012' as AccountId
const random = seededRandom('credential')
const bytes = random.bytes(32)
const vault = new Vault([{ id: keyIdOf(bytes), bytes }], random)
const tokens = new SessionTokens(vault)
const credentials = new Credentials(vault, tokens)
const now = 1_800_000_000_000
const longTerm = newId('AKIA', id, random)
const temporary = newId('ASIA', id, random)
const user = { id: 'AIDAU', name: 'u', path: '/p/' }
const role = { id: 'AROAR', name: 'r', path: '/q/' }

interface Has {
  readonly key?: object
  readonly user?: boolean
  readonly role?: boolean
  readonly settings?: object
}

/** An account as far as credentials look at it. */
function accountWith(has: Has = {}): Account {
  const key = {
    id: longTerm,
    owner: user.id,
    active: true,
    sealedSecret: vault.sealText(accessKeyPurpose, 'secret'),
    ...has.key,
  }
  const found = new Map<unknown, Map<string, unknown>>([
    [accessKeys, new Map([[longTerm, key]])],
    [users, new Map(has.user === false ? [] : [[user.id, user]])],
    [roles, new Map(has.role === false ? [] : [[role.id, role]])],
  ])
  return {
    id,
    partition: 'aws',
    settings: { createdAt: now - 1_000, ...has.settings },
    table: (kind: unknown) => ({ find: (name: string) => found.get(kind)?.get(name) }),
  } as unknown as Account
}

function claims(more: object = {}): SessionClaims {
  return {
    kind: 'role',
    account: id,
    accessKeyId: temporary,
    secretAccessKey: 's',
    roleId: role.id,
    sessionName: 'name',
    issuedAt: now,
    expiresAt: now + 1_000,
    ...more,
  } as unknown as SessionClaims
}

const find = (has: Has, key: string, token?: string, at = now) => {
  const found = credentials.find(accountWith(has), key, token, at)
  return typeof found === 'string'
    ? found
    : `${found.caller.kind} ${found.caller.arn} ${found.secret.reveal()}`
}

describe('long-term keys', () => {
  const itself = `user arn:aws:iam::${id}:user/p/u secret`
  it('are those of active keys of users and root, without a token', () => {
    assert.equal(find({}, longTerm), itself)
    assert.equal(find({}, longTerm, ''), itself)
    assert.equal(find({ key: { owner: 'root' } }, longTerm), `root arn:aws:iam::${id}:root secret`)
    assert.equal(find({}, longTerm, 'x'), 'invalidToken')
    assert.equal(find({}, 'AKIAOTHER'), 'unknownKey')
    assert.equal(find({ key: { active: false } }, longTerm), 'unknownKey')
    assert.equal(find({ user: false }, longTerm), 'unknownKey')
    assert.equal(find({ settings: { closedAt: now } }, longTerm), 'unknownKey')
    assert.equal(find({ key: { sealedSecret: 'altered' } }, longTerm), 'unknownKey')
    const sealed = vault.sealText('another purpose', 'secret')
    assert.equal(find({ key: { sealedSecret: sealed } }, longTerm), 'unknownKey')
  })

  it('name their account', () => {
    assert.equal(credentials.accountOf(longTerm), id)
    assert.equal(credentials.accountOf('AKIA'), undefined)
  })
})

describe('temporary keys', () => {
  const asked = (more: object = {}, has: Has = {}, at = now) =>
    find(has, temporary, new SessionTokens(vault).seal(claims(more)), at)
  it('need the token that they came with, of this account, while it lasts', () => {
    assert.equal(asked(), `role arn:aws:sts::${id}:assumed-role/r/name s`)
    const sealed = new SessionTokens(vault).seal(claims())
    const found = credentials.find(accountWith(), temporary, sealed, now)
    assert.ok(typeof found !== 'string' && found.caller.kind === 'role')
    assert.equal(found.caller.roleArn, `arn:aws:iam::${id}:role/q/r`)
    assert.equal(find({}, temporary), 'unknownKey')
    assert.equal(find({}, temporary, ''), 'invalidToken')
    assert.equal(asked({ accessKeyId: 'ASIAOTHER' }), 'invalidToken')
    assert.equal(asked({ account: '210987654321' }), 'invalidToken')
    assert.equal(asked({}, {}, now + 999), `role arn:aws:sts::${id}:assumed-role/r/name s`)
    assert.equal(asked({}, {}, now + 1_000), 'expiredToken')
    assert.equal(asked({}, { role: false }), 'invalidToken')
    assert.equal(asked({}, { settings: { closedAt: now } }), 'unknownKey')
  })

  it('of an account before a reset prove nothing, but a clock that was set back does no harm (SES-9)', () => {
    assert.equal(asked({ issuedAt: now - 1_001 }), 'invalidToken')
    assert.match(asked({ issuedAt: now - 1_000 }), /^role/)
    assert.match(asked({ issuedAt: now - 1 }, { settings: { createdAt: now + 1 } }), /^role/)
    assert.equal(asked({ issuedAt: now - 1 }, { settings: { createdAt: now } }), 'invalidToken')
  })

  it('are of users, root, federated users and assumed roots (SES-4)', () => {
    const ofUser = (more: object, has: Has = {}) =>
      asked({ kind: 'user', userId: user.id, keyId: longTerm, ...more }, has)
    assert.equal(ofUser({}), `user arn:aws:iam::${id}:user/p/u s`)
    assert.equal(ofUser({ keyId: undefined }), `user arn:aws:iam::${id}:user/p/u s`)
    assert.equal(ofUser({ userId: 'root' }), `root arn:aws:iam::${id}:root s`)
    assert.equal(ofUser({ keyId: 'AKIAGONE' }), 'invalidToken')
    assert.equal(ofUser({}, { key: { active: false } }), 'invalidToken')
    assert.equal(ofUser({}, { user: false }), 'invalidToken')
    const federated = (issuerId: string, has: Has = {}) => {
      const token = new SessionTokens(vault).seal(claims({ kind: 'federated', issuerId, name: 'f' }))
      const found = credentials.find(accountWith(has), temporary, token, now)
      if (typeof found === 'string') return found
      assert.ok(found.caller.kind === 'federated')
      return [found.caller.arn, found.caller.issuerArn, found.caller.issuer?.name]
    }
    const arn = `arn:aws:sts::${id}:federated-user/f`
    assert.deepEqual(federated('root'), [arn, `arn:aws:iam::${id}:root`, undefined])
    assert.deepEqual(federated(user.id), [arn, `arn:aws:iam::${id}:user/p/u`, 'u'])
    assert.equal(federated(user.id, { user: false }), 'invalidToken')
    assert.equal(asked({ kind: 'assumedRoot' }), `assumedRoot arn:aws:iam::${id}:root s`)
  })
})

describe('a caller now (SES-8)', () => {
  const user0: SignedCaller = { kind: 'root', account: id, arn: 'a', accessKeyId: longTerm }
  const session = claims() as never
  const worn = {
    kind: 'role',
    account: id,
    arn: 'a',
    accessKeyId: temporary,
    session,
  } as unknown as SignedCaller
  const nowOf = (caller: SignedCaller, has: Has) => {
    const found = callerNow(caller, accountWith(has))
    return typeof found === 'string' ? found : found.kind
  }
  it('is what its key or its session is now', () => {
    assert.equal(nowOf(user0, {}), 'user')
    assert.equal(nowOf(user0, { key: { active: false } }), 'unknownKey')
    assert.equal(nowOf(user0, { settings: { closedAt: now } }), 'unknownKey')
    assert.equal(nowOf(worn, {}), 'role')
    assert.equal(nowOf(worn, { role: false }), 'invalidToken')
    assert.equal(nowOf(worn, { settings: { closedAt: now } }), 'unknownKey')
  })
})
