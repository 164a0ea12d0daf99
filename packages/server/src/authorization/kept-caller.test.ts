import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Caller } from '../session/index.ts'
import { keepCaller } from './kept-caller.ts'

test('the stored form of a caller lacks the secret of its session', () => {
  const session = { accessKeyId: 'ASIA', secretAccessKey: 'secret', issuedAt: 1 }
  const caller = { kind: 'root', session } as unknown as Caller
  assert.deepEqual(keepCaller(caller), { kind: 'root', session: { ...session, secretAccessKey: '' } })
  assert.deepEqual(keepCaller({ kind: 'root' } as unknown as Caller), { kind: 'root' })
})

test('the stored form of a role lacks its documents, which the record holds', () => {
  const role = { id: 'AROA', name: 'r', trust: '{}', inline: { a: '{}' }, attached: ['b'] }
  const kept = keepCaller({ kind: 'role', role } as unknown as Caller) as { role: Record<string, unknown> }
  assert.equal(kept.role['trust'], '')
  assert.equal(kept.role['id'], 'AROA')
})
