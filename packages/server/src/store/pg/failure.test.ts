import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { parseAccountId } from '../../base/index.ts'
import { Damage, isDamage, reason } from '../failure.ts'
import { StoreDamaged, type StoredEvent, StoreUnavailable } from '../types.ts'
import type { PgAddress } from './address.ts'
import { Doubts } from './doubts.ts'
import {
  ConnectionLost,
  DoubtfulCommit,
  endsConnection,
  isDuplicate,
  isLocked,
  isTimeout,
  mayTryAgain,
  openingFailure,
  stateOf,
  type Trace,
  told,
  unavailable,
} from './failure.ts'
import { formatPosition, isPosition, parsePosition } from './position.ts'

function stated(code: unknown, message = 'it  is\nso'): Error {
  return Object.assign(new Error(message), { code, severity: 'ERROR' })
}

describe('errors of PostgreSQL', () => {
  test('are told apart by their state', () => {
    const table: readonly (readonly [
      state: string,
      again: boolean,
      locked: boolean,
      twice: boolean,
      ends: boolean,
    ])[] = [
      ['40001', true, false, false, false],
      ['40P01', true, false, false, false],
      ['55P03', false, true, false, false],
      ['23505', false, false, true, false],
      ['08006', false, false, false, true],
      ['57P01', false, false, false, true],
      ['57P05', false, false, false, true],
      ['57P06', false, false, false, false],
      ['25006', false, false, false, true],
      ['22P02', false, false, false, false],
      ['X0808', false, false, false, false],
    ]
    for (const [state, again, locked, twice, ends] of table) {
      const error = stated(state)
      assert.equal(stateOf(error), state)
      assert.deepEqual(
        [mayTryAgain(error), isLocked(error), isDuplicate(error), endsConnection(error)],
        [again, locked, twice, ends],
        state,
      )
    }
    const others = [
      stated('ECONNRESET'),
      stated('4000'),
      stated('400011'),
      stated(40_001),
      Object.assign(new Error('no severity'), { code: '40001' }),
      { code: '40001', severity: 'ERROR' },
      'text',
      undefined,
    ]
    for (const error of others) {
      assert.equal(stateOf(error), undefined)
      assert.ok(!mayTryAgain(error) && !isLocked(error) && !isDuplicate(error) && endsConnection(error))
    }
  })

  test('are told to callers in one line, and mistakes of ours as they are', () => {
    const ours = new TypeError('ours')
    assert.equal(told(ours), ours)
    assert.ok(told(new Damage('a row')) instanceof StoreDamaged)
    const known = told(stated('22P02'))
    assert.ok(known instanceof StoreUnavailable && !(known instanceof ConnectionLost))
    assert.equal(known.message, 'PostgreSQL: it is so (22P02)')
    assert.equal(unavailable(stated('53100')).message, 'PostgreSQL has no space left on its disk: it is so')
    const lost = unavailable(new Error('reset'))
    assert.ok(lost instanceof ConnectionLost)
    assert.equal(lost.message, 'the connection to PostgreSQL was lost: reset')
    const several = new AggregateError([new Error('one'), 'two'])
    assert.equal(unavailable(several).message, 'the connection to PostgreSQL was lost: one, two')
    assert.equal(unavailable('text').message, 'the connection to PostgreSQL was lost: text')
    const already = new StoreUnavailable('already')
    assert.equal(unavailable(already), already)
    assert.ok(
      isTimeout(new Error('timeout expired')) &&
        !isTimeout(new Error('expired')) &&
        !isTimeout('timeout expired'),
    )
  })

  test('say why a store cannot be opened', () => {
    const address = { description: 'postgres://h/d', user: 'me' } as PgAddress
    const why = (error: unknown, at = address) =>
      openingFailure(error, at).message.replace('cannot open postgres://h/d: ', '')
    const table: readonly (readonly [error: unknown, message: string])[] = [
      [stated('28P01'), 'PostgreSQL refuses user me or the password: it is so'],
      [stated('28000'), 'PostgreSQL refuses user me or the password: it is so'],
      [stated('3D000'), 'there is no such database; create it with createdb: it is so'],
      [stated('42501'), "the user may not create or use Omen's schema: it is so"],
      [
        stated('53300'),
        'PostgreSQL has no connection to spare, and a node needs six (max_connections, or the limit of the user): it is so',
      ],
      [stated('25006'), 'it accepts no changes (default_transaction_read_only): it is so'],
      [stated('57014'), 'statement_timeout of the user is too short: it is so'],
      [stated('53100'), 'PostgreSQL has no space left on its disk: it is so'],
      [stated('22P02'), 'it is so'],
      [new Error('timeout expired'), 'there was no answer in time'],
      [new Error('reset'), 'reset'],
      ['text', 'text'],
    ]
    for (const [error, message] of table) assert.equal(why(error), message)
    assert.match(why(stated('28P01'), { ...address, user: undefined }), /refuses user \(none\)/)
    const tls = / \(see sslmode and sslrootcert of the address\)$/
    for (const code of [
      'ERR_TLS_CERT_ALTNAME_INVALID',
      'CERT_HAS_EXPIRED',
      'DEPTH_ZERO_SELF_SIGNED_CERT',
      'SELF_SIGNED_CERT_IN_CHAIN',
      'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    ])
      assert.match(why(Object.assign(new Error('no'), { code })), tls, code)
    for (const message of ['the certificate is old', 'SSL is off', 'TLS is off'])
      assert.match(why(new Error(message)), tls, message)
    for (const code of ['ECONNREFUSED', 'X_CERT_'])
      assert.doesNotMatch(why(Object.assign(new Error('no'), { code })), tls, code)
    const damaged = new StoreDamaged('as it is')
    assert.equal(openingFailure(damaged, address), damaged)
    const cause = Object.assign(new ConnectionLost('lost'), { cause: stated('28P01') })
    assert.match(why(cause), /refuses user me/)
    assert.equal(why(new ConnectionLost('lost')), 'lost')
  })
})

test('errors of SQLite and of the system have a name and a message', () => {
  const sqlite = (errcode: number) => reason(Object.assign(new Error('m'), { errcode, code: 'ERR' }))
  assert.deepEqual(sqlite(5), { code: 'SQLITE_BUSY', message: 'm' })
  assert.deepEqual(sqlite(267), { code: 'SQLITE_CORRUPT', message: 'm' })
  assert.deepEqual(sqlite(26), { code: 'SQLITE_NOTADB', message: 'm' })
  assert.deepEqual(sqlite(13), { code: 'SQLITE_13', message: 'm' })
  assert.deepEqual(reason(Object.assign(new Error('m'), { errcode: '5', code: 'ENOENT' })), {
    code: 'ENOENT',
    message: 'm',
  })
  assert.deepEqual(reason(new Error('m')), { code: '', message: 'm' })
  assert.deepEqual(reason('text'), { code: '', message: 'text' })
  assert.deepEqual(['SQLITE_CORRUPT', 'SQLITE_NOTADB', 'SQLITE_BUSY', ''].map(isDamage), [
    true,
    true,
    false,
    false,
  ])
  assert.deepEqual(reason(new Damage('a row')), { code: 'SQLITE_CORRUPT', message: 'a row' })
})

test('a position names each stream once, in their order, and nothing else', () => {
  const positions = new Map([
    [10, 5],
    [2, 7],
  ])
  const text = formatPosition(positions)
  assert.equal(text, '2.7-10.5')
  assert.deepEqual(parsePosition(text), new Map([...positions].sort()))
  assert.deepEqual(parsePosition(formatPosition(new Map())), new Map())
  for (const good of ['', '1.1', '1234567.12345678901', '1.1-2.2-3.3']) assert.ok(isPosition(good), good)
  for (const bad of [
    '1',
    '1.',
    '.1',
    '1.1-',
    '-1.1',
    '1.1-2',
    '12345678.1',
    '1.123456789012',
    '1.1 ',
    'x1.1',
    '1.1\n',
  ])
    assert.ok(!isPosition(bad), bad)
  const long = Array.from({ length: 65_536 }, () => '1.1').join('-')
  assert.ok(isPosition(long.slice(0, 256 * 1024 - 1)) && !isPosition(`${long}-1.1`))
  assert.throws(() => parsePosition('none' as never), RangeError)
})

test('events in doubt are stored again only if they are not there', async () => {
  const asked: Trace[] = []
  let there = new Set<Trace>()
  const doubts = new Doubts(async (trace) => {
    asked.push(trace)
    return there.has(trace)
  })
  const events = ['a', 'b', 'c', 'd'].map((id) => ({ id }) as StoredEvent)
  const [a, b, c] = events
  const traces: Trace[] = [{}, {}]
  doubts.note([a!], new StoreUnavailable('no doubt'))
  assert.deepEqual(await doubts.without(events), events)
  doubts.note([a!, b!], new DoubtfulCommit('lost', traces[0]!))
  doubts.note([c!], new DoubtfulCommit('lost', traces[1]!))
  there = new Set([traces[0]!])
  assert.deepEqual(await doubts.without(events), events.slice(2))
  // each trace is asked about once
  assert.deepEqual(asked, traces)
  doubts.end([a!, c!])
  assert.deepEqual(await doubts.without(events), [a, ...events.slice(2)])
  doubts.end([b!])
  asked.length = 0
  assert.deepEqual(await doubts.without(events), events)
  assert.deepEqual(asked, [])
})

test('an account of a column has its zeros again', async () => {
  const { accountOf } = await import('./commit-values.ts')
  assert.equal(accountOf('1'), parseAccountId('000000000001'))
  assert.equal(accountOf('111111111111'), '111111111111')
  assert.equal(accountOf('none'), undefined)
})
