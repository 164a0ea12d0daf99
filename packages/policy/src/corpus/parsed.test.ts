import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { checkCorpus } from '../../../../test/corpus/index.ts'
import type { Finding } from '../document/finding.ts'
import type { Located, Statement } from '../document/policy.ts'
import type { Span } from '../document/position.ts'
import { policyFromJson, readDocument } from '../parse/parse.ts'
import { covered, documentOf, findingWriter } from './fixture.ts'

test('POL-140 what the parser says of every case of parsed.txt, and the policy that it reads', () => {
  const written = findingWriter()
  checkCorpus(join(import.meta.dirname, 'parsed.txt'), (input) => {
    const { kind, text } = documentOf(input)
    const { policy, report } = readDocument(text, kind)
    if (policy !== undefined) assert.ok(!Object.values(policy).includes(undefined))
    return [
      report.refused ? `refused: ${report.message(kind)}` : 'stored',
      ...report.findings.map((finding) => written(finding, text)),
      ...(policy === undefined ? ['not read'] : [`${policy.version}${named(' id', policy.id)}`]),
      ...(policy?.statements ?? []).map((statement) => statementLine(statement, text)),
    ]
  })
})

function statementLine(statement: Statement, text: string): string {
  const { index, sid, effect, principal, action, resource, condition, span } = statement
  assert.ok(!Object.values(statement).includes(undefined), 'what a statement does not have is absent')
  /** What is written at a position, unless it is just the value. */
  const unless = (json: unknown, at: Span) => {
    const written = text.slice(at.start.offset, at.end.offset)
    return written === JSON.stringify(json) ? '' : ` ${covered(text, at)}`
  }
  const valuesOf = (values: readonly Located[], at: Span) => {
    const texts = values.map(({ value }) => value)
    const each = values.map((one) => `${one.value}${unless(one.value, one.span)}`).join(', ')
    return `[${each}]${texts.length === 1 && unless(texts[0], at) === '' ? '' : unless(texts, at)}`
  }
  const list = (name: string, { negated, values, span: at }: Statement['action']) =>
    `${negated ? 'Not' : ''}${name} ${valuesOf(values, at)}`
  const principals = principal?.entries.map((entry) => ({ ...entry, value: `${entry.type} ${entry.value}` }))
  return [
    `${index}${named(' sid', sid)} ${effect}`,
    ...(principal === undefined
      ? []
      : [`${principal.negated ? 'Not' : ''}Principal ${valuesOf(principals ?? [], principal.span)}`]),
    list('Action', action),
    ...(resource === undefined ? [] : [list('Resource', resource)]),
    ...condition.map(({ operator, key, values, span: at }) => `${operator} ${key} ${valuesOf(values, at)}`),
    unless(undefined, span),
  ].join('; ')
}

function named(name: string, value: string | undefined): string {
  return value === undefined ? '' : `${name} ${JSON.stringify(value)}`
}

test('POL-184 only a variable that is all of the account passes where AWS’s simulator reads the document', () => {
  const refused = (account: string) => {
    const Statement = { Effect: 'Allow', Action: '*', Resource: `arn:aws:sqs:eu-west-1:${account}:q` }
    const { report } = readDocument(JSON.stringify({ Statement }), 'identity', { accountVariables: true })
    return report.refused
  }
  assert.equal(refused('${aws:PrincipalAccount}'), false)
  for (const account of ['x${aws:PrincipalAccount}', '${aws:PrincipalAccount}x', 'x_'])
    assert.equal(refused(account), true, account)
})

test('a document that is longer than 262,144 characters is refused unread', () => {
  const of = (length: number) => {
    const { policy, report } = readDocument(' '.repeat(length), 'identity')
    assert.equal(policy, undefined)
    const [{ code, message, path, span }] = report.findings as [Finding]
    return [code, message, path, span.start.offset, span.end.offset]
  }
  assert.equal(of(262_144)[1], 'Invalid JSON: a value was expected')
  assert.deepEqual(of(262_145), ['JSON_SYNTAX_ERROR', 'longer than 262144 characters', [], 0, 0])
})

test('a value that JSON cannot write is read as an empty text', () => {
  const cycle: Record<string, unknown> = {}
  cycle.cycle = cycle
  for (const value of [undefined, () => 1, cycle]) {
    const parsed = policyFromJson(value, 'identity')
    assert.deepEqual(
      parsed.findings.map(({ message }) => message),
      ['Invalid JSON: a value was expected'],
    )
  }
})
