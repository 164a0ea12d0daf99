import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { filesLike, readText } from '../house/files.ts'

const catalogues = filesLike('packages/console/src/text/*.ts').filter((path) =>
  readText(path).includes('= texts({'),
)
/** Where texts are used: families of masks are names of texts, and a function beside them may return a name. */
const using = filesLike(
  'packages/console/src/**/*.ts',
  'packages/console/src/**/*.tsx',
  'packages/server/src/masks/*.ts',
)
  .filter((path) => !path.includes('/text/'))
  .map(readText)
  .concat(catalogues.flatMap((path) => readText(path).match(/\breturn '\w+'/g) ?? []))
  .join('\n')

/** Texts that are looked up by the kind of a row of the policy comparison. */
const byKind = new Set(['wider', 'lifted'])

/** The names of one language's texts, those in groups as well. */
function namesIn(text: string, language: 'en' | 'ja'): readonly string[] {
  const from = text.indexOf(`\n  ${language}: {\n`)
  const block = text.slice(from, text.indexOf('\n  },\n', from))
  return [...block.matchAll(/^ {4,}(?:(\w+)|'([^']+)'):/gm)].map(([, name, quoted]) => name ?? quoted ?? '')
}

describe('the texts of the console', () => {
  for (const path of catalogues)
    test(`${path} has the same names in both languages, and each is used`, () => {
      const text = readText(path)
      const english = namesIn(text, 'en')
      assert.ok(english.length > 3)
      assert.deepEqual(namesIn(text, 'ja'), english)
      const unused = english.filter(
        (each) => !byKind.has(each) && !new RegExp(`(?:\\.|')${each}\\b`).test(using),
      )
      assert.deepEqual(unused, [])
    })
})
