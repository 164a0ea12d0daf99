import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Bodies, Pieces } from './bodies.ts'

describe('bodies in memory', () => {
  const begin = (bodies: Bodies, caller: string) => {
    const body = { gone: false, held: bodies.begin({ caller, giveUp: () => lose() }) }
    const lose = () => {
      body.gone = true
      body.held.release()
    }
    return body
  }

  test('never take more than they may together (WIRE-81)', () => {
    const bodies = new Bodies(100)
    const forty = Array.from({ length: 40 }, () => begin(bodies, 'attacker'))
    for (let step = 0; step < 10; step++)
      for (const { held, gone } of forty) {
        if (!gone) held.grow(7)
        assert.ok(bodies.held <= 100)
      }
    for (const { held } of forty) held.release()
    assert.equal(bodies.held, 0)
  })

  test('who holds most loses what began first; others keep theirs (WIRE-81)', () => {
    const bodies = new Bodies(100)
    const [honest, first, second] = ['a', 'b', 'b'].map((caller) => begin(bodies, caller))
    assert.ok(honest!.held.grow(20))
    assert.ok(first!.held.grow(40))
    assert.ok(second!.held.grow(40))
    assert.ok(honest!.held.grow(30))
    assert.deepEqual([honest!.gone, first!.gone, second!.gone], [false, true, false])
    assert.equal(bodies.held, 90)
  })

  test('what is being worked on stays, and newcomers wait outside (WIRE-81)', () => {
    const bodies = new Bodies(100)
    const [working, newcomer] = ['a', 'b'].map((caller) => begin(bodies, caller))
    assert.ok(working!.held.grow(90))
    working!.held.whole()
    assert.equal(newcomer!.held.grow(20), false)
    assert.equal(working!.gone, false)
    working!.held.release()
    working!.held.release()
    assert.equal(bodies.held, 0)
  })

  test('what waits of a body that passes counts, and no more once it has passed (GRD-622)', () => {
    const bodies = new Bodies(100)
    const [passing, other] = ['a', 'b'].map((caller) => begin(bodies, caller))
    for (const waits of [60, 90, 0, 30]) {
      assert.ok(passing!.held.fit(waits))
      assert.equal(bodies.held, waits)
    }
    assert.ok(other!.held.fit(80))
    assert.deepEqual([passing!.gone, bodies.held], [true, 80])
    assert.equal(passing!.held.fit(10), false)
    assert.equal(other!.held.fit(110), false)
  })

  test('many small pieces become few', () => {
    const pieces = new Pieces()
    const whole = Buffer.alloc(300_000, 'omen')
    for (let at = 0; at < whole.length; at += at < 150_000 ? 1 : 30_000)
      pieces.add(whole.subarray(at, at < 150_000 ? at + 1 : at + 30_000))
    assert.equal(pieces.length, whole.length)
    assert.ok(pieces.join().equals(whole))
  })

  test('a body of one short piece takes no more than it needs', () => {
    const piece = Buffer.from('Action=GetCallerIdentity')
    const pieces = new Pieces()
    pieces.add(piece)
    const body = pieces.join()
    assert.ok(body.equals(piece))
    assert.ok(body.buffer.byteLength <= Buffer.poolSize, `${body.buffer.byteLength} bytes`)
    const two = new Pieces()
    for (const half of ['a'.repeat(5_000), 'b'.repeat(16_000)]) two.add(Buffer.from(half))
    assert.equal(two.join().toString(), `${'a'.repeat(5_000)}${'b'.repeat(16_000)}`)
  })
})
