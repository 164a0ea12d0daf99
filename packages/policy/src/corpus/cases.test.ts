import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { checkCorpus } from '../../../../test/corpus/index.ts'
import type { Case } from '../cases/case.ts'
import { openCase, openQuestion, resourcePolicyKind } from '../cases/open.ts'
import { parseCases } from '../cases/parse.ts'
import { reasonsOf } from '../cases/reasons.ts'
import { runCase } from '../cases/run.ts'
import { compile } from '../compile/compile.ts'
import type { Source } from '../document/set.ts'
import { trace } from '../evaluate/trace.ts'
import { policyFromJson } from '../parse/parse.ts'

// `parse TEXT` is what the reader of case files says, `open CASE` the request and the policies of a case, where the case
// is a change of a usual one, and `run CASE` its result.

const everything = {
  Version: '2012-10-17',
  Statement: { Sid: 'All', Effect: 'Allow', Action: '*', Resource: '*' },
}
const usual = {
  name: 'usual',
  request: {
    principal: 'arn:aws:iam::123456789012:user/dev',
    action: 's3:GetObject',
    resource: 'arn:aws:s3:::b/x',
  },
  policies: { identity: [everything] },
  expect: 'allowed',
}

function changed(text: string): Case {
  const { request, ...rest } = JSON.parse(text)
  const all = { ...usual, ...rest, request: { ...usual.request, ...request } }
  const parsed = parseCases(JSON.stringify(all).replaceAll('"ALL"', JSON.stringify(everything)))
  assert.ok(parsed.ok, text)
  return parsed.cases[0]!
}

const says: Readonly<Record<string, (text: string) => readonly string[]>> = {
  parse: (text) => {
    const parsed = parseCases(text.replaceAll('USUAL', JSON.stringify(usual).slice(1, -1)))
    return [parsed.ok ? `${parsed.cases.length} cases` : parsed.message]
  },
  open: (text) => {
    const asked = changed(text)
    const opened = openCase(asked)
    if (!opened.ok) return [`bad: ${opened.message}`]
    const { request, policies } = opened
    const { principal, context, ...rest } = request
    const names = Object.entries(policies).map(([layer, value]) => {
      const text = JSON.stringify(value, (key, each) => (key === 'policy' ? each.kind : each))
      return text === undefined ? [] : `${layer} ${text}`
    })
    const again = openQuestion(asked.request, { ...policies, resource: policies.resource?.source })
    assert.deepEqual(again, opened)
    return [
      JSON.stringify(principal),
      JSON.stringify({ ...rest, kind: resourcePolicyKind(asked.request) }),
      [...context.entries()].map(([key, value]) => `${key}=${JSON.stringify(value)}`).join(' '),
      ...names.flat(),
    ]
  },
  run: (text) => {
    const result = runCase(changed(text))
    return result.status === 'bad'
      ? [`${result.name}: bad, expected ${result.expect}: ${result.message}`]
      : [
          `${result.name}: ${result.status}, expected ${result.expect}, got ${result.got} because of ${result.because}, ${result.story.length} lines`,
        ]
  },
}

test('every case file, opened case and result of cases.txt', () =>
  checkCorpus(join(import.meta.dirname, 'cases.txt'), (input) => {
    const at = input.indexOf(' ')
    return says[input.slice(0, at)]!(input.slice(at + 1))
  }))

test('a text that is not JSON is refused in the words of JSON.parse', () => {
  const parsed = parseCases('{')
  assert.ok(!parsed.ok)
  assert.match(parsed.message, /JSON/)
  assert.notEqual(parsed.message, 'invalid JSON')
})

test('a file may have ten thousand cases', () => {
  const of = (count: number) => parseCases(JSON.stringify(Array.from({ length: count }, () => usual)))
  assert.equal(of(10_000).ok, true)
  assert.deepEqual(of(10_001), { ok: false, message: 'more than 10000 cases' })
})

test('POL-115 a policy is a reason by its ARN, its names and its id', () => {
  const reasons = (source: Source) => {
    const parsed = policyFromJson(everything, 'identity')
    assert.ok(parsed.ok)
    const opened = openQuestion(usual.request, { identity: [{ policy: parsed.policy, source }] })
    assert.ok(opened.ok)
    const found = reasonsOf(trace(opened.request, compile(opened.policies)))
    return [...found].filter(
      (each) => !['identity', 'identity-policy', 'identity-based-policy', 'all'].includes(each),
    )
  }
  assert.deepEqual(reasons({ type: 'none' }), [])
  assert.deepEqual(reasons({ type: 'scp', id: 'P-1' }), ['p-1'])
  const arn = 'arn:aws:iam::123456789012:policy/team/Sub'
  assert.deepEqual(reasons({ type: 'user-managed', arn }), [arn.toLowerCase(), 'sub'])
  assert.deepEqual(reasons({ type: 'user', name: 'user_dev_a_b__c' }), [
    'user_dev_a_b__c',
    'a_b__c',
    'b__c',
    '_c',
    'c',
  ])
  assert.deepEqual(reasons({ type: 'user', name: 'user__x' }), ['user__x', 'x'])
  assert.deepEqual(reasons({ type: 'user', name: 'role_dev_a' }), ['role_dev_a'])
  assert.deepEqual(reasons({ type: 'user', name: 'plain' }), ['plain'])
})
