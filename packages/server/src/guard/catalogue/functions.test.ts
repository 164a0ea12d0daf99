import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { textFunctions } from './functions.ts'
import { Unreadable } from './input.ts'

const functions: Readonly<Record<string, (text: string, where: typeof place) => readonly string[]>> =
  textFunctions
const place = { account: '111122223333', region: 'eu-west-1', partition: 'aws' } as const

/** Each line is a function, a text, and the texts that it makes of it or the words with which it refuses it. */
const lines = readFileSync(join(import.meta.dirname, 'functions.txt'), 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => {
    const [, name = '', text = '', made = ''] = /^(\w+) (".*") → (.*)$/.exec(line) ?? []
    return { line, name, text: JSON.parse(text), made }
  })

describe('functions of templates over a text', () => {
  for (const { line, name, text, made } of lines)
    test(line.slice(0, 200), () => {
      let found: unknown
      try {
        found = functions[name]?.(text, place)
      } catch (error) {
        if (!(error instanceof Unreadable)) throw error
        found = error.message
      }
      assert.equal(JSON.stringify(found), made)
    })

  test('each has a line', () => {
    const without = Object.keys(textFunctions).filter((name) => lines.every((line) => line.name !== name))
    assert.deepEqual(without, ['iteratorStream'])
  })
})
