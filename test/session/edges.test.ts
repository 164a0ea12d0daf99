import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { deflateRawSync } from 'node:zlib'
import {
  keyIdOf,
  type Settings,
  seededRandom,
  systemRandom,
  Vault,
} from '../../packages/server/src/base/index.ts'
import {
  accessKeyPurpose,
  type FederatedCaller,
  foreignIdentity,
  KeyRing,
  MasterKeys,
  masterKeyFits,
  newAccessKeyId,
  newSecretKey,
  ownerOf,
  type RoleCaller,
  type RootCaller,
  type SessionClaims,
  SessionTokens,
  userIdentity,
} from '../../packages/server/src/session/index.ts'
import { account } from '../kit/index.ts'

const random = seededRandom('edges')
const bytes = random.bytes(32)
const master = new Vault([{ id: keyIdOf(bytes), bytes }], random)
const issuedAt = 1_800_000_000_000

const session = {
  issuedAt,
  expiresAt: issuedAt + 1,
  name: 'fed',
  account,
} as unknown as FederatedCaller['session']
const federated: FederatedCaller = {
  kind: 'federated',
  account,
  arn: `arn:aws:sts::${account}:federated-user/fed`,
  issuer: undefined,
  issuerArn: `arn:aws:iam::${account}:root`,
  accessKeyId: 'ASIAX',
  session,
}

describe('what is kept in homes', () => {
  it('is sealed for a purpose that never changes', () => {
    assert.equal(accessKeyPurpose, 'access-key')
  })

  it('has the check of the master key where older homes have it', async () => {
    const kept = new Map<string, string>()
    const store: Settings = {
      readSetting: async (name) => kept.get(name),
      swapSetting: async (name, _, after) => Boolean(kept.set(name, after!)),
    }
    assert.equal(await masterKeyFits(store, Buffer.alloc(32, 7)), undefined)
    const [first, second] = await Promise.all(
      [7, 8].map((byte) => MasterKeys.open(store, Buffer.alloc(32, byte), [], systemRandom)),
    )
    await first!.keepCheck()
    // the first one stays
    await second!.keepCheck()
    assert.equal(await second!.refresh(), false)
    assert.equal(await masterKeyFits(store, Buffer.alloc(32, 7)), true)
    assert.equal(await masterKeyFits(store, Buffer.alloc(32, 8)), false)
    assert.deepEqual([...kept], [['master-key-check', '1e0f05032e210f3a52801e7b70599ead']])
  })
})

describe('identities in events', () => {
  it('of a federated caller name its issuer: root, or a user (TRL-26)', () => {
    const whole = (issuer: unknown, issuerArn: string) =>
      userIdentity({ ...federated, issuer, issuerArn } as FederatedCaller).sessionContext
    const attributes = { creationDate: '2027-01-15T08:00:00Z', mfaAuthenticated: 'false' }
    assert.deepEqual(whole(undefined, federated.issuerArn), {
      sessionIssuer: { type: 'Root', principalId: account, arn: federated.issuerArn, accountId: account },
      attributes,
    })
    const arn = `arn:aws:iam::${account}:user/u`
    assert.deepEqual(whole({ id: 'AIDAX', name: 'u' }, arn), {
      sessionIssuer: { type: 'IAMUser', principalId: 'AIDAX', arn, accountId: account, userName: 'u' },
      attributes,
    })
  })

  it('in another account show only where a caller is from (TRL-28)', () => {
    assert.deepEqual(foreignIdentity(federated), {
      type: 'AWSAccount',
      principalId: `${account}:fed`,
      accountId: account,
    })
    const root: RootCaller = {
      kind: 'root',
      account,
      arn: `arn:aws:iam::${account}:root`,
      accessKeyId: 'AKIAX',
    }
    assert.deepEqual(foreignIdentity(root), { type: 'AWSAccount', principalId: account, accountId: account })
    const service = { kind: 'service', account, name: 'ec2.amazonaws.com' } as const
    assert.deepEqual(foreignIdentity(service), { type: 'AWSService', invokedBy: 'ec2.amazonaws.com' })
    assert.deepEqual(foreignIdentity({ kind: 'anonymous', account }), {
      type: 'AWSAccount',
      principalId: '',
      accountId: 'ANONYMOUS_PRINCIPAL',
    })
  })

  it('say who called for a caller, but not of a service itself', () => {
    assert.equal(userIdentity(federated, 'x.amazonaws.com').invokedBy, 'x.amazonaws.com')
    const service = { kind: 'service', account, name: 'ec2.amazonaws.com' } as const
    assert.equal(userIdentity(service, 'x.amazonaws.com').invokedBy, 'ec2.amazonaws.com')
  })

  it('of a role on an instance say how it was delivered', () => {
    const caller = (more: object) =>
      ({
        kind: 'role',
        account,
        arn: 'a',
        roleArn: 'r',
        role: { id: 'AROAX', name: 'role' },
        accessKeyId: 'ASIAX',
        session: { issuedAt, sessionName: 's', ...more },
      }) as unknown as RoleCaller
    const delivery = (more: object) => {
      const context = userIdentity(caller(more)).sessionContext as { ec2RoleDelivery?: string }
      return context.ec2RoleDelivery
    }
    assert.equal(delivery({ service: 'ec2.amazonaws.com' }), '2.0')
    assert.equal(
      delivery({ service: 'ec2.amazonaws.com', serviceKeys: { 'ec2:RoleDelivery': '1.0' } }),
      '1.0',
    )
    assert.equal(
      delivery({ service: 'lambda.amazonaws.com', serviceKeys: { 'ec2:RoleDelivery': '1.0' } }),
      undefined,
    )
    assert.equal(delivery({}), undefined)
  })

  it('are of the partition of their ARNs', () => {
    for (const partition of ['aws', 'aws-cn', 'aws-us-gov'])
      assert.deepEqual(
        ownerOf({ ...federated, arn: `arn:${partition}:sts::${account}:federated-user/fed` }),
        {
          id: account,
          partition,
        },
      )
  })
})

