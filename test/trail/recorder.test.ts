import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Store, type StoredEvent, StoreUnavailable } from '../../packages/server/src/store/index.ts'
import { Recorder } from '../../packages/server/src/trail/index.ts'
import { event } from '../store/fixture.ts'

/** A store whose disk is full until it is not. */
function fullDisk() {
  const kept: StoredEvent[] = []
  const disk = { full: true, kept, tries: 0 }
  const store = {
    async record(events: readonly StoredEvent[]) {
      disk.tries++
      if (disk.full) throw new StoreUnavailable('disk full')
      kept.push(...events)
    },
  } as unknown as Store // the recorder only records here
  return { disk, store }
}

describe('Events of reads', () => {
  it('are on the disk within 100 ms, together (TRL-51)', async () => {
    const { disk, store } = fullDisk()
    disk.full = false
    const recorder = new Recorder(store, (error) => assert.ifError(error))
    for (let n = 0; n < 100; n++) recorder.add([event()])
    assert.equal(recorder.waiting, 100)
    await sleep(100)
    assert.equal(disk.kept.length, 100)
    assert.equal(disk.tries, 1)
    assert.equal(recorder.waiting, 0)
  })

  it('wait while nothing can be kept, in their order, and none is lost once it can (TRL-51)', async () => {
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
    await sleep(650)
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
})
