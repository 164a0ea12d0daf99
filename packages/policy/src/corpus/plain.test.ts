import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { checkCorpus } from '../../../../test/corpus/index.ts'
import { plainSentence } from '../explain/plain.ts'
import { parsePolicy } from '../parse/parse.ts'
import { documentOf } from './fixture.ts'

test('the plain sentence of every statement of plain.txt', () =>
  checkCorpus(join(import.meta.dirname, 'plain.txt'), (input) => {
    const { kind, text } = documentOf(input)
    const parsed = parsePolicy(text, kind, { lenient: true })
    assert.ok(parsed.ok, input)
    return parsed.policy.statements.map((statement) => plainSentence(statement, kind))
  }))
