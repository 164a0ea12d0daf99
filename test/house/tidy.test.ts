import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { undocumented } from './documented.ts'
import { filesLike, fits, noBreach, readText } from './files.ts'
import { derived, generated, longestFile, patternRules, sources, tests } from './rules.ts'
import { lineAt, readSource, type Source } from './source.ts'

const read = new Map<string, Source>()

describe('tidy', () => {
  test('every pattern catches what it is for', () => {
    for (const rule of patternRules) {
      for (const breach of rule.breaches) assert.match(readSource(breach)[rule.look], rule.never, rule.name)
    }
  })

  for (const rule of patternRules) {
    test(`${rule.name}: ${rule.because}`, () => {
      const found: string[] = []
      for (const file of filesLike(...rule.files)) {
        if (fits(file, [...generated, ...derived, ...(rule.except ?? [])])) continue
        // Prose is all comment.
        const text = file.endsWith('.md') ? readText(file) : sourceOf(file)[rule.look]
        for (const match of text.matchAll(new RegExp(rule.never, 'g'))) {
          found.push(`${file}:${lineAt(text, match.index)} ${match[0].trim()}`)
        }
      }
      noBreach(found)
    })
  }

  test(`a file is one noun: at most ${longestFile} lines`, () => {
    const found: string[] = []
    for (const file of filesLike(...sources)) {
      if (fits(file, generated)) continue
      const lines = readText(file).split('\n').length - 1
      if (lines > longestFile) found.push(`${file}: ${lines} lines`)
    }
    noBreach(found)
  })

  test('a cast has a comment that proves it, on its line or the one before', () => {
    const found: string[] = []
    for (const file of filesLike(...sources)) {
      if (fits(file, [...tests, ...generated])) continue
      for (const line of unprovenCasts(sourceOf(file))) found.push(`${file}:${line}`)
    }
    noBreach(found)
  })

  test('a house that a test opens is closed, whatever fails: await using, or after() in the next lines', () => {
    const found: string[] = []
    for (const file of filesLike('test/**/*.test.ts', 'packages/*/src/**/*.test.ts')) {
      const lines = readText(file).split('\n')
      for (const [index, line] of lines.entries()) {
        if (!/^\s*(?:const|let) \w+ = await (?:createOmen|guardHouse)\(/.test(line)) continue
        // a function that makes a house for a test leaves it to the test
        const within = lines.slice(0, index).findLast((each) => /^\S/.test(each)) ?? ''
        if (/^(?:export )?async function/.test(within)) continue
        const next = lines.slice(index + 1, index + 5).join('\n')
        if (!/\bafter\(|^\s*try \{/m.test(next)) found.push(`${file}:${index + 1}`)
      }
    }
    noBreach(found)
  })

  test('what an index exports has a doc comment', () => {
    noBreach(undocumented(filesLike('packages/*/src/**/index.ts')))
  })
})

function sourceOf(file: string): Source {
  let source = read.get(file)
  if (source === undefined) {
    source = readSource(readText(file))
    read.set(file, source)
  }
  return source
}

/** Import and export lists rename with `as`; so do mapped types, after `in`. Neither is a cast. */
const renames = /\b(?:import|export)\s+(?:type\s+)?(?:\{[^}]*\}|\*\s*as\s+\w+|\w+\s*,\s*\{[^}]*\})/g
const cast = /(?<=[\w$)\]}'"`!>])\s+as\s+(?!const\b)(?=[\w$({['"`])/g

function unprovenCasts(source: Source): readonly number[] {
  const code = source.code.replace(renames, (list) => list.replace(/[^\n]/g, ' '))
  const lines = code.split('\n')
  const comments = source.comments.split('\n').map((line) => line.trim() !== '')
  const found: number[] = []
  for (const match of code.matchAll(cast)) {
    const line = lineAt(code, match.index + match[0].indexOf('as'))
    if (/\[\s*\w+\s+in\s/.test(lines[line - 1] ?? '')) continue
    if (!comments[line - 1] && !comments[line - 2]) found.push(line)
  }
  return found
}
