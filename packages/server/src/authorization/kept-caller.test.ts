import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Account, users } from '../directory/index.ts'
import type { Caller } from '../session/index.ts'
import { isThere, keepCaller, reviveCaller } from './kept-caller.ts'

test('the stored form of a caller lacks the secret of its session', () => {
  const session = { accessKeyId: 'ASIA', secretAccessKey: 'secret', issuedAt: 1 }
  const caller = { kind: 'root', session } as unknown as Caller
  assert.deepEqual(keepCaller(caller), { kind: 'root', session: { ...session, secretAccessKey: '' } })
  assert.deepEqual(keepCaller({ kind: 'root' } as unknown as Caller), { kind: 'root' })
})

test('the stored form of a role lacks its documents, which the record holds', () => {
  const role = { id: 'AROA', name: 'r', trust: '{}', inline: { a: '{}' }, attached: ['b'] }
  const kept = keepCaller({ kind: 'role', role } as unknown as Caller) as { role: Record<string, unknown> }
  assert.equal(kept.role.trust, '')
  assert.equal(kept.role.id, 'AROA')
})

/** What an account has now under an identifier: a user whose name begins with U, or a role whose name begins with R. */
const account = {
  table: (of: unknown) => ({
    find: (id: string) => (id.startsWith(of === users ? 'U' : 'R') ? { id, now: true } : undefined),
  }),
} as unknown as Account // only the tables are read
const record = (id: string) => ({ id, inline: { a: '{}' }, attached: ['b'] })
const callers = (id: { user: string; role: string }) =>
  [
    { kind: 'user', user: record(id.user) },
    { kind: 'role', role: { ...record(id.role), trust: '{}' } },
    { kind: 'federated', issuer: record(id.user) },
  ] as unknown as Caller[] // only what identifies them is read
const others = [{ kind: 'root' }, { kind: 'federated', issuer: undefined }] as unknown as Caller[]

test('the stored form of users, roles and issuers lacks their policies', () => {
  const bare = (id: string) => ({ id, inline: {}, attached: [] })
  assert.deepEqual(callers({ user: 'U', role: 'R' }).map(keepCaller), [
    { kind: 'user', user: bare('U') },
    { kind: 'role', role: { ...bare('R'), trust: '' } },
    { kind: 'federated', issuer: bare('U') },
  ])
  assert.deepEqual(others.map(keepCaller), others)
})

test('a stored caller is revived as the account has it now, or as the record describes it', () => {
  const revived = (caller: Caller) => reviveCaller(keepCaller(caller), account)
  const there = callers({ user: 'U', role: 'R' })
  assert.deepEqual(there.map(revived), [
    { kind: 'user', user: { id: 'U', now: true } },
    { kind: 'role', role: { id: 'R', now: true } },
    { kind: 'federated', issuer: { id: 'U', now: true } },
  ])
  const gone = callers({ user: 'gone', role: 'gone' })
  assert.deepEqual(gone.map(revived), gone.map(keepCaller))
  assert.deepEqual(others.map(revived), others)
  const areThere = (list: readonly Caller[]) => list.map((caller) => isThere(caller, account))
  assert.deepEqual(areThere([...there, ...others]), [true, true, true, true, true])
  assert.deepEqual(areThere(gone), [false, false, false])
})
