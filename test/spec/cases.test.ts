import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { parseCases } from '@omen-iam/policy'
import { casesFolder, readCases } from './case.ts'

/** Rules of docs/behaviour/policy-*.md that no single decision shows, and who shows them instead. */
const notDecisions: Readonly<Record<string, readonly number[]>> = {
  'what AWS refuses to store (validation)': [36, 37, 44, 53, 54, 99, 100],
  'what STS checks besides policies': [46, 47, 59, 62, 68],
  'names, ids, words and errors': [112, 113, 114, 115, 116, 117],
}

describe('the cases', () => {
  const cases = readCases()

  it('are in the public format', () => {
    for (const file of new Set(cases.map((each) => each.file))) {
      const parsed = parseCases(readFileSync(join(casesFolder, file), 'utf8'))
      assert.ok(parsed.ok, `${file}: ${parsed.ok || parsed.message}`)
    }
  })

  it('are at least 620', () => assert.ok(cases.length >= 620))

  it('begin with the behaviour that they pin, and have a name of their own', () => {
    const names = cases.map((each) => each.case.name)
    for (const name of names) assert.match(name, /^POL-\d{3} \S/)
    assert.deepEqual(
      names.filter((name, index) => names.indexOf(name) !== index),
      [],
    )
  })

  it('pin every rule that is about decisions', () => {
    const pinned = new Set(cases.map((each) => Number(each.case.name.slice(4, 7))))
    const elsewhere = new Set(Object.values(notDecisions).flat())
    const rules = Array.from({ length: 120 }, (_, index) => index + 1)
    assert.deepEqual(
      rules.filter((rule) => !pinned.has(rule) && !elsewhere.has(rule)),
      [],
    )
  })
})
