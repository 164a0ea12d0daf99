import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { parsePolicy } from '../document/parse.ts'
import { plainSentence } from '../explain/plain.ts'
import { documentOf, rewritten } from './fixture.ts'

/** Compares what the code says with the corpus, or writes it anew (see fixture.ts). */
function checkCorpus(name: string, linesOf: (input: string) => readonly string[]): void {
  const path = join(import.meta.dirname, name)
  const kept = readFileSync(path, 'utf8')
  const now = rewritten(kept, linesOf)
  if (process.env.REWRITE_CORPUS === undefined) assert.equal(now, kept)
  else writeFileSync(path, now)
}

test('the plain sentence of every statement of plain.txt', () =>
  checkCorpus('plain.txt', (input) => {
    const { kind, text } = documentOf(input)
    const parsed = parsePolicy(text, kind, { lenient: true })
    assert.ok(parsed.ok, input)
    return parsed.policy.statements.map((statement) => plainSentence(statement, kind))
  }))
