import assert from 'node:assert/strict'
import { test } from 'node:test'
import { tagsByKind } from './tag.ts'

test('tags of what a call makes are counted before they are gathered', () => {
  const many = Array.from({ length: 10_000 }, () => ({
    ResourceType: 'instance' as const,
    Tags: [{ Key: 'k', Value: 'v' }],
  }))
  assert.throws(() => tagsByKind(many), { code: 'TagLimitExceeded' })
})
