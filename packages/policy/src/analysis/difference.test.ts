import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { filledArns } from '../condition/example-text.ts'
import type { Policy } from '../document/policy.ts'
import { allow, deny, policyOf, type StatementInput } from '../fixture.ts'
import { includes, overlaps, tokensOf } from '../match/inclusion.ts'
import { parseTemplate } from '../match/template.ts'
import { difference, isInRow } from './difference.ts'
import { isSameNotPrincipal } from './elements.ts'
import { contextsOf } from './example-context.ts'
import { Heads } from './heads.ts'

const identity = (...statements: readonly StatementInput[]): Policy => policyOf('identity', ...statements)
const tokens = (text: string) => tokensOf(parseTemplate(text, { wildcards: true, variables: true }))
const brief = (before: Policy, after: Policy) =>
  difference(before, after).map(
    ({ kind, actions, example }) => `${kind} ${actions.join()}${example ? '' : ' perhaps'}`,
  )

describe('includes', () => {
  const yes = [
    ['*', 'a*b?'],
    ['a*', 'abc*'],
    ['a*c', 'ab*bc'],
    ['?*', '*?'],
    ['a?c', 'abc'],
    ['a?', 'a?'],
    ['*/${aws:username}', 'home/${aws:username}'],
    ['home/*', 'home/${aws:username}/x'],
    ['', ''],
  ]
  const no = [
    ['a?c', 'a*c'],
    ['a*', '*'],
    ['ab*', 'a*'],
    ['*bc', 'bxc'],
    ['${aws:username}', '${aws:userid}'],
    ['${aws:username}', "${aws:username, 'x'}"],
    ["${aws:username,'x'}", "${aws:username,'x'}"],
    ['${aws:username}', 'x'],
    ['${aws:username}', '*'],
    ['${aws:username}', '?'],
    ['home/x', 'home/${aws:username}'],
    ['home/?', 'home/${aws:username}'],
    ['', 'a'],
  ]
  for (const [outer = '', inner = ''] of yes)
    test(`${outer} includes ${inner}`, () => assert.ok(includes(tokens(outer), tokens(inner))))
  for (const [outer = '', inner = ''] of no)
    test(`${outer} does not include ${inner}`, () => assert.ok(!includes(tokens(outer), tokens(inner))))
  test('patterns overlap or not', () => {
    assert.ok(overlaps(tokens('a*'), tokens('*b')))
    assert.ok(overlaps(tokens('a*c'), tokens('ab?')))
    assert.ok(!overlaps(tokens('a*'), tokens('b*')))
    assert.ok(!overlaps(tokens('a?'), tokens('abc')))
    assert.ok(overlaps(tokens('a/${x:y}'), tokens('a/b')))
    assert.ok(overlaps(tokens(''), tokens('**')))
  })
})

test('an index of texts finds the longer ones that start with a text', () => {
  const heads = new Heads(['b', 'a', 'abc', 'ab', 'ac'])
  assert.deepEqual(heads.continuationsOf('a').toSorted(), [2, 3, 4])
  assert.deepEqual(heads.continuationsOf('ab'), [2])
  assert.deepEqual(heads.continuationsOf('c'), [])
})

test('a NotPrincipal is the same if its entries are, in any order', () => {
  const except = (...AWS: readonly string[]) =>
    policyOf('resource', deny({ NotPrincipal: { AWS } })).statements[0]?.principal
  const [a, b, c] = ['111111111111', '222222222222', '333333333333'] as const
  assert.equal(isSameNotPrincipal(except(a, b), except(b, a)), true)
  assert.equal(isSameNotPrincipal(except(a, b), except(a, c)), false)
  assert.equal(isSameNotPrincipal(except(a), except(a, b)), false)
  assert.equal(isSameNotPrincipal(except(a), undefined), false)
})

test('an ARN pattern is filled with typical values, and with as little as possible', () => {
  assert.deepEqual(filledArns('arn:*:lambda:*:*:function:a*', 'lambda'), [
    'arn:aws:lambda:us-east-1:123456789012:function:aexample',
    'arn:aws:lambda:::function:aexample',
    'arn:aws:lambda:us-east-1:123456789012:function:a',
    'arn:aws:lambda:::function:a',
  ])
})

