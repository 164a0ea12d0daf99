import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { keyIdOf, type Settings, seededRandom, Vault } from '../../packages/server/src/base/index.ts'
import { KeyRing } from '../../packages/server/src/session/index.ts'

const random = seededRandom('ring')
const masterKey = random.bytes(32)
const master = new Vault([{ id: keyIdOf(masterKey), bytes: masterKey }], random)
const begin = 1_800_000_000_000
const minute = 60_000
const hour = 60 * minute

function memory(): Settings & { readonly kept: Map<string, string> } {
  const kept = new Map<string, string>()
  return {
    kept,
    readSetting: async (name) => kept.get(name),
    swapSetting: async (name, before, after) => {
      if (kept.get(name) !== before) return false
      kept.set(name, after!)
      return true
    },
  }
}

const ringOn = (store: Settings, now = begin) => KeyRing.open(store, masterKey, master, random, now)
const plain = Buffer.from('claims')
const opens = (ring: KeyRing, sealed: Buffer) => ring.vault.open('session', sealed)?.equals(plain) === true

describe('the key ring (SES-6)', () => {
  test('nodes that share the master key open each other’s tokens, before and after rotations', async () => {
    const store = memory()
    const [one, two] = [await ringOn(store), await ringOn(store)]
    const before = one.vault.seal('session', plain)
    assert.ok(opens(two, before))
    await one.rotate(begin)
    // the other node has not looked yet: the first still seals with what both know
    const meanwhile = one.vault.seal('session', plain)
    assert.ok(opens(two, meanwhile))
    for (const ring of [one, two]) await ring.refresh(begin + minute)
    for (const ring of [one, two]) await ring.refresh(begin + 3 * minute)
    const after = two.vault.seal('session', plain)
    assert.notEqual(after.readUInt32BE(1), before.readUInt32BE(1))
    for (const sealed of [before, meanwhile, after]) assert.ok(opens(one, sealed) && opens(two, sealed))
  })

  test('a new start finds the ring again', async () => {
    const store = memory()
    const one = await ringOn(store)
    await one.rotate(begin)
    await one.refresh(begin + 3 * minute)
    const sealed = one.vault.seal('session', plain)
    assert.ok(opens(await ringOn(store, begin + hour), sealed))
    assert.doesNotMatch(
      [...store.kept.values()].join(),
      new RegExp(Buffer.from(masterKey).toString('base64url')),
    )
  })

  test('a key that no living session needs is forgotten', async () => {
    const store = memory()
    const ring = await ringOn(store)
    const first = ring.vault.seal('session', plain)
    await ring.rotate(begin)
    await ring.refresh(begin + hour)
    const second = ring.vault.seal('session', plain)
    assert.ok(opens(ring, first))
    await ring.refresh(begin + 37 * hour)
    assert.equal(opens(ring, first), false)
    await ring.rotate(begin + 38 * hour)
    await ring.refresh(begin + 39 * hour)
    assert.ok(opens(ring, second))
    await ring.rotate(begin + 80 * hour)
    assert.equal(opens(ring, second), false)
    assert.equal(opens(await ringOn(store, begin + 80 * hour), second), false)
  })

  test('another master key opens nothing', async () => {
    const store = memory()
    const other = random.bytes(32)
    const foreign = await KeyRing.open(
      store,
      other,
      new Vault([{ id: keyIdOf(other), bytes: other }], random),
      random,
      begin,
    )
    assert.equal(opens(foreign, (await ringOn(store)).vault.seal('session', plain)), false)
  })
})
