import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Fault } from '../../base/index.ts'
import { checkPolicy } from './policy.ts'

const now = Date.UTC(2026, 0, 2)
const later = '2026-01-02T00:00:01Z'
const base64 = (text: string) => Buffer.from(text).toString('base64')

/** The verdict on a form: `ok`, or the code and the words. */
function said(
  policy: unknown,
  fields: Readonly<Record<string, string>> = {},
  { length = 5 }: { readonly length?: number } = {},
): string {
  try {
    const encoded = base64(typeof policy === 'string' ? policy : JSON.stringify(policy))
    checkPolicy(encoded, { fields: new Map(Object.entries(fields)), length }, now)
    return 'ok'
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    return `${error.code} ${error.message.replace(/^Invalid (?:according to )?Policy: /, '')}`
  }
}
const on = (...conditions: readonly unknown[]) => ({ expiration: later, conditions })

describe('a form is held against its policy (GRD-33)', () => {
  test('until the policy expires, in UTC', () => {
    const until = (expiration: unknown) => said({ expiration, conditions: [] })
    assert.equal(until(later), 'ok')
    assert.equal(until('2026-01-02T00:00:00.001Z'), 'ok')
    assert.equal(until('2026-01-02T00:01Z'), 'ok')
    for (const expired of ['2026-01-02T00:00:00Z', '2026-01-01T23:59Z'])
      assert.equal(until(expired), 'AccessDenied Policy expired.')
    for (const none of [
      '2026-01-03',
      `x${later}`,
      `${later}x`,
      '2026-01-03T00:00:00',
      '2026-01-03T00:00:00+01:00',
    ])
      assert.equal(until(none), 'InvalidPolicyDocument Invalid or missing expiration.', none)
    for (const none of ['2026-13-03T00:00:00Z', 5, null, undefined])
      assert.equal(until(none), 'InvalidPolicyDocument Invalid or missing expiration.')
  })

  test('that is a document with a list of conditions', () => {
    for (const [policy, why] of [
      ['{', 'Invalid JSON.'],
      ['null', 'Invalid or missing expiration.'],
      ['[]', 'Invalid or missing expiration.'],
      [{ expiration: later }, 'Invalid conditions.'],
      [{ expiration: later, conditions: {} }, 'Invalid conditions.'],
      [on(...Array.from({ length: 201 }, () => ({ a: '' }))), 'Invalid conditions.'],
      [on(null), 'Invalid condition.'],
      [on({}), 'Invalid condition.'],
      [on({ a: 'b', c: 'd' }), 'Invalid condition.'],
      [on({ a: 5 }), 'Invalid condition.'],
      [on([]), 'Invalid condition.'],
      [on(['eq', '$a']), 'Invalid condition.'],
      [on(['eq', '$a', 'b', 'c']), 'Invalid condition.'],
      [on(['eq', 'a', 'b']), 'Invalid condition.'],
      [on(['like', '$a', 'b']), 'Invalid condition.'],
      [on(['content-length-range', 'x', 1]), 'Invalid content-length-range.'],
      [on(['content-length-range', 1, '2x']), 'Invalid content-length-range.'],
      [on(['content-length-range', -1, 2]), 'Invalid content-length-range.'],
    ] as const)
      assert.equal(said(policy), `InvalidPolicyDocument ${why}`)
    assert.equal(said(on(...Array.from({ length: 200 }, () => ({ a: '' })))), 'ok')
  })

  test('by each condition', () => {
    const failed = (text: string) => `AccessDenied Policy Condition failed: [${text}]`
    for (const [conditions, fields, expected] of [
      [[{ key: 'a' }], { key: 'a' }, 'ok'],
      [[{ KEY: 'a' }], { key: 'a' }, 'ok'],
      [[['EQ', '$Key', 'a']], { key: 'a' }, 'ok'],
      [[{ key: 'a' }], { key: 'ab' }, failed('"eq", "$key", "a"')],
      [[{ key: 'a' }], {}, failed('"eq", "$key", "a"')],
      [[{ key: '' }], {}, 'ok'],
      [[['starts-with', '$key', 'in/']], { key: 'in/a' }, 'ok'],
      [[['starts-with', '$key', 'in/']], { key: 'a/in/' }, failed('"starts-with", "$key", "in/"')],
      [[['starts-with', '$key', '']], { key: 'anything' }, 'ok'],
      [[['starts-with', '$content-type', 'image/']], { 'content-type': 'image/a, image/b' }, 'ok'],
      [
        [['starts-with', '$content-type', 'image/']],
        { 'content-type': 'image/a,text/b' },
        failed('"starts-with", "$content-type", "image/"'),
      ],
      [[['starts-with', '$key', 'a']], { key: 'a,b' }, 'ok'],
      [[{ key: 'a' }, { acl: 'private' }], { key: 'a', acl: 'public' }, failed('"eq", "$acl", "private"')],
    ] as const)
      assert.equal(said(on(...conditions), fields as Readonly<Record<string, string>>), expected)
  })

  test('by the length of its content', () => {
    const range = on(['content-length-range', 2, '4'])
    const of = (length: number) => said(range, {}, { length }).replace(/ .*/, '')
    assert.deepEqual([1, 2, 4, 5].map(of), ['EntityTooSmall', 'ok', 'ok', 'EntityTooLarge'])
  })

  test('for each field, but those of the signature and those to be ignored', () => {
    const free = {
      'x-amz-signature': 's',
      awsaccesskeyid: 'k',
      signature: 's',
      file: 'f',
      policy: 'p',
      bucket: 'b',
      'x-ignore-a': 'i',
    }
    assert.equal(said(on(), free), 'ok')
    for (const name of ['key', 'x-amz-signatures', 'my-file', 'x-ignore', 'ax-ignore-a'])
      assert.equal(said(on(), { ...free, [name]: 'x' }), `AccessDenied Extra input fields: ${name}`)
    assert.equal(said(on(), { key: 'a', acl: 'b' }), 'AccessDenied Extra input fields: key, acl')
    assert.equal(said(on(['starts-with', '$key', '']), { key: 'a' }), 'ok')
  })
})
