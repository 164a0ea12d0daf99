import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { type Store, type StoredEvent, StoreUnavailable } from '../../packages/server/src/store/index.ts'
import { Recorder } from '../../packages/server/src/trail/index.ts'
import { event } from '../store/fixture.ts'

/** A store whose disk is full until it is not, and fails after so many turns. */
function fullDisk(turns = 0) {
  const kept: StoredEvent[] = []
  const disk = { full: true, kept, tries: 0 }
  const store = {
    async record(events: readonly StoredEvent[]) {
      disk.tries++
      for (let n = 0; n < turns; n++) await turn()
      if (disk.full) throw new StoreUnavailable('disk full')
      kept.push(...events)
    },
  } as unknown as Store // the recorder only records here
  return { disk, store }
}

describe('Events of reads', () => {
  it('are on the disk within 100 ms, together (TRL-51)', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] })
    const { disk, store } = fullDisk()
    disk.full = false
    const recorder = new Recorder(store, (error) => assert.ifError(error))
    for (let n = 0; n < 100; n++) recorder.add([event()])
    assert.equal(recorder.waiting, 100)
    t.mock.timers.tick(100)
    await turn()
    assert.equal(disk.kept.length, 100)
    assert.equal(disk.tries, 1)
    assert.equal(recorder.waiting, 0)
  })

  it('wait while nothing can be kept, in their order, and none is lost once it can (TRL-51)', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] })
    const { disk, store } = fullDisk()
    const complaints: unknown[] = []
    const recorder = new Recorder(store, (error) => complaints.push(error))
    const events = Array.from({ length: 50 }, () => event())
    for (const each of events.slice(0, 25)) recorder.add([each])
    await recorder.flush()
    assert.ok(recorder.failing)
    for (const each of events.slice(25)) recorder.add([each])
    await recorder.flush()
    assert.equal(complaints.length, 1)
    disk.full = false
    t.mock.timers.tick(650)
    await turn()
    assert.deepEqual(disk.kept, events)
    assert.equal(recorder.failing, false)
    assert.equal(recorder.lost, 0)
  })

  it('are dropped only where there is no more room, the oldest first, and counted (TRL-51)', async () => {
    const { disk, store } = fullDisk()
    const recorder = new Recorder(store, () => {})
    const one = event()
    recorder.add([event()])
    await recorder.flush()
    for (let n = 0; n < 25_000; n++) recorder.add([one])
    assert.ok(recorder.lost >= 4_500, String(recorder.lost))
    assert.equal(recorder.lost + recorder.waiting, 25_001)
    disk.full = false
    await recorder.flush()
    assert.equal(disk.kept.length + recorder.lost, 25_001)
  })

  it('keep their order however many writes fail at a time (TRL-51)', async () => {
    const { disk, store } = fullDisk(3)
    const recorder = new Recorder(store, () => {})
    const events = Array.from({ length: 6 }, () => event())
    const writes = events.map((each) => {
      recorder.add([each])
      return recorder.flush()
    })
    await turn()
    assert.equal(recorder.waiting, 6)
    await Promise.all(writes)
    disk.full = false
    await recorder.flush()
    assert.deepEqual(disk.kept, events)
  })

  it('take no more memory than they may while a disk stalls or is full, however large they are (TRL-51)', async () => {
    const { disk, store } = fullDisk(50)
    const recorder = new Recorder(store, () => {})
    const json = 'x'.repeat(100_000)
    for (let n = 0; n < 1_500; n++) recorder.add([event({ json })])
    assert.ok(recorder.waiting <= 720, String(recorder.waiting))
    assert.equal(recorder.waiting + recorder.lost, 1_500)
    await recorder.flush()
    for (let n = 0; n < 1_500; n++) recorder.add([event({ json })])
    assert.ok(recorder.waiting <= 720, String(recorder.waiting))
    disk.full = false
    await recorder.flush()
    assert.equal(disk.kept.length + recorder.lost, 3_000)
    // in lots for which the store has room
    assert.ok(disk.tries >= 5, String(disk.tries))
  })

  it('are independent: one that is too long leaves a mark, and no other waits for it (TRL-90)', async () => {
    const { disk, store } = fullDisk()
    disk.full = false
    const complaints: unknown[] = []
    const recorder = new Recorder(store, (error) => complaints.push(error))
    const asked = Array.from({ length: 1_000 }, () => ({ action: 'a', resource: 'x'.repeat(5_000) }))
    const [long, other] = [event({ asked }), event()]
    recorder.add([long, other])
    await recorder.flush()
    const [mark, kept] = disk.kept
    assert.deepEqual([mark?.id, kept, recorder.lost, complaints.length], [long.id, other, 1, 1])
    assert.match(mark?.json ?? '', /"reason":"event too large","omitted":true,"originalSize":50/)
    assert.equal(mark?.asked, undefined)
  })

  it('that the store cannot keep are found, in smaller and smaller lots, and hold back no other (TRL-90)', async () => {
    const events = Array.from({ length: 40 }, () => event())
    const bad = events[17]!
    const kept: StoredEvent[] = []
    const store = {
      async record(lot: readonly StoredEvent[]) {
        if (lot.includes(bad)) throw new StoreUnavailable('cannot be kept')
        kept.push(...lot)
      },
    } as unknown as Store
    const recorder = new Recorder(store, () => {})
    recorder.add(events)
    for (let tries = 0; tries < 20 && recorder.waiting > 0; tries++) await recorder.flush()
    assert.equal(recorder.lost, 1)
    assert.deepEqual(kept.map(({ id }) => id).sort(), events.map(({ id }) => id).sort())
    recorder.abandon()
  })

  it('are given up with those on their way, which come back no more (TRL-51)', async () => {
    const { disk, store } = fullDisk(3)
    const recorder = new Recorder(store, () => {})
    recorder.add([event()])
    const writing = recorder.flush()
    await turn()
    recorder.add([event()])
    recorder.abandon()
    await writing
    assert.equal(recorder.waiting, 0)
    assert.equal(recorder.lost, 2)
    disk.full = false
    const later = event()
    recorder.add([later])
    await recorder.flush()
    assert.deepEqual(disk.kept, [later])
  })
})

describe('Events of what was begun', () => {
  it('are taken over, all of them, and wait where nothing can be kept (GRD-97)', async () => {
    const { disk, store } = fullDisk()
    const left = Array.from({ length: 5 }, () => event())
    // as many at a time as a store returns
    const begun = async () => left.filter(({ id }) => !disk.kept.some((kept) => kept.id === id)).slice(0, 2)
    let isOurs = false
    const lease = async (job: string) => (isOurs ? { job, token: 1 } : undefined)
    const recorder = new Recorder(Object.assign(store, { begun, lease }), () => {})
    await recorder.takeOver()
    assert.equal(recorder.waiting, 0, 'another node takes them over')
    isOurs = true
    await recorder.takeOver()
    assert.equal(recorder.waiting, 2)
    disk.full = false
    await recorder.flush()
    await recorder.takeOver()
    const ended = left.map((each) => ({ ...each, begun: true as const }))
    assert.deepEqual(disk.kept, ended)
  })
})
