import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readCases } from './case.ts'
import { decide } from './twin.ts'

describe('the twin decides every case as the rule says', () => {
  const failures: string[] = []
  const cases = readCases()
  for (const { file, case: each } of cases) {
    const { decision, layers } = decide(each)
    const wrongLayer = each.because !== undefined && !layers.some((layer) => layer === each.because)
    if (decision !== each.expect) failures.push(`${file}: ${each.name}: ${decision}, not ${each.expect}`)
    else if (wrongLayer) failures.push(`${file}: ${each.name}: because of ${layers}, not ${each.because}`)
  }

  it(`all ${cases.length} of them`, () => {
    assert.deepEqual(failures, [])
  })
})
