import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { complaintsIn, parseSize } from '../../packages/server/src/cli/index.ts'
import { omen, serve, temporaryHome } from './process.ts'

describe('--retention-size', () => {
  test('sizes have their unit, decimal or binary, in any case', () => {
    assert.equal(parseSize('500MB'), 500_000_000)
    assert.equal(parseSize('2 GiB'), 2 * 1024 ** 3)
    assert.equal(parseSize('1.5tb'), 1_500_000_000_000)
    assert.equal(parseSize('64kib'), 65_536)
    for (const text of ['', '500', 'MB', '-1MB', '1e3MB', '1.MB', '1MBs', '1XB', '99999999999MB'])
      assert.equal(parseSize(text), undefined, text)
  })

  test('omen start refuses what is no size, or too little', async (t) => {
    const home = temporaryHome(t)
    for (const size of ['many', '10', '9999KB']) {
      const { status, stderr } = await omen(['start', '--home', home, '--retention-size', size])
      assert.equal(status, 252)
      assert.match(stderr, /--retention-size takes a size from 10MB, such as 500MB or 2GiB, not /)
    }
  })

  test('omen start takes one, and status has nothing to complain of', async (t) => {
    const home = temporaryHome(t)
    const served = await serve(home, [], { OMEN_RETENTION_SIZE: '1GB' })
    t.after(() => served.stop('SIGTERM'))
    const { stdout } = await omen(['status', '--home', home])
    assert.doesNotMatch(stdout, /trail/)
    const json = JSON.parse((await omen(['status', '--home', home, '--output', 'json'])).stdout) as object
    assert.deepEqual({ eventsUndelivered: 0, ...json }, json)
  })

  test('TRL-55 complaints name what was lost', () => {
    assert.deepEqual(complaintsIn({ status: 'ok', eventsLost: 0, eventsUndelivered: 0 }), [])
    assert.deepEqual(
      complaintsIn({ status: 'changes cannot be kept', eventsLost: 3, eventsUndelivered: 5 }),
      [
        { about: 'store', text: 'changes cannot be kept' },
        { about: 'trail', text: '3 events could not be kept' },
        { about: 'trail', text: '5 events were forgotten before trails had delivered them' },
      ],
    )
  })
})
