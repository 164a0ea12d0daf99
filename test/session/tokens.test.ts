import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { keyIdOf, newId, seededRandom, Vault } from '../../packages/server/src/base/index.ts'
import {
  maximumTokenSize,
  mint,
  type SessionClaims,
  SessionTokens,
  type UnkeyedClaims,
} from '../../packages/server/src/session/index.ts'
import { account } from '../kit/index.ts'

const random = seededRandom('tokens')
const bytes = random.bytes(32)
const vault = new Vault([{ id: keyIdOf(bytes), bytes }], random)
const tokens = new SessionTokens(vault)
const roleId = newId('AROA', account, random)

function role(more: Partial<UnkeyedClaims & { kind: 'role' }> = {}): UnkeyedClaims {
  return {
    kind: 'role',
    account,
    roleId,
    sessionName: 'session',
    origin: 'user',
    issuedAt: 1_800_000_000_000,
    expiresAt: 1_800_003_600_000,
    chain: ['arn:aws:iam::123456789012:user/someone'],
    ...more,
  }
}

describe('session tokens', () => {
  test('begin as AWS does and have 720 to 2,000 characters (SES-1)', () => {
    const plain = mint(role(), tokens, random).credentials.sessionToken
    assert.match(plain, /^IQoJb3JpZ2luX2Vj[A-Za-z0-9+/]+=*$/)
    assert.equal(plain.length, 736)
    const tags = Array.from({ length: 10 }, (_, i) => ({ Key: `project-${i}`, Value: `value ${i * 7919}` }))
    const inline = JSON.stringify({
      Version: '2012-10-17',
      Statement: tags.map(({ Key }) => ({
        Effect: 'Allow',
        Action: 's3:Get*',
        Resource: `arn:aws:s3:::${Key}/*`,
      })),
    })
    const full = mint(role({ tags, policies: { inline, arns: [] } }), tokens, random).credentials.sessionToken
    assert.ok(full.length >= 736 && full.length <= 2_000, `${full.length} characters`)
  })

  test('open to the very claims that were sealed', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 200 })
    const tag = fc.record({ Key: text, Value: text }, { noNullPrototype: true })
    fc.assert(
      fc.property(fc.array(tag, { maxLength: 20 }), text, fc.nat(4_096), (tags, sessionName, minimum) => {
        const { claims, credentials } = mint(role({ tags, sessionName }), tokens, random, minimum)
        const { sessionToken } = credentials
        assert.ok(sessionToken.length >= minimum)
        const opened = new SessionTokens(vault).open(sessionToken)
        if (sessionToken.length > maximumTokenSize) assert.equal(opened, undefined)
        else assert.deepEqual(opened, claims)
      }),
      { numRuns: 300 },
    )
  })

  test('grow to the size that is asked for, 4,096 at the most (STS-21, SES-5)', () => {
    for (const size of [1, 737, 1_000, 4_095, 4_096]) {
      const { sessionToken } = mint(role(), tokens, random, size).credentials
      assert.ok(sessionToken.length >= Math.max(size, 736) && sessionToken.length <= size + 739)
      assert.ok(sessionToken.length <= maximumTokenSize)
      assert.ok(tokens.open(sessionToken))
    }
  })

  test('altered in any byte, cut or lengthened: refused', () => {
    const { sessionToken } = mint(role(), tokens, random).credentials
    const sealed = Buffer.from(sessionToken, 'base64')
    const fresh = new SessionTokens(vault)
    for (let at = 0; at < sealed.length; at++) {
      for (const flip of [1, 0x80]) {
        const altered = Buffer.from(sealed)
        altered[at]! ^= flip
        assert.equal(fresh.open(altered.toString('base64')), undefined, `byte ${at}`)
      }
    }
    for (let end = 0; end < sessionToken.length; end += 13) {
      assert.equal(fresh.open(sessionToken.slice(0, end)), undefined)
    }
    for (const text of [
      `${sessionToken}AAAA`,
      `${sessionToken}\n`,
      ` ${sessionToken}`,
      '',
      'IQoJb3JpZ2luX2Vj',
    ]) {
      assert.equal(fresh.open(text), undefined)
    }
    assert.ok(fresh.open(sessionToken))
  })

  test('nothing at all that is made up opens', () => {
    fc.assert(
      fc.property(fc.oneof(fc.base64String(), fc.string(), fc.base64String({ minLength: 736 })), (text) => {
        assert.equal(tokens.open(text), undefined)
        assert.equal(tokens.open(`IQoJb3JpZ2luX2Vj${text}`), undefined)
      }),
    )
  })

  test('are unsealed once: those that opened are remembered, and no others', (t) => {
    const opens = t.mock.method(vault, 'open')
    const fresh = new SessionTokens(vault)
    const minted = Array.from({ length: 20 }, () => mint(role(), tokens, random).credentials.sessionToken)
    for (const token of [...minted, ...minted, ...minted.toReversed()]) assert.ok(fresh.open(token))
    assert.equal(opens.mock.callCount(), minted.length)
    const forged = `${minted[0]!.slice(0, -8)}AAAAAAAA`
    for (let tries = 1; tries <= 3; tries++) {
      assert.equal(fresh.open(forged), undefined)
      assert.equal(opens.mock.callCount(), minted.length + tries)
    }
    // what cannot be one is not even tried
    for (const text of ['', 'A'.repeat(736), 'x'.repeat(maximumTokenSize + 1)])
      assert.equal(fresh.open(text), undefined)
    assert.equal(opens.mock.callCount(), minted.length + 3)
  })

  test('another house, another ring: refused', () => {
    const other = random.bytes(32)
    const theirs = new SessionTokens(new Vault([{ id: keyIdOf(other), bytes: other }], random))
    assert.equal(theirs.open(mint(role(), tokens, random).credentials.sessionToken), undefined)
  })

  test('what was sealed for something else is no session', () => {
    const claims = mint(role(), tokens, random).claims satisfies SessionClaims
    const head = Buffer.from('\x21\x0a\x09origin_ec', 'latin1')
    const foreign = vault.seal('mfa-seed', Buffer.from(JSON.stringify(claims)))
    assert.equal(tokens.open(Buffer.concat([head, foreign]).toString('base64')), undefined)
  })
})
