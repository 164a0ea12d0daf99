import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Policy } from '../document/policy.ts'
import { allow, deny, policyOf, requestOf, type StatementInput } from '../fixture.ts'
import { difference, isInRow } from './difference.ts'
import { isEmptyRow } from './emptiness.ts'
import { isAllowedBy } from './verdict.ts'

const identity = (...statements: readonly StatementInput[]): Policy => policyOf('identity', ...statements)
const trust = (...statements: readonly StatementInput[]): Policy => policyOf('trust', ...statements)
const tag = 'aws:RequestTag/team'
const when = (operator: string, value: unknown, key = tag) => ({
  Condition: { [operator]: { [key]: value } },
})
const of = (operator: string, value: unknown) => when(operator, value, 'aws:ResourceTag/class')
const trusting = (Principal: unknown, more: object = {}) =>
  allow({ Action: 'sts:AssumeRole', Resource: undefined, Principal, ...more })

/** The rows between two policies, and how many of them are proven to be empty. */
function rowsOf(before: Policy, after: Policy): readonly [rows: number, empty: number] {
  const rows = difference(before, after)
  for (const row of rows) assert.ok(row.example === undefined || !isEmptyRow(row, before, after))
  return [rows.length, rows.filter((row) => isEmptyRow(row, before, after)).length]
}

describe('isEmptyRow (LNT-51)', () => {
  const same: Readonly<Record<string, readonly [Policy, Policy]>> = {
    'an Allow with a tag, as Denies without it and of its other values': [
      identity(allow(when('StringEquals', 'a'))),
      identity(allow(), deny(when('Null', 'true')), deny(when('StringNotEquals', 'a'))),
    ],
    'a Deny by Null that goes, beside StringEquals': [
      identity(allow(when('StringEquals', 'a')), deny(when('Null', 'true'))),
      identity(allow(when('StringEquals', 'a'))),
    ],
    'a Deny of what the pattern of the Allow excludes': [
      identity(allow(of('StringLike', 'NotSensitive:*')), deny(of('StringLike', 'Sensitive:*'))),
      identity(allow(of('StringLike', 'NotSensitive:*'))),
    ],
    'a pattern, as a Deny of everything else': [
      identity(allow(of('StringLike', 'NotSensitive:*'))),
      identity(allow(), deny(of('StringNotLike', 'NotSensitive:*'))),
    ],
    'two statements that allow together what one allows': [
      identity(allow(when('StringEquals', 'a')), allow(when('StringNotEquals', 'a'))),
      identity(allow()),
    ],
    'resources with and without a pattern': [
      identity(
        allow({ Resource: 'arn:aws:sqs:*' }),
        allow({ Resource: undefined, NotResource: 'arn:aws:sqs:*' }),
      ),
      identity(allow()),
    ],
    'an interval of numbers': [
      identity(
        allow(when('NumericLessThan', '10', 's3:max-keys')),
        deny(when('NumericGreaterThan', '20', 's3:max-keys')),
      ),
      identity(allow(when('NumericLessThan', '10', 's3:max-keys'))),
    ],
    'a trust policy for the same account': [
      trust(
        trusting({ AWS: '123456789012' }, when('StringEquals', 'a', 'sts:ExternalId')),
        trusting({ AWS: '123456789012' }, when('StringNotEquals', 'a', 'sts:ExternalId')),
      ),
      trust(trusting({ AWS: '123456789012' })),
    ],
  }
  for (const [name, [before, after]] of Object.entries(same))
    test(`nothing is new: ${name}`, () => {
      const [rows, empty] = rowsOf(before, after)
      assert.ok(rows > 0)
      assert.equal(empty, rows)
    })

  const other: Readonly<Record<string, readonly [Policy, Policy]>> = {
    'a second value of the tag': [
      identity(allow(when('StringEquals', 'a'))),
      identity(allow(), deny(when('Null', 'true')), deny(when('StringNotEquals', ['a', 'b']))),
    ],
    'no tag at all': [
      identity(allow(when('StringEquals', 'a'))),
      identity(allow(when('StringEqualsIfExists', 'a'))),
    ],
    'a Deny that the Allow meets': [
      identity(allow(of('StringLike', '*Sensitive:*')), deny(of('StringLike', 'Sensitive:*'))),
      identity(allow(of('StringLike', '*Sensitive:*'))),
    ],
    'another partition': [
      identity(allow({ Resource: 'arn:aws:*' }), allow({ Resource: undefined, NotResource: 'arn:*' })),
      identity(allow()),
    ],
    'a variable, which is not decided': [
      identity(
        allow(when('StringEquals', '${aws:username}')),
        allow(when('StringNotEquals', '${aws:username}')),
      ),
      identity(allow()),
    ],
    'another principal': [
      trust(trusting({ AWS: '123456789012' }, when('StringEquals', 'a', 'sts:ExternalId'))),
      trust(trusting({ AWS: '210987654321' }, when('StringEquals', 'a', 'sts:ExternalId'))),
    ],
    'a Deny that may be of somebody else': [
      trust(trusting({ AWS: '*' }, when('StringEquals', 'a', 'sts:ExternalId'))),
      trust(
        trusting({ AWS: '*' }),
        deny(trusting({ AWS: '123456789012' }, when('StringNotEquals', 'a', 'sts:ExternalId'))),
      ),
    ],
  }
  for (const [name, [before, after]] of Object.entries(other))
    test(`something may be new: ${name}`, () => {
      const [rows, empty] = rowsOf(before, after)
      assert.ok(rows > 0)
      assert.equal(empty, 0)
    })

  test('no row that holds a request of which the answer changes is empty', () => {
    const tags = [undefined, 'a', 'b', 'ab']
    const conditions = [
      {},
      when('StringEquals', 'a'),
      when('StringNotEquals', ['a', 'b']),
      when('StringEqualsIfExists', 'b'),
      when('StringLike', 'a*'),
      when('StringNotLike', '?'),
      when('Null', 'true'),
      when('Null', 'false'),
      when('ForAnyValue:StringEquals', ['a', 'x']),
      when('ForAllValues:StringLike', '*b'),
      when('Unknown', 'a'),
    ]
    const policies = conditions.flatMap((one, place) => [
      identity(allow(one)),
      identity(allow({ ...one, Resource: 'arn:aws:s3:::pay/*' }), deny(conditions[(place * 3 + 1) % 11])),
      identity(allow(one), allow(conditions[(place * 5 + 2) % 11]), deny(conditions[(place * 7 + 3) % 11])),
    ])
    let empty = 0
    for (const [place, before] of policies.entries())
      for (const after of policies.filter((_, other) => (place + other) % 3 === 0))
        for (const row of difference(before, after)) {
          if (row.example !== undefined || !isEmptyRow(row, before, after)) continue
          empty++
          const owner = row.kind === 'lifted' ? before : after
          for (const value of tags) {
            const request = requestOf({ context: value === undefined ? {} : { [tag]: value } })
            const isNew = isAllowedBy(after, request) && !isAllowedBy(before, request)
            assert.ok(!isNew || !isInRow(row, request, owner), `${before.text} ${after.text} ${value}`)
          }
        }
    assert.ok(empty > 10, `${empty} rows`)
  })
})
