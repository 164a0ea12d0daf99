import { test } from 'node:test'
import { assumedFindings, assumptions } from '../../packages/policy/src/index.ts'
import { behaviours } from './behaviours.ts'
import { noBreach } from './files.ts'

test('what decisions and findings call assumed is a sentence that is assumed', () => {
  const named = [...assumptions.map(({ behaviour }) => behaviour), ...Object.values(assumedFindings)]
  noBreach(
    named.flatMap((id) => {
      const sentence = behaviours.find((each) => each.id === id)
      if (sentence === undefined) return [`${id} is no sentence of docs/behaviour`]
      return /\bassumed\b/.test(sentence.standing) ? [] : [`${id} is ${sentence.standing}`]
    }),
  )
})