describe('session tokens at their edges (SES-1, SES-5)', () => {
  const claims = (name: string) =>
    ({ ...session, name, kind: 'federated', note: name }) as unknown as SessionClaims
  const sealedSize = (name: string) => new SessionTokens(master).seal(claims(name)).length

  it('are compressed only where they would be longer than the shortest', () => {
    const length = (name: string) => JSON.stringify(claims(name)).length
    const base = length('')
    // 552 bytes, less the head, what the vault adds, and three bytes for form and length
    const fits = 552 - 12 - 33 - 3
    const most = Math.ceil((fits + 900 - base) / 2)
    // the last one is longer than the shortest token though it is compressed
    for (const count of [...Array.from({ length: Math.ceil(most / 7) }, (_, step) => 1 + 7 * step), 1_900]) {
      const name = Buffer.from(random.bytes(count)).toString('hex').slice(0, count)
      const token = new SessionTokens(master).seal(claims(name))
      const plain = master.open('session', Buffer.from(token, 'base64').subarray(12))
      assert.ok(plain)
      assert.equal(plain[0], length(name) <= fits ? 0 : 1, `${length(name)} bytes`)
      assert.equal(
        plain.readUInt16BE(1),
        plain[0] === 0 ? length(name) : deflateRawSync(JSON.stringify(claims(name))).length,
      )
      // what is longer than the shortest token is not padded
      assert.equal(plain.length, Math.max(552 - 12 - 33, 3 + plain.readUInt16BE(1)))
      assert.deepEqual(new SessionTokens(master).open(token), claims(name))
    }
    assert.equal(sealedSize(''), 736)
  })

  it('come with keys of the forms that AWS documents (IDS-1)', () => {
    for (let times = 0; times < 20; times++) {
      assert.match(newSecretKey(random), /^[A-Za-z0-9+/]{40}$/)
      assert.match(newAccessKeyId(account, random), /^AKIA[A-Z2-7]{16}$/)
    }
  })

  it('keep names that are not ASCII', () => {
    const token = new SessionTokens(master).seal(claims('é水😀'))
    assert.deepEqual(new SessionTokens(master).open(token), claims('é水😀'))
  })

  it('of 4,096 characters open, and longer ones do not', () => {
    const tokens = new SessionTokens(master)
    const of = (size: number) => tokens.seal(claims('x'), size)
    assert.equal(of(4_096).length, 4_096)
    assert.ok(new SessionTokens(master).open(of(4_096)))
    assert.equal(of(4_097).length, 4_100)
    assert.equal(new SessionTokens(master).open(of(4_097)), undefined)
  })

  it('forget the oldest of those that they opened', (t) => {
    const opens = t.mock.method(master, 'open')
    const tokens = new SessionTokens(master)
    const made = Array.from({ length: 5_001 }, (_, number) => tokens.seal(claims(`n${number}`)))
    for (const token of made) tokens.open(token)
    assert.equal(opens.mock.callCount(), 5_001)
    tokens.open(made[5_000]!)
    tokens.open(made[1]!)
    assert.equal(opens.mock.callCount(), 5_001)
    tokens.open(made[0]!)
    assert.equal(opens.mock.callCount(), 5_002)
  })
})

