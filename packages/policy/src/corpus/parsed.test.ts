import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { readDocument } from '../document/parse.ts'
import type { Located, Statement } from '../document/policy.ts'
import type { Span } from '../document/position.ts'
import { covered, documentOf, findingWriter, rewritten } from './fixture.ts'

/** Compares what the code says with the corpus, or writes it anew (see fixture.ts). */
function checkCorpus(name: string, linesOf: (input: string) => readonly string[]): void {
  const path = join(import.meta.dirname, name)
  const kept = readFileSync(path, 'utf8')
  const now = rewritten(kept, linesOf)
  if (process.env.REWRITE_CORPUS === undefined) assert.equal(now, kept)
  else writeFileSync(path, now)
}

test('POL-140 what the parser says of every case of parsed.txt, and the policy that it reads', () => {
  const written = findingWriter()
  checkCorpus('parsed.txt', (input) => {
    const { kind, text } = documentOf(input)
    const { policy, report } = readDocument(text, kind)
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
