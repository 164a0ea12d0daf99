import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
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

test('an address is read in each of its forms', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'omen-address-')), 'password')
  writeFileSync(file, 'from a file\r\n')
  const read = (text: string) => {
    const { hosts, database, user, password } = parsePgUrl(text, { OMEN_STORE_PASSWORD_FILE: file })
    const places = hosts.map(({ host, port }) => `${host} ${port}`).join()
    return [places, database, user, typeof password === 'function' ? password() : password]
  }
  const cases: Readonly<Record<string, readonly unknown[]>> = {
    'postgres://': ['localhost 5432', 'omen', undefined, 'from a file'],
    'postgresql://h/': ['h 5432', 'omen', undefined, 'from a file'],
    'postgres://me@h:1/d%20e': ['h 1', 'd e', 'me', 'from a file'],
    'postgres://me:@h/d': ['h 5432', 'd', 'me', ''],
    'postgres://:p@h/d': ['h 5432', 'd', undefined, 'p'],
    'postgres://me@a,b:2/d?user=you&port=7': ['a 7,b 2', 'd', 'you', 'from a file'],
    'postgres://a,b,c/d?port=7,8': ['a 7,b 8,c 7', 'd', undefined, 'from a file'],
    'postgres://h/d?host=/run/a,%5B::1%5D:9': ['/run/a 5432,::1 9', 'd', undefined, 'from a file'],
    'postgres://%2Frun%2Fpg:6/d': ['/run/pg:6 5432', 'd', undefined, 'from a file'],
  }
  for (const [text, parts] of Object.entries(cases)) assert.deepEqual(read(text), parts, text)
  rmSync(dirname(file), { recursive: true })
})

test('an address that cannot be used says why', () => {
  const form = 'it is not of the form postgres://user@host/database'
  const cases: Readonly<Record<string, string>> = {
    'mysql://h/d': form,
    'xpostgres://h/d': form,
    'postgres:/h/d': form,
    'postgres://h/d?a=1': 'it has an unknown option a; known are sslmode, sslrootcert, host, port, user',
    'postgres://h h:x/d': 'h h:x is no host',
    'postgres://h:0/d': '0 is no port',
    'postgres://h:65536/d': '65536 is no port',
    'postgres://h/d?port=x': 'x is no port',
    'postgres://%zz/d': 'it has a % that begins no escape',
    'postgres://h/d?sslmode=prefer': 'sslmode must be disable, require, verify-ca or verify-full, not prefer',
  }
  for (const [text, why] of Object.entries(cases))
    assert.throws(() => parsePgUrl(text), {
      name: 'StoreDamaged',
      message: `the address of the store cannot be used: ${why}`,
    })
  const missing = { OMEN_STORE_PASSWORD_FILE: '/nowhere/password' }
  assert.throws(
    () => parsePgUrl('postgres://h/d', missing),
    /OMEN_STORE_PASSWORD_FILE cannot be read: ENOENT/,
  )
  assert.throws(
    () => parsePgUrl('postgres://h/d?sslrootcert=/nowhere/ca'),
    /sslrootcert cannot be read: ENOENT/,
  )
})

test('each sslmode verifies as libpq does', () => {
  const tlsOf = (query: string, host = 'db') => parsePgUrl(`postgres://${host}/d?${query}`).tls
  assert.equal(tlsOf('sslmode=disable'), false)
  assert.deepEqual(tlsOf('sslmode=require'), { rejectUnauthorized: false })
  assert.deepEqual(tlsOf('sslmode=verify-full&sslrootcert=system', 'localhost'), {})
  const ca = tlsOf('sslmode=verify-ca')
  assert.deepEqual(ca && [Object.keys(ca), ca.checkServerIdentity?.()], [['checkServerIdentity'], undefined])
  const given = tlsOf(`sslmode=require&sslrootcert=${encodeURIComponent(import.meta.filename)}`)
  assert.deepEqual(Object.keys(given), ['ca', 'checkServerIdentity'])
  for (const [host, isHere] of Object.entries({ '127.1.2.3': true, '127.1.2.3.4': false, localhosts: false }))
    assert.equal(tlsOf('', host) === false, isHere, host)
})

test('a server elsewhere is verified by default, and one on this machine needs no TLS', () => {
  assert.deepEqual(parsePgUrl('postgres://omen@db.example.com/omen').tls, {})
  for (const host of ['localhost', '127.0.0.1', '[::1]', '', '%2Frun%2Fpostgresql'])
    assert.equal(parsePgUrl(`postgres://omen@${host}/omen`).tls, false, host)
  assert.deepEqual(parsePgUrl('postgres://omen@localhost,db/omen').tls, {})
})
