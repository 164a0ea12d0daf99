import assert from 'node:assert/strict'
import { describe, type TestContext, test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { account } from '../../../../test/kit/index.ts'
import type { Invocation } from '../authorization/index.ts'
import { keyIdOf, seededRandom, Vault } from '../base/index.ts'
import type { QueuedWork } from '../store/index.ts'
import { afterwards, Invocations, retries, type Tried } from './invocations.ts'

const random = seededRandom('invocations')
const bytes = random.bytes(32)
const vault = new Vault([{ id: keyIdOf(bytes), bytes }], random)
const purpose = 'lambda-invocation'

const invocation = (id: string): Invocation => ({
  id,
  partition: 'aws',
  account,
  region: 'us-east-1',
  name: 'f',
  event: '{}',
  at: 0,
})

async function turns(): Promise<void> {
  for (let i = 0; i < 20; i++) await turn()
}

/** A store of works and a directory whose account decides how an invocation ends, with all that was asked of them. */
function server({ mock }: TestContext, more: { shared?: boolean; full?: boolean; key?: Vault } = {}) {
  mock.timers.enable({ apis: ['setInterval'] })
  const log: string[] = []
  const waiting: QueuedWork[] = []
  const errors: string[] = []
  const state = { isEmpty: false, fails: false, now: 0 }
  /** The work of `directory.find`: a function that is gone ends at once. */
  const blocked: (() => void)[] = []
  const behaviour = { blocks: false, error: undefined as Error | undefined }
  const works = {
    async add({ id }: QueuedWork, claim: number) {
      log.push(`add ${id} ${claim}`)
      return more.full !== true
    },
    async claim(most: number, claim: number) {
      log.push(`claim ${most} ${claim}`)
      if (state.fails) throw new Error('away')
      return waiting.splice(0, most)
    },
    async hold(ids: readonly string[], claim: number) {
      log.push(`hold ${ids.join()} ${claim}`)
      if (state.fails) throw new Error('away')
      return ids
    },
    async end(id: string, again?: { value: string; after: number }) {
      const next = again && (JSON.parse((more.key ?? vault).openText(purpose, again.value) ?? '{}') as Tried)
      log.push(`end ${id}${again === undefined ? '' : ` ${again.after} ${next!.errors} ${next!.refusals}`}`)
    },
    async isEmpty() {
      log.push('isEmpty')
      return state.isEmpty
    },
  }
  const keyRing = {
    vault: more.key ?? vault,
    async refresh() {
      log.push('refresh')
      keyRing.vault = vault
    },
  }
  const directory = {
    store: { works, shared: more.shared ?? false },
    async decided() {
      if (behaviour.blocks) await new Promise<void>((go) => blocked.push(go))
      if (behaviour.error !== undefined) throw behaviour.error
      return undefined
    },
    async find() {
      return undefined
    },
  }
  const deps = { keyRing, directory, clock: { now: () => state.now } }
  const invocations = new Invocations(
    () => deps as never,
    (error, about) => errors.push(`${about}: ${error}`),
  )
  const taken = () => log.splice(0)
  return { invocations, taken, waiting, errors, state, behaviour, blocked }
}

const sealed = (id: string, more: Partial<Tried> = {}) => ({
  id,
  value: vault.sealText(purpose, JSON.stringify({ ...invocation(id), errors: 0, refusals: 0, ...more })),
})

describe('invocations that no caller waits for', () => {
  test('are kept before they run, and end when their function is gone', async (t) => {
    const { invocations, taken } = server(t)
    await invocations.add(invocation('a'))
    await turns()
    assert.deepEqual(taken().slice(0, 2), ['add a 30000', 'end a'])
    await invocations.close()
  })

  test('are looked for every five seconds, in free places, until nothing waits for a server that is alone', async (t) => {
    const { invocations, taken, waiting, state } = server(t)
    waiting.push(sealed('a'))
    invocations.start()
    await turns()
    // after each that ends there may be more
    assert.deepEqual(taken(), ['claim 16 30000', 'end a', 'claim 16 30000', 'isEmpty'])
    state.isEmpty = true
    t.mock.timers.tick(4_999)
    await turns()
    assert.deepEqual(taken(), [])
    t.mock.timers.tick(1)
    await turns()
    assert.deepEqual(taken(), ['claim 16 30000', 'isEmpty'])
    t.mock.timers.tick(10_000)
    await turns()
    assert.deepEqual(taken(), [])
    await invocations.add(invocation('b'))
    await turns()
    assert.deepEqual(taken(), ['add b 30000', 'end b', 'claim 16 30000', 'isEmpty'])
    await invocations.close()
    t.mock.timers.tick(10_000)
    await turns()
    assert.deepEqual(taken(), [])
  })

  test('of several nodes are looked for again and again', async (t) => {
    const { invocations, taken, state } = server(t, { shared: true })
    state.isEmpty = true
    invocations.start()
    await turns()
    t.mock.timers.tick(5_000)
    await turns()
    assert.deepEqual(taken(), ['claim 16 30000', 'claim 16 30000'])
    await invocations.close()
  })

  test('run sixteen at a time; others wait in the store, and claims are renewed', async (t) => {
    const { invocations, taken, behaviour, blocked, errors, state } = server(t)
    behaviour.blocks = true
    invocations.start()
    await turns()
    taken()
    for (let n = 0; n < 18; n++) await invocations.add(invocation(`i${n}`))
    await turns()
    const added = taken()
    assert.equal(blocked.length, 16)
    assert.deepEqual(added.filter((line) => line.startsWith('add')).slice(14), [
      'add i14 30000',
      'add i15 30000',
      'add i16 0',
      'add i17 0',
    ])
    t.mock.timers.tick(5_000)
    await turns()
    assert.deepEqual(taken(), []) // no place is free
    t.mock.timers.tick(5_000)
    await turns()
    const ids = Array.from({ length: 16 }, (_, n) => `i${n}`).join()
    assert.deepEqual(taken(), [`hold ${ids} 30000`])
    state.fails = true
    t.mock.timers.tick(10_000)
    await turns()
    assert.deepEqual(errors.splice(0), ['an invocation: Error: away'])
    taken()
    state.fails = false
    blocked.shift()!()
    await turns()
    assert.deepEqual(taken().slice(0, 2), ['end i0', 'claim 1 30000'])
    behaviour.blocks = false
    invocations.stop()
    for (const go of blocked) go()
    await invocations.close()
    // what the server itself ended goes on elsewhere, at once
    assert.deepEqual(new Set(taken()), new Set(Array.from({ length: 15 }, (_, n) => `end i${n + 1} 0 0 0`)))
    await invocations.add(invocation('late'))
    assert.deepEqual(taken(), ['add late 0'])
  })

  test('are refused where the store has no room', async (t) => {
    const { invocations, taken } = server(t, { full: true })
    await assert.rejects(invocations.add(invocation('a')), {
      code: 'TooManyRequestsException',
      message: 'Rate Exceeded.',
      status: 429,
    })
    await turns()
    assert.deepEqual(taken(), ['add a 30000'])
  })

  test('that cannot be run are tried later, and mistakes of ours are said (LAM-58)', async (t) => {
    const { invocations, taken, behaviour, errors, waiting, state } = server(t)
    behaviour.error = new TypeError('ours')
    waiting.push(sealed('a', { refusals: 2, errors: 1 }))
    invocations.start()
    await turns()
    assert.equal(taken()[1], 'end a 4000 1 3')
    assert.deepEqual(errors.splice(0), ['an invocation: TypeError: ours'])
    state.now = retries.age
    waiting.push(sealed('b'))
    t.mock.timers.tick(5_000)
    await turns()
    assert.equal(taken()[1], 'end b')
    state.fails = true
    t.mock.timers.tick(5_000)
    await turns()
    assert.ok(errors.includes('an invocation: Error: away'))
    await invocations.close()
  })

  test('sealed by a key that this node has not heard of are opened with it, or dropped', async (t) => {
    const strange = new Vault([{ id: 1, bytes: random.bytes(32) }], random)
    const first = server(t, { key: strange })
    first.waiting.push(sealed('a'))
    first.invocations.start()
    await turns()
    assert.deepEqual(first.taken().slice(0, 3), ['claim 16 30000', 'refresh', 'end a'])
    assert.deepEqual(first.errors, [])
    first.waiting.push({ id: 'b', value: strange.sealText(purpose, '{}') })
    t.mock.timers.tick(5_000)
    await turns()
    assert.deepEqual(first.taken().slice(0, 3), ['claim 16 30000', 'refresh', 'end b'])
    assert.match(first.errors.join(), /the invocation b is sealed by a key that is gone: it is dropped/)
    await first.invocations.close()
  })
})

test('an invocation is tried again while its six hours last (LAM-58)', () => {
  const tried: Tried = { ...invocation('a'), errors: 0, refusals: 0 }
  const last = retries.age - 60_000
  assert.deepEqual(afterwards(tried, { failed: true }, last), {
    tried: { ...tried, errors: 1 },
    after: 60_000,
  })
  assert.equal(afterwards(tried, { failed: true }, last + 1), undefined)
  assert.equal(afterwards({ ...tried, errors: 2 }, { failed: true }, 0), undefined)
  assert.equal(afterwards(tried, 'refused', retries.age - 1_000)?.after, 1_000)
  assert.equal(afterwards(tried, 'refused', retries.age - 999), undefined)
  assert.equal(afterwards({ ...tried, refusals: 40 }, 'refused', 0)?.after, 300_000)
})