describe('the key ring at its edges (SES-6)', () => {
  const begin = issuedAt
  function memory() {
    const kept = new Map<string, string>()
    let reads = 0
    const store: Settings = {
      readSetting: async (name) => {
        reads++
        return kept.get(name)
      },
      swapSetting: async (name, before, after) => {
        if (kept.get(name) !== before) return false
        kept.set(name, after!)
        return true
      },
    }
    return { store, kept, reads: () => reads }
  }
  const open = (store: Settings, now: number) => KeyRing.open(store, bytes, master, random, now)
  const keyOf = (ring: KeyRing) => ring.vault.seal('session', Buffer.from('x')).readUInt32BE(1)
  const opens = (ring: KeyRing, sealed: Buffer) => ring.vault.open('session', sealed) !== undefined

  it('a new key seals from two minutes on, to the millisecond', async () => {
    const { store } = memory()
    const ring = await open(store, begin)
    const first = keyOf(ring)
    assert.equal(await ring.rotate(begin), begin + 120_000)
    await ring.refresh(begin + 119_999)
    assert.equal(keyOf(ring), first)
    await ring.refresh(begin + 120_000)
    assert.notEqual(keyOf(ring), first)
  })

  it('a superseded key opens for 36 hours, to the millisecond', async () => {
    const { store, kept } = memory()
    const ring = await open(store, begin)
    const first = ring.vault.seal('session', Buffer.from('x'))
    const from = await ring.rotate(begin)
    await ring.refresh(from)
    const second = ring.vault.seal('session', Buffer.from('x'))
    await ring.refresh(from + 129_599_999)
    assert.ok(opens(ring, first))
    await ring.refresh(from + 129_600_000)
    assert.ok(!opens(ring, first))
    const next = await ring.rotate(from + 129_600_000)
    await ring.refresh(next)
    // the ring drops a key when it is rotated, no earlier than its last session ends
    await ring.rotate(next + 129_599_999)
    assert.ok(opens(ring, second))
    assert.equal(JSON.parse([...kept.values()][0]!).length, 3)
    await ring.rotate(next + 129_600_000)
    assert.ok(!opens(ring, second))
  })

  it('keeps the keys that are still in it when another one goes', async () => {
    const { store } = memory()
    const ring = await open(store, begin)
    const a = await ring.rotate(begin)
    await ring.refresh(a)
    const ofA = ring.vault.seal('session', Buffer.from('x'))
    const b = await ring.rotate(a)
    await ring.refresh(b)
    const ofB = ring.vault.seal('session', Buffer.from('x'))
    const c = await ring.rotate(b + 129_600_000)
    await ring.refresh(c)
    assert.ok(!opens(ring, ofA))
    assert.ok(opens(ring, ofB))
  })

  it('forgets the key that seals once the ring lacks it, and begins again without a ring', async () => {
    const { store, kept } = memory()
    const ring = await open(store, begin)
    const first = keyOf(ring)
    await ring.refresh(await ring.rotate(begin))
    const sealed = ring.vault.seal('session', Buffer.from('x'))
    assert.notEqual(keyOf(ring), first)
    kept.clear()
    await ring.refresh(begin + 200_000)
    assert.equal(keyOf(ring), first)
    assert.ok(!opens(ring, sealed))
  })

  it('has at most 64 keys', async () => {
    const { store, kept } = memory()
    const ring = await open(store, begin)
    for (let number = 0; number < 66; number++) await ring.rotate(begin + number)
    assert.equal(JSON.parse([...kept.values()][0]!).length, 64)
  })

  it('is derived for its own purpose', async () => {
    const { store } = memory()
    const ring = await open(store, begin)
    assert.notEqual(keyOf(ring), keyIdOf(bytes))
  })
})
