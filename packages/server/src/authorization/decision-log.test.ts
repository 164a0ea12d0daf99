import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemRandom } from '../base/index.ts'
import type { Call } from './call.ts'
import { DecisionLog } from './decision-log.ts'
import type { Judged } from './verdict.ts'

/** A denied question about a resource. */
function question(resource: string, context = {}): Judged {
  return {
    access: { action: 'ssm:GetParameters', resource, context },
    decision: { outcome: 'implicitDeny' },
  } as unknown as Judged
}

/** Notes a denied call, one a millisecond, and returns its id. */
function deny(log: DecisionLog, now: number, judged: Judged, behind: readonly Judged[] = []): string {
  const call = {
    id: `request-${now}`,
    now,
    mode: 'enforce',
    account: { id: '111111111111' },
    marks: {},
  } as unknown as Call
  const id = log.note(call, { allowed: false, judged: [judged], denied: judged, behind, beyond: 0 })
  assert.ok(id)
  return id
}

test('a question without a call is kept with its answer, and is no denial', () => {
  const log = new DecisionLog(systemRandom)
  const call = { id: 'request-1', account: { id: '111111111111' } } as unknown as Call
  const judged = question('a')
  const id = log.noteQuestion(call, judged)
  assert.deepEqual(log.find(id)?.judged, [judged])
  assert.equal(log.find(id)?.allowed, false)
  assert.equal(log.find('request-1'), undefined)
  assert.equal(log.lastDenial(), undefined)
})

test('RSN-11: a denied call of megabytes is not kept, and what it left for its answer is not', () => {
  const log = new DecisionLog(systemRandom)
  assert.equal(log.find(deny(log, 1, question('x'.repeat(2 ** 21)))), undefined)
  assert.equal(log.find(deny(log, 2, question('a', { 'ssm:Names': ['x'.repeat(2 ** 21)] }))), undefined)
  const kept = log.find(deny(log, 3, question('a')))
  assert.ok(kept && !('marks' in kept.call))
})

test('RSN-11: the questions behind a denial leave first', () => {
  const log = new DecisionLog(systemRandom)
  const long = question('x'.repeat(2 ** 19))
  const kept = log.find(deny(log, 1, long, [long, long, long]))
  assert.deepEqual(kept?.behind, [])
  assert.equal(kept.beyond, 3)
})

test('RSN-11: all denials in memory together have a bound in characters: the oldest leave', () => {
  const log = new DecisionLog(systemRandom)
  const ids = Array.from({ length: 100 }, (_, now) => deny(log, now, question('x'.repeat(2 ** 20))))
  assert.equal(log.find(ids[0]!), undefined)
  assert.equal(log.denials(1_000).length, 32)
  assert.ok(log.find(ids[99]!))
})
