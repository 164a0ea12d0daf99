import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemRandom } from '../base/index.ts'
import type { Call } from './call.ts'
import { DecisionLog } from './decision-log.ts'
import type { Judged } from './verdict.ts'

test('a question without a call is kept with its answer, and is no denial', () => {
  const log = new DecisionLog(systemRandom)
  const call = { id: 'request-1', account: { id: '111111111111' } } as unknown as Call
  const judged = { decision: { outcome: 'implicitDeny' } } as unknown as Judged
  const id = log.noteQuestion(call, judged)
  assert.deepEqual(log.find(id)?.judged, [judged])
  assert.equal(log.find('request-1')?.allowed, false)
  assert.equal(log.lastDenial(), undefined)
})
