import type { OperatorName } from '@omen-iam/policy'
import fc from 'fast-check'
import type { Scalar } from './case.ts'

/** A family of operators with the key that it is asked of and the values that both sides take. */
export type Family = {
  readonly operators: readonly string[]
  /** Takes neither a set operator nor IfExists. */
  readonly bare?: boolean
  readonly key: string
  readonly seen: fc.Arbitrary<string>
  readonly wanted: fc.Arbitrary<Scalar>
}

/** One of them; an entry that is listed twice is drawn twice as often. */
export const pick = <T>(values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values)

const joined = (parts: readonly string[], maxLength: number, between = ''): fc.Arbitrary<string> =>
  fc.array(pick(parts), { maxLength }).map((all) => all.join(between))

/** Also texts that differ from the drawn ones in one letter: most of them are nearly a value of the type. */
const nearly = (drawn: fc.Arbitrary<string>, letters: string): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 3, arbitrary: drawn },
    {
      weight: 1,
      arbitrary: fc
        .tuple(drawn, fc.nat(40), pick(['', ...letters]), fc.boolean())
        .map(([text, place, letter, inserted]) => {
          const at = place % (text.length + 1)
          return text.slice(0, at) + letter + text.slice(inserted ? at : at + 1)
        }),
    },
  )

/** What a request may say: short texts with the letters of patterns. */
export const texts = joined(['a', 'a', 'b', 'A', '*', '?', '/', '$', '\u{10400}', 'Σ', 'ς', 'İ'], 4)

/** What a policy may say: wildcards and variables, known, unknown, with a default and special. */
export const templated = joined(
  [
    'a',
    'a',
    'b',
    'A',
    '*',
    '?',
    '/',
    '${example:s}',
    '${EXAMPLE:S}',
    '${example:none}',
    "${example:none, 'a'}",
    "${example:none,'a'}",
    '${example:s, a}',
    '${example:s',
    '\u{10400}',
    '\u{10428}',
    'Σ',
    'σ',
    'i\u0307',
    '${*}',
    '${?}',
    '${$}',
  ],
  4,
)

const plainNumbers = fc.oneof(
  { weight: 3, arbitrary: pick(['1', '2', '10', '1.0', '-3', '1.50', '.5', '5.', '+1', '1e1', '010']) },
  { weight: 2, arbitrary: fc.integer({ min: -40, max: 40 }).map((quarters) => String(quarters / 4)) },
  {
    weight: 1,
    arbitrary: pick([
      '9007199254740992',
      '9007199254740993',
      '9007199254740993.0',
      '-9007199254740993',
      '0.1000000000000000055',
      '0.1',
      '1e30',
      '1000000000000000000000000000000',
      '123456789012345',
      '0.0012300',
      '-0',
      '0e5',
      '1.5E-3',
      '1e400',
      '-1e400',
      '1e999999999',
    ]),
  },
  {
    weight: 1,
    arbitrary: pick(['one', '', '1e', '--1', '0x1', '1 ', '1e1000000000', 'NaN', 'Infinity', '${example:n}']),
  },
)
const numbers = nearly(plainNumbers, '0123456789+-.eE ')

const two = (min: number, max: number): fc.Arbitrary<string> =>
  fc.integer({ min, max }).map((value) => String(value).padStart(2, '0'))

const plainDates = fc.oneof(
  {
    weight: 2,
    arbitrary: pick([
      '2026-03-01T00:00:00Z',
      '2026-03-01T01:00:00+01:00',
      '1772323200',
      '1772323201',
      '999999999999999999',
      '2026-03',
      '2024-02-29',
      '2025-02-29',
      '2000-02-29',
      '1900-02-29',
      '2026-04-31',
      '2026-12-31T23:59:59.999Z',
      '0001-01-01T00:00:00Z',
      '-1.5',
      '+1772323200',
    ]),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(
        pick(['2025', '2026']),
        two(1, 12),
        two(1, 28),
        two(0, 23),
        two(0, 59),
        two(0, 59),
        pick(['Z', '+01:00', '-05:30', '']),
      )
      .chain(([year, month, day, hour, minute, second, zone]) =>
        pick([
          year,
          `${year}-${month}`,
          `${year}-${month}-${day}`,
          `${year}-${month}-${day}T${hour}:${minute}${zone}`,
          `${year}-${month}-${day}T${hour}:${minute}:${second}${zone}`,
          `${year}-${month}-${day}T${hour}:${minute}:${second}.25${zone}`,
        ]),
      ),
  },
  { weight: 1, arbitrary: pick(['soon', '', '2026-13-01', '2026-00-01', '2026-1-1', '2026-03-01T', '*']) },
)
const dates = nearly(plainDates, '0123456789+-:.TZ ')

const plainAddresses = fc.oneof(
  {
    weight: 2,
    arbitrary: pick([
      '10.0.0.1',
      '10.1.0.1',
      '2001:db8::1',
      '::',
      '::1',
      '::ffff:10.0.0.1',
      '0000:0000:0000:0000:0000:ffff:255.255.255.255',
      '2001:db8:1:2:3:4:5:6',
      '::FFFF:a00:1',
      '2001:db8:::1',
      '2001:db8::1:',
      ':2001:db8::1',
      '2001:db8::10.0.0.1',
      '010.000.0.1',
    ]),
  },
  {
    weight: 1,
    arbitrary: joined(['0', '10', '127', '128', '255', '256'], 4, '.').filter((all) => all.includes('.')),
  },
  {
    weight: 1,
    arbitrary: joined(['0', '1', 'db8', 'DB8', '2001', 'ffff', ''], 8, ':').filter((all) =>
      all.includes(':'),
    ),
  },
  { weight: 1, arbitrary: pick(['here', '', '10.0.0', '1:2:3:4:5:6:7:8:9', ':::', '10.0.0.1.2']) },
)
const addresses = nearly(plainAddresses, '0123456789afgF:./')

