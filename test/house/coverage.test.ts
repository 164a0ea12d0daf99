import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { coverageText } from '../../tools/served/text.ts'
import { readText } from './files.ts'

describe('coverage', () => {
  test('docs/COVERAGE.md is what the models and the services say', () => {
    assert.equal(
      readText('docs/COVERAGE.md'),
      coverageText(),
      'run: npx node --conditions=@omen/source tools/coverage.ts',
    )
  })
})
