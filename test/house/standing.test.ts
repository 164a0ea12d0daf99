import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assumedFindings, assumptions } from '../../packages/policy/src/index.ts'
import { behaviours } from './behaviours.ts'
import { noBreach, readText } from './files.ts'
import { recordedFiles } from './recorded.ts'

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

test('README.md names how many recorded answers Omen is held to', () => {
  const held = recordedFiles.flatMap(({ rows }) => rows).filter(({ differs }) => differs === undefined).length
  const named = Number(
    /held to more than ([\d,]+) \[recorded answers\]/.exec(readText('README.md'))?.[1]?.replaceAll(',', ''),
  )
  // files of answers come one by one: the number need not change with each
  assert.ok(named < held && held <= 8 * named, `README.md names ${named}, and Omen is held to ${held}`)
})
