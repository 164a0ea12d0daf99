import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { assertLinearAwaited } from '../../support/cost.ts'
import { allow, faultOf, openServer, trustEc2 } from './house.ts'

const { iam, close } = await openServer()
after(close)

const deep = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`
const syntax = /^MalformedPolicyDocument 400: Syntax errors in policy\.$/
const invalid = /^ValidationError 400: /

/** What is sent, and what an identity policy and a trust policy are refused with. */
const documents: readonly (readonly [what: string, text: string, identity: RegExp, trust: RegExp])[] = [
  ['a megabyte', allow(`s3:${'x'.repeat(1_000_000)}`), invalid, invalid],
  ['deep nesting', deep(20_000), syntax, /invalid Json/],
  ['brackets that never end', '['.repeat(100_000), syntax, /invalid Json/],
  ['a key twice', trustEc2.replace('{', '{"Version":"2012-10-17",'), syntax, /^MalformedPolicyDocument 400/],
  ['letters past Latin-1', allow('s3:*', 'arn:aws:s3:::日本/*'), invalid, invalid],
  ['a control character', `${allow('s3:*')}\u0000`, invalid, invalid],
  ['nothing', '', invalid, invalid],
  ['only blanks', ' '.repeat(100_000), syntax, /invalid Json/],
  [
    'many statements',
    `{"Version":"2012-10-17","Statement":[${'{},'.repeat(20_000)}{}]}`,
    syntax,
    /^Malformed/,
  ],
]

describe('documents that are none are refused, and nothing is left behind', () => {
  for (const [what, text, identity, trust] of documents) {
    test(what, async () => {
      assert.match(await faultOf(iam.createPolicy({ PolicyName: 'bad', PolicyDocument: text })), identity)
      assert.match(
        await faultOf(iam.putUserPolicy({ UserName: 'admin', PolicyName: 'bad', PolicyDocument: text })),
        identity,
      )
      assert.match(await faultOf(iam.createRole({ RoleName: 'bad', AssumeRolePolicyDocument: text })), trust)
      assert.deepEqual((await iam.listRoles({})).Roles, [])
      assert.deepEqual((await iam.listPolicies({ Scope: 'Local' })).Policies, [])
      assert.deepEqual((await iam.listUserPolicies({ UserName: 'admin' })).PolicyNames, [])
    })
  }

  for (const [what, length, make] of [
    ['deep nesting', 2_500, deep],
    ['brackets that never end', 12_500, (n) => '['.repeat(n)],
    ['only blanks', 12_500, (n) => ' '.repeat(n)],
    ['many statements', 2_500, (n) => `{"Version":"2012-10-17","Statement":[${'{},'.repeat(n)}{}]}`],
  ] as readonly (readonly [string, number, (length: number) => string])[]) {
    test(`${what}: no refusal costs more than the document's length`, () =>
      assertLinearAwaited(length, (size) => {
        const text = make(size)
        return async () => {
          assert.match(await faultOf(iam.createPolicy({ PolicyName: 'bad', PolicyDocument: text })), syntax)
          await faultOf(iam.createRole({ RoleName: 'bad', AssumeRolePolicyDocument: text }))
        }
      }))
  }
})
