import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Outage } from './outage.ts'

test('a failure lasts until work of its kind succeeds, or for a minute of other work', () => {
  let now = 0
  const outage = new Outage<'changes' | 'reads'>(() => now)
  assert.equal(outage.isOn, false)
  outage.failed('changes')
  outage.succeeded('reads')
  assert.equal(outage.isOn, true, 'a read says nothing of changes')
  outage.succeeded('changes')
  assert.equal(outage.isOn, false)
  outage.failed('changes')
  now = 59_999
  outage.succeeded('reads')
  assert.equal(outage.isOn, true)
  now = 120_000
  assert.equal(outage.isOn, true, 'nothing has succeeded since')
  outage.succeeded('reads')
  assert.equal(outage.isOn, false)
})
