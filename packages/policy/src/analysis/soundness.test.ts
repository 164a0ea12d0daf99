import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Policy } from '../document/policy.ts'
import { allow, deny, policyOf, type StatementInput } from '../fixture.ts'
import { difference, isInRow } from './difference.ts'
import { isAllowedBy } from './verdict.ts'

const identity = (...statements: readonly StatementInput[]): Policy => policyOf('identity', ...statements)
const under = (Condition: object): Policy => identity(allow({ Action: 's3:GetObject', Condition }))

describe('what is called nothing new is nothing new', () => {
  test('POL-200 a condition that holds is a presence: a list fulfils none without a set operator', () => {
    for (const key of ['aws:TagKeys', 'aws:PrincipalTag/t']) {
      const present = under({ Null: { [key]: 'false' } })
      assert.equal(difference(present, under({ StringLike: { [key]: '*' } })).length, 0)
      assert.equal(difference(present, under({ StringEquals: { [key]: 'x' } })).length, 0)
      assert.equal(difference(present, under({ StringEquals: { [key]: '${aws:username}' } })).length, 0)
      assert.equal(difference(present, under({ 'ForAnyValue:StringLike': { [key]: '*' } })).length, 0)
      assert.equal(difference(present, under({ StringEqualsIfExists: { [key]: 'x' } })).length, 1)
    }
    const lifted = difference(
      identity(allow(), deny({ Condition: { StringEquals: { t: 'x' } } })),
      identity(allow(), deny({ Condition: { Null: { t: 'false' } } })),
    )
    assert.deepEqual(lifted, [])
  })

  test('POL-121 a Deny by an operator that nobody knows denies everything', () => {
    const denying = (Condition: object) => identity(allow(), deny({ Condition }))
    for (const [before, after] of [
      [{ NotStringEquals: { t: 'x' } }, { StringEquals: { t: 'x' } }],
      [{ Foo: { t: 'x' } }, { Null: { t: 'false' } }],
      [{ IpNotAddress: { t: '10.0.0.0/8' } }, { IpAddress: { t: '10.0.0.0/8' } }],
    ] as const) {
      const [row] = difference(denying(before), denying(after))
      assert.equal(row?.kind, 'lifted')
      assert.ok(row.example)
      assert.deepEqual(difference(denying(before), denying(before)), [])
    }
  })

  test('POL-128 an Allow with NotPrincipal may let anybody in', () => {
    const policy = (element: object) => policyOf('resource', { ...allow(), ...element })
    const named = policy({ Principal: { AWS: '123456789012' } })
    const spared = policy({ NotPrincipal: { AWS: '123456789012' } })
    assert.deepEqual(
      difference(named, spared).map(({ kind }) => kind),
      ['new'],
    )
    assert.deepEqual(difference(spared, spared), [])
  })

  test('a number below one is below or at another', () => {
    const [below, at] = [
      { NumericLessThan: { 'a:n': '10' } },
      { NumericLessThanEquals: { 'a:n': '10' } },
    ].map(under)
    assert.equal(difference(at!, below!).length, 0)
    assert.equal(difference(below!, at!).length, 1)
  })
})

describe('examples are requests that AWS could see', () => {
  const exampleOf = (before: Policy, after: Policy) => {
    const [row] = difference(before, after, {
      keyType: (key) => (key === 's3:max-keys' ? 'Numeric' : undefined),
    })
    assert.ok(row?.example, 'no example')
    assert.ok(isInRow(row, row.example, row.kind === 'lifted' ? before : after))
    assert.deepEqual([isAllowedBy(before, row.example), isAllowedBy(after, row.example)], [false, true])
    return row.example
  }

  test('keys hold values of their type', () => {
    const mfa = exampleOf(
      under({ Bool: { 'aws:MultiFactorAuthPresent': 'true' } }),
      under({ Null: { 'aws:MultiFactorAuthPresent': 'false' } }),
    )
    assert.equal(mfa.context.get('aws:MultiFactorAuthPresent'), 'false')
    const keys = exampleOf(
      under({ NumericLessThan: { 's3:max-keys': '10' } }),
      under({ Null: { 's3:max-keys': 'false' } }),
    )
    assert.match(String(keys.context.get('s3:max-keys')), /^\d+$/)
  })

  test('keys of the principal follow from it', () => {
    const other = { StringEquals: { 'aws:PrincipalAccount': '111122223333' } }
    const example = exampleOf(under(other), under({}))
    assert.ok('account' in example.principal)
    assert.equal(example.context.get('aws:PrincipalAccount'), example.principal.account)
    const named = exampleOf(under({ Bool: { 'a:b': 'true' } }), under(other))
    assert.ok('account' in named.principal)
    assert.equal(named.principal.account, '111122223333')
  })

  test('ARNs have a partition, and two clocks agree', () => {
    const { resource } = exampleOf(
      identity(allow({ Action: 's3:GetObject', Resource: 'arn:aws:s3:::a' })),
      identity(allow({ Action: 's3:GetObject', Resource: 'arn:*:s3:::b' })),
    )
    assert.equal(resource, 'arn:aws:s3:::b')
    const { context } = exampleOf(
      under({ NumericLessThan: { 'aws:EpochTime': '1' }, Bool: { 'a:b': 'true' } }),
      under({ DateLessThan: { 'aws:CurrentTime': '999999999999999999' } }),
    )
    const now = Date.parse(String(context.get('aws:CurrentTime')))
    assert.equal(Number(context.get('aws:EpochTime')), Math.trunc(now / 1_000))
  })

  test('an action is asked on a resource of its service', () => {
    const Resource = ['arn:aws:s3:::*', 'arn:aws:sqs']
    const { resource } = exampleOf(
      identity(allow({ Action: 's3:*', Resource })),
      identity(allow({ Action: ['s3:*', 'sqs:ListQueues'], Resource })),
    )
    assert.match(resource, /^arn:aws:sqs:/)
  })

  test('what only one of two policies leaves out', () => {
    const leaving = (...NotAction: string[]) => identity(allow({ Action: undefined, NotAction }))
    assert.equal(exampleOf(leaving('s3:GetObject', 'iam:*'), leaving('iam:*')).action, 's3:GetObject')
  })
})
