import { join } from 'node:path'
import { test } from 'node:test'
import { checkCorpus } from '../../../../test/corpus/index.ts'
import { contextOf } from './context-option.ts'
import { parseDuration, spokenDuration } from './duration.ts'
import { didYouMean } from './environment.ts'
import { CommandFailure } from './failure.ts'
import { folded, foldedJson } from './folded.ts'
import { instantOf } from './instant.ts'
import { shortName } from './short-name.ts'
import { parseSize } from './size.ts'
import { spokenChain } from './spoken.ts'

/** What reads an argument or says a value, by the word that a line of the corpus begins with. */
const functions: Readonly<Record<string, (...words: readonly string[]) => unknown>> = {
  duration: (text = '') => parseDuration(text),
  spoken: (seconds) => spokenDuration(Number(seconds)),
  size: (text = '') => parseSize(text),
  instant: (text = '') => instantOf(text),
  context: (...pairs) => contextOf(pairs),
  short: (arn = '') => shortName(arn),
  chain: (...arns) => spokenChain(arns),
  meant: (text = '', ...names) => didYouMean(text, names),
  folded: (length, ...pieces) =>
    folded(
      pieces.map((piece) => piece.padEnd(Number(length), '-')),
      ' ',
    ),
  json: (indent, text = '') => foldedJson(JSON.parse(text), ' '.repeat(Number(indent))),
}

// A line is a function of these and its words; below it is what it returns, or how the command fails.
test('how arguments are read and values are said', () => {
  checkCorpus(join(import.meta.dirname, 'arguments.txt'), (line) => {
    const [name = '', ...words] = line.split(' ')
    try {
      const value = functions[name]!(...words.map((word) => (word === '""' ? '' : word)))
      return Array.isArray(value) ? value.map((each) => `|${each}`) : [JSON.stringify(value) ?? 'nothing']
    } catch (error) {
      if (!(error instanceof CommandFailure)) throw error
      return [`fails with ${error.exitCode}: ${error.message}`]
    }
  })
})
