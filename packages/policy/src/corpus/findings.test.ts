import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { checkCorpus } from '../../../../test/corpus/index.ts'
import type { PolicyKind } from '../document/policy.ts'
import { policySize } from '../document/size.ts'
import { validate } from '../validate/validate.ts'
import { documentOf, findingWriter } from './fixture.ts'

test('POL-150 the findings of every case of findings.txt', () => {
  const written = findingWriter()
  checkCorpus(join(import.meta.dirname, 'findings.txt'), (input) => {
    const { kind, text } = documentOf(input)
    const findings = validate(text, kind)
    return findings.length === 0 ? ['nothing'] : findings.map((finding) => written(finding, text))
  })
})

test('POL-150 a document that is longer than its quota, to the character', () => {
  const of = (kind: PolicyKind, size: number) => {
    const principal = kind === 'trust' || kind === 'rcp' ? '"Principal":{"AWS":"*"},' : ''
    const action = kind === 'trust' ? 'sts:AssumeRole' : 's3:GetObject'
    const resource = kind === 'trust' ? '' : ',"Resource":"*"'
    const start = `{"Version":"2012-10-17","Statement":[{"Effect":"Deny",${principal}"Action":"${action}"${resource},"Sid":"`
    const text = `${start}${'a'.repeat(size - policySize(`${start}"}]}`))}"}]}`
    return validate(text, kind).map((finding) => {
      assert.deepEqual(finding.path, [])
      assert.deepEqual([finding.span.start.offset, finding.span.end.offset], [0, text.length])
      return `${finding.class} ${finding.code} ${finding.message}`
    })
  }
  const managed = (size: number) =>
    `warning POLICY_SIZE_EXCEEDS_IDENTITY_POLICY_QUOTA The ${size} characters in the identity policy, excluding whitespace, exceed the 6144 character maximum for inline and managed policies. We recommend that you use multiple granular policies.`
  assert.deepEqual(of('identity', 6144), [])
  assert.deepEqual(of('identity', 6145), [managed(6145)])
  assert.deepEqual(of('boundary', 6144), [])
  assert.deepEqual(of('boundary', 6146), [managed(6146)])
  assert.deepEqual(of('trust', 2048), [])
  assert.deepEqual(of('trust', 2049), [
    'warning POLICY_SIZE_EXCEEDS_ROLE_TRUST_POLICY_QUOTA The characters in the role trust policy, excluding whitespace, exceed the character maximum. We recommend that you request a role trust policy length quota increase using Service Quotas and AWS Support Center. If the quotas have already been increased, then you can ignore this warning.',
  ])
  assert.deepEqual(of('scp', 10_240), [])
  assert.deepEqual(of('scp', 10_241), [
    'error POLICY_SIZE_EXCEEDS_SCP_QUOTA The 10241 characters in the service control policy (SCP) exceed the 10240 character maximum for SCPs. We recommend that you use multiple granular policies.',
  ])
  assert.deepEqual(of('rcp', 5120), [])
  assert.deepEqual(of('rcp', 5121), [
    'error POLICY_SIZE_EXCEEDS_RCP_QUOTA The 5121 characters in the resource control policy (RCP) exceed the 5120 character maximum for RCPs. We recommend that you use multiple granular policies.',
  ])
  assert.deepEqual(of('session', 20_000), [])
})

test('redundant values are sought with at most 100,000 comparisons', () => {
  const redundant = (patterns: number, values: number) => {
    const Action = Array.from({ length: values }, (_, at) =>
      at < patterns ? `a:${at}*` : at === values - 1 ? 'a:0x' : `b:${at}`,
    )
    const Statement = [{ Effect: 'Allow', Action, Resource: '*' }]
    const found = validate(JSON.stringify({ Version: '2012-10-17', Statement }), 'scp')
    return found.filter(({ code }) => code === 'REDUNDANT_ACTION').map(({ message }) => message)
  }
  const one = ['a:0x is redundant because of a:0*.']
  assert.deepEqual(redundant(1, 400), one)
  assert.deepEqual(redundant(10, 10_000), one)
  assert.deepEqual(redundant(11, 9_091), [])
})

test('a refused value stays where the limit of findings leaves no room for a remark on it', () => {
  const Condition = { NumericEquals: { 'my:key': Array.from({ length: 201 }, (_, at) => `x${at}`) } }
  const Statement = [{ Effect: 'Allow', Action: 's3:GetObject', Resource: '*', Condition }]
  const found = validate(JSON.stringify({ Version: '2012-10-17', Statement }), 'identity')
  assert.equal(found.length, 200)
  assert.deepEqual([...new Set(found.map(({ code }) => code))], ['INVALID_CONDITION_VALUE'])
})
