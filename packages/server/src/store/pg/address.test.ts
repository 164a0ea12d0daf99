import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parsePgUrl } from './address.ts'

test('an address without sense is refused, and never shows its password', () => {
  for (const text of [
    'postgres://a:hidden@h:port/d',
    'postgres://a:hidden@h/d?sslmode=maybe',
    'postgres://a:hidden@h/d?unknown=1',
    'postgres://a:hidden@h:99999/d',
    'postgres://a:%zz@h/d',
  ])
    assert.throws(
      () => parsePgUrl(text),
      (error) => error instanceof Error && error.name === 'StoreDamaged' && !error.message.includes('hidden'),
    )
  const { hosts, user, password, database, description } = parsePgUrl('postgres://me:p%40ss:w@[::1]:5433,b/d')
  assert.deepEqual(
    [hosts, user, password, database, description],
    [
      [
        { host: '::1', port: 5433 },
        { host: 'b', port: 5432 },
      ],
      'me',
      'p@ss:w',
      'd',
      'postgres ::1:5433,b/d',
    ],
  )
})

test('a server elsewhere is verified by default, and one on this machine needs no TLS', () => {
  assert.deepEqual(parsePgUrl('postgres://omen@db.example.com/omen').tls, {})
  for (const host of ['localhost', '127.0.0.1', '[::1]', '', '%2Frun%2Fpostgresql'])
    assert.equal(parsePgUrl(`postgres://omen@${host}/omen`).tls, false, host)
  assert.deepEqual(parsePgUrl('postgres://omen@localhost,db/omen').tls, {})
})
