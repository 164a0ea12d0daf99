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

  it(`has sentences of at most ${longestSentence} words in every other page`, () => {
    const found: string[] = []
    for (const file of prose) {
      if (file.includes('.ja.') || file.startsWith('docs/behaviour/')) continue
      for (const { line, text } of blocksOf(readText(file)))
        for (const sentence of sentencesOf(text)) {
          const words = wordsIn(sentence)
          if (words > longestSentence) found.push(`${file}:${line} ${words} words: ${sentence.slice(0, 60)}…`)
        }
    }
    noBreach(found)
  })

  it('counts words and ends of sentences as a reader does', () => {
    const text = 'A key of `a b. c` counts (see `d`). The next one, too.'
    assert.deepEqual(sentencesOf(text).map(wordsIn), [7, 4])
    const page = '# Title\n\nOne\ntwo.\n- three\n  four\n- five\n\n```\ncode\n```\n| six | seven |\n'
    assert.deepEqual(
      blocksOf(page).map((block) => `${block.line} ${block.text}`),
      ['3 One two.', '5 three four', '7 five', '12 ', '12 six', '12 seven', '12 '],
    )
    assert.match('Whoever asks is told.', removedWords)
    assert.doesNotMatch(withoutCode('the text `it stands`'), removedWords)
  })
})

/** The paragraphs, items of lists and cells of tables of a page, each in one line. */
function blocksOf(page: string): readonly { readonly line: number; readonly text: string }[] {
  const blocks: { line: number; text: string }[] = []
  let open = false
  let fenced = false
  for (const [index, line] of page.split('\n').entries()) {
    if (/^ *```/.test(line)) fenced = !fenced
    const text = line.trim()
    if (fenced || text === '' || /^(?:#|```|<!--|\[[^\]]+\]: )/.test(text)) {
      open = false
    } else if (text.startsWith('|')) {
      for (const cell of text.split('|')) blocks.push({ line: index + 1, text: cell.trim() })
      open = false
    } else if (open && !/^(?:[-*] |\d+\. )/.test(text)) {
      blocks.at(-1)!.text += ` ${text}`
    } else {
      blocks.push({ line: index + 1, text: text.replace(/^(?:[-*] |\d+\. )/, '') })
      open = true
    }
  }
  return blocks
}

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
