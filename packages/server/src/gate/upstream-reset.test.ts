import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isResetPath, type RequestHead } from '../base/index.ts'
import { resetPattern, resetsUpstream } from './upstream-reset.ts'

test('emulators are emptied by their own paths, and by those that are given (GRD-122)', () => {
  const resets = (rawPath: string, passes: readonly string[] = [], more: object = {}) =>
    resetsUpstream(
      { method: 'POST', rawPath, rawQuery: '', ...more } as RequestHead,
      resetPattern({ passes }),
    )
  for (const path of [
    '/moto-api/reset',
    '/_localstack/state/reset',
    '/_ministack/reset',
    '/_omen/upstream/reset',
  ])
    assert.equal(resets(path), true, path)
  assert.equal(resets('/_other/reset'), false)
  assert.equal(resets('/_other/reset', ['/_other/reset']), true)
  assert.equal(resets('/_other/resets', ['/_other/reset']), false)
  assert.equal(resets('/moto-api/reset', [], { rawQuery: 'a' }), false)
  assert.equal(resets('/moto-api/reset', [], { method: 'GET' }), false)
})

test('a path that a bucket or Omen may have empties nothing (GRD-122)', () => {
  assert.equal(isResetPath('/_emulator/state/reset'), true)
  for (const path of ['/bucket/reset', '/_omen/reset', '/_a', '/_a/../b', '/_a/b?c', '_a/b', '/_a//b'])
    assert.equal(isResetPath(path), false, path)
})