const networks = fc
  .tuple(
    addresses,
    fc.oneof(
      pick(['', '/8', '/16', '/32', '/0', '/33', '/64', '/128', '/129', '/', '/x', '/+8', '/008']),
      fc.nat(130).map((bits) => `/${bits}`),
    ),
  )
  .map((parts) => parts.join(''))

const arns = nearly(
  fc.oneof(
    pick(['arn:aws:s3:::a', 'arn:aws:sns:eu-west-1:1:a:b', 'bucket', '']),
    joined(['arn', 'aws', 's3', '', 'a', 'b', '1'], 8, ':'),
  ),
  ':a*',
)

const arnPatterns = nearly(
  fc.oneof(
    pick([
      'arn:aws:s3:::a',
      'arn:aws:sns:*:1:a*',
      'arn:*:*:*:*:?',
      '*',
      'bucket',
      '${example:a}',
      'arn:aws:s3:::${example:s}',
      'arn:aws:s3:::${example:s*',
    ]),
    joined(['arn', 'aws', 's3', '', '*', 'a*', '?', '${example:s}', '${example:none}', '1'], 8, ':'),
  ),
  ':a*?',
)

const bytes = nearly(
  pick([
    'AAAA',
    'QUJD',
    'QUI=',
    'QUJ=',
    'QUK=',
    'QUM=',
    'QQ==',
    'T21lbg==',
    'T21lbh==',
    'T21lbv==',
    '-_-_',
    '+/+/',
    '?',
    '',
  ]),
  'AQIJK+/-_=*',
)

type Named = 'strings' | 'numbers' | 'dates' | 'booleans' | 'bytes' | 'addresses' | 'arns'

/** The family of each operator. An operator that no generator draws does not compile. */
const familyOf: Readonly<Record<OperatorName, Named>> = {
  StringEquals: 'strings',
  StringNotEquals: 'strings',
  StringEqualsIgnoreCase: 'strings',
  StringNotEqualsIgnoreCase: 'strings',
  StringLike: 'strings',
  StringNotLike: 'strings',
  NumericEquals: 'numbers',
  NumericNotEquals: 'numbers',
  NumericLessThan: 'numbers',
  NumericLessThanEquals: 'numbers',
  NumericGreaterThan: 'numbers',
  NumericGreaterThanEquals: 'numbers',
  DateEquals: 'dates',
  DateNotEquals: 'dates',
  DateLessThan: 'dates',
  DateLessThanEquals: 'dates',
  DateGreaterThan: 'dates',
  DateGreaterThanEquals: 'dates',
  Bool: 'booleans',
  BinaryEquals: 'bytes',
  IpAddress: 'addresses',
  NotIpAddress: 'addresses',
  ArnEquals: 'arns',
  ArnNotEquals: 'arns',
  ArnLike: 'arns',
  ArnNotLike: 'arns',
}

const operatorsOf = (family: Named): readonly string[] =>
  Object.entries(familyOf).flatMap(([operator, named]) => (named === family ? [operator] : []))

export const families: readonly Family[] = [
  {
    operators: operatorsOf('strings'),
    key: 'example:s',
    seen: texts,
    wanted: templated,
  },
  {
    operators: operatorsOf('numbers'),
    key: 'example:n',
    seen: numbers,
    wanted: fc.oneof(numbers, fc.integer({ min: -2, max: 12 })),
  },
  {
    operators: operatorsOf('dates'),
    key: 'example:d',
    seen: dates,
    wanted: dates,
  },
  {
    operators: operatorsOf('booleans'),
    key: 'example:b',
    seen: nearly(pick(['true', 'false', 'TRUE', 'False', 'yes']), 'tTe '),
    wanted: pick<Scalar>(['true', 'false', true, false, 'maybe', '${example:b}', '${example:none}']),
  },
  {
    operators: operatorsOf('bytes'),
    key: 'example:x',
    seen: bytes,
    wanted: bytes,
  },
  { operators: operatorsOf('addresses'), key: 'example:i', seen: addresses, wanted: networks },
  {
    operators: operatorsOf('arns'),
    key: 'example:a',
    seen: arns,
    wanted: arnPatterns,
  },
  {
    operators: ['StringEquals', 'StringNotEquals', 'StringLike', 'NumericEquals', 'Bool', 'ArnNotLike'],
    key: 'aws:TagKeys',
    seen: texts,
    wanted: templated,
  },
  {
    operators: ['Null', 'Null', 'ForAllValues:Null', 'ForAnyValue:Null'],
    bare: true,
    key: 'example:s',
    seen: texts,
    wanted: pick<Scalar>(['true', 'false', true, 'maybe']),
  },
  {
    operators: ['StringResembles', 'stringequals', 'NullIfExists'],
    bare: true,
    key: 'example:s',
    seen: texts,
    wanted: pick(['a']),
  },
]
