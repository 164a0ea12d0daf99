import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { isBase64 } from './binary.ts'
import { parseDate } from './date.ts'
import { contains, parseAddress, parseNetwork } from './ip.ts'
import { compareNumbers, parseNumber } from './number.ts'

describe('POL-133 parseDate', () => {
  const dates: readonly (readonly [string, string | undefined])[] = [
    ['2026', '2026-01-01T00:00:00.000Z'],
    ['2026-03', '2026-03-01T00:00:00.000Z'],
    ['2026-03-04', '2026-03-04T00:00:00.000Z'],
    ['2026-03-04T05:06Z', '2026-03-04T05:06:00.000Z'],
    ['2026-03-04T05:06:07', '2026-03-04T05:06:07.000Z'],
    ['2026-03-04T05:06:07.125+01:30', '2026-03-04T03:36:07.125Z'],
    ['1772323200', '2026-03-01T00:00:00.000Z'],
    ['2024-02-29', '2024-02-29T00:00:00.000Z'],
    ['2026-02-29', undefined],
    ['2026-13-01', undefined],
    ['2026-03-04T24:00Z', undefined],
    ['2026-03-04T05:06:07.Z', undefined],
    ['2026-03-04T05:06:07+1:30', undefined],
    ['2026-03-04T05:06:07+01.30', undefined],
    ['2026-03-04T05:06:07+01:300', undefined],
    ['2026-3-4', undefined],
    ['soon', undefined],
    ['', undefined],
  ]
  for (const [text, wanted] of dates) {
    test(text, () => {
      assert.equal(parseDate(text), wanted === undefined ? undefined : Date.parse(wanted))
    })
  }

  test('reads every date that JavaScript writes', () => {
    const date = fc.date({ min: new Date(0), max: new Date(253_402_300_799_000), noInvalidDate: true })
    fc.assert(fc.property(date, (moment) => assert.equal(parseDate(moment.toISOString()), moment.getTime())))
  })
})

describe('POL-097 addresses', () => {
  const holds: readonly (readonly [string, string, boolean])[] = [
    ['10.0.0.0/8', '10.255.0.1', true],
    ['10.0.0.0/8', '11.0.0.1', false],
    ['10.0.0.1', '10.0.0.1', true],
    ['10.0.0.1', '10.0.0.2', false],
    ['0.0.0.0/0', '200.1.2.3', true],
    ['0.0.0.0/0', '::1', false],
    ['2001:DB8::/32', '2001:db8:1::1', true],
    ['2001:DB8::/032', '2001:0db8:1::1', true],
    ['192.0.2.7/+24', '192.000.002.1', true],
    ['2001:db8::/32', '2001:db9::1', false],
    ['::/0', '2001:db9::1', true],
    ['10.0.0.0/8', '::ffff:10.1.2.3', true],
    ['::ffff:a00:0/104', '::ffff:10.1.2.3', false],
    ['::/0', '::ffff:a01:203', false],
  ]
  for (const [network, address, wanted] of holds) {
    test(`${network} ${wanted ? 'holds' : 'does not hold'} ${address}`, () => {
      const range = parseNetwork(network)
      const parsed = parseAddress(address)
      assert.ok(range && parsed)
      assert.equal(contains(range, parsed), wanted)
    })
  }

  test('POL-207 odd spellings of IPv6', () => {
    const same = (one: string, other: string) => assert.deepEqual(parseAddress(one), parseAddress(other), one)
    same('2001:db8::1:', '2001:db8::1')
    same('2001:db8:0:0:0:0:0:1:', '2001:db8::1')
    same('2001:db8:::1', '2001:db8::1')
    same(':::', '::')
    same(':2001:db8::1', '0:2001:db8::1')
    same(':1:2:3:4:5:6:7', '0:1:2:3:4:5:6:7')
    assert.deepEqual(parseNetwork('2001:db8:::1/128'), parseNetwork('2001:db8::1'))
    assert.equal(parseAddress('::ffff:10.0.0.1:'), undefined)
  })

  test('what is no address', () => {
    for (const text of [
      '',
      '10.0.0',
      '10.0.0.256',
      '10.0.0.1.2',
      '1:2:3',
      '::1::',
      '::::',
      '2001:db8::::1',
      '2001::db8:::1',
      '1::2::3',
      '10.0.0.1/32',
      ' 10.0.0.1',
      '::192.0.2.1',
      '2001:db8::192.0.2.1',
      '::ffff:::192.0.2.1',
      'fe80::1%1',
      '[::1]',
      '1:2:3:4:5:6:7:8:9',
      'g::',
    ]) {
      assert.equal(parseAddress(text), undefined, text)
    }
    for (const text of [
      '10.0.0.0/33',
      '::/129',
      '10.0.0.0/',
      '10.0.0.0/-1',
      '10.0.0.0/a',
      '::ffff:192.0.2.1',
      '2001:db8::192.0.2.0/120',
      '2001:db8::5/64',
      '2001:db8::1/0',
      '1::/1',
    ]) {
      assert.equal(parseNetwork(text), undefined, text)
    }
  })
})

test('POL-133 numbers', () => {
  for (const text of ['1', '-1', '+1.5', '.5', '5.', '1e3'])
    assert.equal(parseNumber(text)?.double, Number(text))
  for (const text of ['', ' 1', '0x10', 'Infinity', 'one', '1,5'])
    assert.equal(parseNumber(text), undefined, text)
})

test('POL-133 numbers of many digits are compared by their digits', () => {
  const order = (one: string, other: string): number => {
    const [a, b] = [parseNumber(one), parseNumber(other)]
    assert.ok(a && b)
    const compared = compareNumbers(a, b)
    return compared < 0 ? -1 : compared > 0 ? 1 : 0
  }
  fc.assert(
    fc.property(fc.bigInt(), fc.bigInt(), fc.integer({ min: 0, max: 30 }), (one, other, zeros) => {
      assert.equal(order(String(one), String(other)), one < other ? -1 : one > other ? 1 : 0)
      assert.equal(order(`${one}e${zeros}`, `${one}${'0'.repeat(zeros)}.${'0'.repeat(zeros)}`), 0)
    }),
  )
  assert.equal(order('-0', '0.000000000000000000000'), 0)
  assert.equal(order('0.00000000000000000001', '1e-20'), 0)
})

test('POL-097 base64 is canonical: every text of it has bytes of its own', () => {
  const spelled = fc.string({ unit: fc.constantFrom('A', 'B', 'I', 'J', 'Q', '/', '='), maxLength: 8 })
  fc.assert(
    fc.property(spelled, (text) =>
      assert.equal(isBase64(text), Buffer.from(text, 'base64').toString('base64') === text),
    ),
  )
  for (const text of ['QUI', 'QUJ=', 'YR==', 'Y_-Z', ' YQ==', '=', '***'])
    assert.equal(isBase64(text), false, text)
  for (const text of ['', 'YQ==', 'QUI=', 'QUJD', 'Y/+Z']) assert.equal(isBase64(text), true, text)
})