describe('difference', () => {
  test('nothing, of a policy and itself', () => {
    const policy = identity(
      allow({
        Action: ['s3:Get*', 's3:Put?'],
        Resource: 'arn:aws:s3:::a/${aws:username}/*',
        Condition: { Bool: { 'aws:SecureTransport': 'true' } },
      }),
      deny({ NotAction: 'iam:*', Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } }),
    )
    assert.deepEqual(difference(policy, policy), [])
  })

  test('an action more', () => {
    assert.deepEqual(
      brief(
        identity(allow({ Action: 's3:GetObject' })),
        identity(allow({ Action: ['s3:GetObject', 's3:PutObject'] })),
      ),
      ['new s3:PutObject'],
    )
  })

  test('a wider pattern, and the part that was there before', () => {
    const rows = difference(identity(allow({ Action: 's3:Get*' })), identity(allow({ Action: 's3:*' })))
    assert.deepEqual(
      rows.map(({ kind, before }) => [kind, before.length]),
      [['wider', 1]],
    )
    assert.ok(rows[0]?.example && !rows[0].example.action.startsWith('s3:Get'))
  })

  test('a resource more, and only this one', () => {
    const [row, ...more] = difference(
      identity(allow({ Action: ['s3:GetObject', 's3:PutObject'], Resource: 'arn:aws:s3:::a/*' })),
      identity(
        allow({
          Action: ['s3:GetObject', 's3:PutObject'],
          Resource: ['arn:aws:s3:::a/x*', 'arn:aws:s3:::b/*'],
        }),
      ),
    )
    assert.deepEqual(
      [row?.actions, row?.resources, more],
      [['s3:GetObject', 's3:PutObject'], ['arn:aws:s3:::b/*'], []],
    )
  })

  test('an example of all resources is one that is known', () => {
    const resources = () => ['arn:aws:s3:::known/x']
    const [row] = difference(identity(deny()), identity(allow({ Action: 's3:GetObject' })), { resources })
    assert.equal(row?.example?.resource, 'arn:aws:s3:::known/x')
  })

  test('an example has the keys that every request has, if the policies use them', () => {
    const keys = ['CurrentTime', 'SecureTransport', 'ViaAWSService', 'UserAgent', 'RequestedRegion']
    const StringEquals = Object.fromEntries(keys.map((key) => [`aws:${key}`, 'x']))
    const policies = [identity(allow({ Condition: { StringEquals } })), identity(allow())] as const
    const [row] = difference(...policies)
    assert.ok(row)
    for (const context of contextsOf(row, policies, {}))
      for (const key of keys) assert.notEqual(context[`aws:${key}`], undefined, key)
  })

  test('a resource after many others has an example', () => {
    const many = Array.from({ length: 200 }, (_, n) => `arn:aws:s3:::a${n}/*`)
    const of = (Resource: readonly string[]) => identity(allow({ Action: 's3:GetObject', Resource }))
    const [row] = difference(of(many), of([...many, 'arn:aws:s3:::b/*']))
    assert.match(row?.example?.resource ?? '', /^arn:aws:s3:::b\//)
  })

  test('what several statements allowed together is marked as possible', () => {
    const before = identity(
      allow({ Action: 's3:GetObject', Resource: 'arn:aws:s3:::*' }),
      allow({ Action: 's3:GetObject', Resource: undefined, NotResource: 'arn:aws:s3:::*' }),
    )
    assert.deepEqual(brief(before, identity(allow({ Action: 's3:GetObject' }))), [
      'wider s3:GetObject perhaps',
    ])
  })

  const conditions: readonly [string, object | undefined, object | undefined, readonly string[]][] = [
    [
      'a condition dropped',
      { Bool: { 'aws:MultiFactorAuthPresent': 'true' } },
      undefined,
      ['conditions s3:*'],
    ],
    ['a condition added', undefined, { Bool: { 'aws:MultiFactorAuthPresent': 'true' } }, []],
    [
      'a value more',
      { StringEquals: { 'a:b': 'x' } },
      { StringEquals: { 'A:B': ['x', 'y'] } },
      ['conditions s3:*'],
    ],
    ['a value less', { StringEquals: { 'a:b': ['x', 'y'] } }, { StringEquals: { 'a:b': 'y' } }, []],
    [
      'a negated value more',
      { StringNotEquals: { 'a:b': 'x' } },
      { StringNotEquals: { 'a:b': ['x', 'y'] } },
      [],
    ],
    [
      'a negated value less',
      { StringNotEquals: { 'a:b': ['x', 'y'] } },
      { StringNotEquals: { 'a:b': ['x'] } },
      ['conditions s3:*'],
    ],
    [
      'a narrower network',
      { IpAddress: { 'aws:SourceIp': '203.0.112.0/22' } },
      { IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } },
      [],
    ],
    [
      'a wider network',
      { IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } },
      { IpAddress: { 'aws:SourceIp': '203.0.112.0/22' } },
      ['conditions s3:*'],
    ],
    [
      'an earlier date',
      { DateLessThan: { 'aws:CurrentTime': '2026-06-01' } },
      { DateLessThan: { 'aws:CurrentTime': '2026-05-01' } },
      [],
    ],
    [
      'a later date',
      { DateLessThan: { 'aws:CurrentTime': '2026-05-01' } },
      { DateLessThan: { 'aws:CurrentTime': '2026-06-01' } },
      ['conditions s3:*'],
    ],
    ['a pattern for a text', { StringLike: { 'a:b': 'x*' } }, { StringEquals: { 'a:b': 'xy' } }, []],
    [
      'a text for a pattern',
      { StringEquals: { 'a:b': 'xy' } },
      { StringLike: { 'a:b': 'x*' } },
      ['conditions s3:*'],
    ],
    ['IfExists dropped', { StringEqualsIfExists: { 'a:b': 'x' } }, { StringEquals: { 'a:b': 'x' } }, []],
    [
      'IfExists added',
      { StringEquals: { 'a:b': 'x' } },
      { StringEqualsIfExists: { 'a:b': 'x' } },
      ['conditions s3:*'],
    ],
    [
      'another user, by name',
      { StringEquals: { 'aws:username': 'bob' } },
      { StringEquals: { 'aws:username': 'alice' } },
      ['conditions s3:*'],
    ],
    ['presence asked for', { Null: { 'a:b': 'false' } }, { StringEquals: { 'a:b': 'x' } }, []],
    [
      'absence, and then presence too',
      { Null: { 'a:b': 'true' } },
      { Null: { 'a:b': ['true', 'false'] } },
      ['conditions s3:*'],
    ],
    ['presence or absence', { Null: { 'a:b': ['true', 'false'] } }, { Null: { 'a:b': 'true' } }, []],
    [
      'presence where IfExists asks for none',
      { Null: { 'a:b': 'false' } },
      { StringEqualsIfExists: { 'a:b': 'x' } },
      ['conditions s3:*'],
    ],
    [
      'absence for a value',
      { Null: { 'a:b': 'true' } },
      { StringEquals: { 'a:b': 'x' } },
      ['conditions s3:*'],
    ],
    [
      'an ARN in a pattern',
      { ArnLike: { 'a:b': 'arn:aws:iam::*:role/*' } },
      { ArnLike: { 'a:b': 'arn:aws:iam::123456789012:role/x' } },
      [],
    ],
  ]
  for (const [name, before, after, rows] of conditions) {
    test(name, () => {
      const document = (condition: object | undefined) =>
        identity(allow({ Action: 's3:*', ...(condition && { Condition: condition }) }))
      assert.deepEqual(brief(document(before), document(after)), rows)
    })
  }

  test('a Deny that went away, and one that came', () => {
    const open = identity(allow())
    const closed = identity(allow(), deny({ Action: 'iam:*' }))
    assert.deepEqual(brief(closed, open), ['lifted iam:*'])
    assert.deepEqual(brief(open, closed), [])
    assert.deepEqual(brief(closed, identity(allow({ Action: 's3:*' }))), [])
  })

  test('what a Deny takes away whole is not there', () => {
    assert.deepEqual(
      difference(identity(deny()), identity(allow({ Action: 's3:GetObject' }), deny({ Action: 's3:*' }))),
      [],
    )
  })

  test('a principal more', () => {
    const trust = (AWS: readonly string[]) =>
      policyOf('trust', { Effect: 'Allow', Principal: { AWS }, Action: 'sts:AssumeRole' })
    const account = trust(['123456789012'])
    const rows = difference(account, trust(['arn:aws:iam::123456789012:user/dev', '210987654321']))
    assert.deepEqual(
      rows.map(({ principals }) => principals?.map(({ value }) => value)),
      [['210987654321']],
    )
    assert.ok(rows[0]?.example)
  })

  test('for an example, actions are looked up only as far as they are needed', () => {
    const asked: string[] = []
    const actions = (pattern: string) => {
      asked.push(pattern)
      return pattern === '*' ? ['ec2:RunInstances'] : ['sqs:SendMessage']
    }
    const none = identity(deny({ Action: 'iam:*' }))
    const [row] = difference(none, identity(allow({ Action: 'sqs:*' })), { actions })
    assert.equal(row?.example?.action, 'sqs:SendMessage')
    assert.deepEqual([...new Set(asked)], ['sqs:*'])
    const most = identity({ Effect: 'Allow', NotAction: 'sqs:*', Resource: '*' })
    const [other] = difference(none, most, { actions })
    assert.equal(other?.example?.action, 'ec2:RunInstances')
  })

  test('a row holds its example', () => {
    const before = identity(allow({ Action: 's3:Get*' }))
    const after = identity(allow({ Action: 's3:*', Resource: 'arn:aws:s3:::a/${aws:username}' }))
    const [row] = difference(before, after)
    assert.ok(row?.example)
    assert.ok(isInRow(row, row.example, after))
    assert.ok(!isInRow(row, { ...row.example, action: 'sqs:SendMessage' }, after))
  })
})
