import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Image } from '../../image/index.ts'
import { newlyLent } from './roles.ts'

const at = { file: 'a', line: 1, column: 1 }
const image = (...who: readonly string[]): Image => ({
  accounts: [],
  notTaken: [],
  findings: [],
  lent: who.map((each) => ({ at, role: 'arn:aws:iam::123456789012:role/R', who: each })),
})

test('TPL-186 a role is newly given to those to whom no file gave it before, once', () => {
  const given = newlyLent(
    image('pods of a/b in cluster c'),
    image('pods of a/b in cluster c', 'devs', 'devs'),
  )
  assert.deepEqual(given, [
    { role: 'arn:aws:iam::123456789012:role/R', how: 'given', who: 'devs', conditions: [] },
  ])
  assert.deepEqual(newlyLent(image('devs'), image()), [])
})
