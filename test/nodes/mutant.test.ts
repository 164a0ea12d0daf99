import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'

/** By name: the end of a file's path, what is in it, and what is there instead. */
type Mutants = Readonly<Record<string, readonly [file: string, here: string, instead: string]>>

test('every mutant of the mechanism of nodes finds its place in the sources', async () => {
  const { mutants } = (await import('./mutant.mjs' as string)) as { mutants: Mutants } // it is plain JavaScript
  assert.ok(Object.keys(mutants).length >= 6)
  for (const [name, [file, here]] of Object.entries(mutants)) {
    const source = readFileSync(new URL(`../../packages/server/src/${file}`, import.meta.url), 'utf8')
    assert.ok(source.includes(here), `${name}: ${file} has no ${here}`)
  }
})
