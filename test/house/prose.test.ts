import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { behaviours } from './behaviours.ts'
import { filesLike, noBreach, readText } from './files.ts'
import { removedWords } from './rules.ts'

/** Words in a sentence of docs/behaviour; code counts as one. */
const longestSentence = 40
/** What people read in English; decisions are records and stay as they were written. */
const prose = filesLike(
  '{README,CHANGELOG,CONTRIBUTING,SECURITY}.md',
  'docs/*.md',
  'docs/{behaviour,recordings}/*.md',
)

describe('prose', () => {
  it('is plain English: no word that the glossary replaced', () => {
    const found: string[] = []
    for (const file of prose) {
      if (file.includes('.ja.')) continue
      for (const [index, line] of withoutCode(readText(file)).split('\n').entries()) {
        const word = removedWords.exec(line)?.[0]
        if (word !== undefined) found.push(`${file}:${index + 1} ${word}`)
      }
    }
    noBreach(found)
  })

  it(`has sentences of at most ${longestSentence} words in docs/behaviour`, () => {
    const found: string[] = []
    for (const { id, place, text } of behaviours)
      for (const sentence of sentencesOf(text)) {
        const words = wordsIn(sentence)
        if (words > longestSentence) found.push(`${place} ${id} ${words} words: ${sentence.slice(0, 60)}…`)
      }
    noBreach(found)
  })

  it('counts words and ends of sentences as a reader does', () => {
    const text = 'A key of `a b. c` counts (see `d`). The next one, too.'
    assert.deepEqual(sentencesOf(text).map(wordsIn), [7, 4])
    assert.match('Whoever asks is told.', removedWords)
    assert.doesNotMatch(withoutCode('the text `it stands`'), removedWords)
  })
})

function withoutCode(text: string): string {
  return text
    .replace(/```[\s\S]*?```/g, (block) => block.replace(/[^\n]/g, ''))
    .replace(/``.*?``|`[^`\n]*`/g, 'x')
    .replace(/"[^"\n]*"/g, 'x')
}

function sentencesOf(text: string): readonly string[] {
  return withoutCode(text).split(/(?<=[.!?])\s+(?=[A-Zx(])/)
}

function wordsIn(sentence: string): number {
  return sentence.split(/\s+/).filter((word) => word !== '').length
}
