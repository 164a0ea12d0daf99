import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { emptyImage, type Image } from '../intake/index.ts'
import { mayGrant, type Unread, unreadLines, unreadOf } from './unread.ts'

const at = { file: 'f', line: 1, column: 2 }

describe('what was not looked at (TPL-32)', () => {
  test('may give access, unless its type only names or limits', () => {
    const granting = [
      'aws_iam_role',
      'AWS::IAM::Role',
      'aws_vpc_endpoint_service',
      'aws_iam_odd',
      'x_aws_vpc_endpoint',
    ]
    const harmless = [
      'aws_vpc_endpoint',
      'aws_vpc_endpoint_policy',
      'aws_transfer_user',
      'AWS::EC2::VPCEndpoint',
      'aws_iam_account_alias',
      'aws_iam_user_ssh_key',
      'aws_iam_group_policies_exclusive',
      'aws_organizations_account',
      'AWS::IAM::ServerCertificate',
      'AWS::Organizations::OrganizationalUnit',
    ]
    assert.deepEqual([...granting, ...harmless].filter(mayGrant), granting)
  })

  test('is what was looked at before and what only limits left out', () => {
    const before: Image = {
      ...emptyImage,
      notTaken: [{ at, kind: 'aws_iam_role', name: 'old', reason: 'r' }],
      findings: [{ at, code: 'unknown-value', message: 'old: why' }],
    }
    const after: Image = {
      ...emptyImage,
      notTaken: [
        { at, kind: 'aws_iam_role', name: 'old', reason: 'another' },
        { at, kind: 'aws_iam_role', name: 'new', reason: 'r' },
        { at, kind: 'aws_vpc_endpoint', name: 'new', reason: 'r' },
      ],
      findings: [
        { at, code: 'unknown-value', message: 'old: why' },
        { at, code: 'unknown-value', message: 'role r: the list: is unknown' },
        { at, code: 'unknown-deny', message: 'role s: unknown' },
      ],
    }
    assert.deepEqual(unreadOf(before, after, ['arn']), [
      { at, what: 'aws_iam_role new', reason: 'r' },
      { at, what: 'role r', reason: 'the list: is unknown' },
      { what: 'arn', reason: 'no file has the policy' },
    ])
  })

  test('is named in a line of parts and one of files', () => {
    const part = (what: string): Unread => ({ at, what, reason: 'r' })
    const file = (what: string, files: number, reason = 'r'): Unread => ({ what, reason, files })
    const cases: readonly (readonly [readonly Unread[], string])[] = [
      [[], ''],
      [[part('a'), part('a\n')], 'NOT LOOKED AT, though it may give access: 2 (a, a\\n)\n'],
      [
        ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map(part),
        'NOT LOOKED AT, though it may give access: 7 (a, b, c, d, e and 2 more)\n',
      ],
      [['a', 'b', 'c', 'd', 'e'].map(part), 'NOT LOOKED AT, though it may give access: 5 (a, b, c, d, e)\n'],
      [[file('a', 1)], 'LEFT OUT, though it may give access: 1 file: a (r)\n'],
      [
        [file('a', 1), file('b', 2), file('c', 0, 's'), part('p')],
        'NOT LOOKED AT, though it may give access: 1 (p)\nLEFT OUT, though it may give access: 3 files: a, b (r); c (s)\n',
      ],
    ]
    for (const [unread, lines] of cases) assert.equal(unreadLines(unread), lines)
  })
})
