import assert from 'node:assert/strict'
import { test } from 'node:test'
import { changeOf } from './standby-watch.ts'

test('an operator hears when standbys go and come, once', () => {
  const [none, awaited, one] = [
    { count: 0, areAwaited: false },
    { count: 0, areAwaited: true },
    { count: 1, areAwaited: true },
  ]
  // a database that was never meant to have one
  assert.equal(changeOf(undefined, none), undefined)
  assert.equal(changeOf(undefined, one), undefined)
  assert.match(
    changeOf(undefined, awaited)!,
    /^PostgreSQL is set to wait .* and has none: no change is acknowledged/,
  )
  assert.match(changeOf(one, awaited)!, /has none/)
  assert.equal(changeOf(awaited, awaited), undefined)
  assert.match(
    changeOf(one, none)!,
    /no synchronous standby any more: a failover may lose acknowledged changes$/,
  )
  assert.match(changeOf(awaited, none)!, /any more/)
  assert.equal(changeOf(none, none), undefined)
  assert.equal(changeOf(none, one), 'PostgreSQL has 1 synchronous standby again')
})
