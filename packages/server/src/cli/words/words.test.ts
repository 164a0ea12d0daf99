import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import { guardrailIn, titleIn } from '../../views/index.ts'
import { chapters } from '../tour/story.ts'
import { columnsOf, wrapped } from '../width.ts'
import { demoText } from './demo.ts'
import { edgeWords } from './edge.ts'
import { failureIn, languageOfLine } from './failures.ts'
import { languageOf } from './language.ts'
import { reasonWords } from './reason.ts'
import { tourText } from './tour.ts'

const japanese = /[\u3000-\u30ff\u4e00-\u9fff\uff00-\uffef]/

/** Every text below a name; a function is called with the same values in each language. */
function textsIn(words: object, at = ''): readonly (readonly [name: string, text: string])[] {
  return Object.entries(words).flatMap(([name, each]) => {
    const place = `${at}${name}`
    if (typeof each === 'string') return [[place, each] as const]
    if (typeof each !== 'function') return textsIn(each, `${place}.`)
    return [[place, String(called(each as (...values: unknown[]) => unknown))] as const]
  })
}

function called(words: (...values: unknown[]) => unknown): unknown {
  try {
    return words('MFA condition', 'B', 'C', 'D')
  } catch {
    // of lists
    return words('A', ['B', 'C'], ['D']) ?? words(['A', 'B'])
  }
}

describe('SHL-51 the words of the command line', () => {
  test('each text is there in Japanese too', () => {
    const english = new Map(textsIn({ ...reasonWords.en, ways: {}, pass: {} }))
    const all = textsIn({ ...reasonWords.ja, ways: {}, pass: {} })
    assert.ok(all.length > 60)
    assert.deepEqual(
      all.map(([name]) => name),
      [...english.keys()],
    )
    const rest = all.filter(([name, text]) => !japanese.test(text) || english.get(name) === text)
    assert.deepEqual(rest, [])
  })

  test('SHL-80 how one becomes another, the demo, and what fails are said in Japanese', () => {
    const { left: _, mayBe: __, place: ___, ...en } = { ...edgeWords.en, ...demoText.en }
    const { left: ____, mayBe: _____, place, ...ja } = { ...edgeWords.ja, ...demoText.ja }
    const all = textsIn(ja)
    assert.deepEqual(
      all.map(([name]) => name),
      textsIn(en).map(([name]) => name),
    )
    const rest = all.filter(([, text]) => !japanese.test(text)).map(([name]) => name)
    assert.deepEqual(rest, ['delay', 'layer.scp', 'layer.rcp'])
    assert.equal(place('trust of role/ops:1:118'), 'role/ops の信頼ポリシー:1:118')
    assert.equal(ja.delay('now'), 'すぐに')
    for (const text of [
      'There is no user and no role dve in account 123456789012; did you mean dev?',
      'AWS has no service principal lamda.amazonaws.com; did you mean lambda.amazonaws.com?',
      'The action iam:CreatUser does not exist. Did you mean iam:CreateUser?',
      'There is no decision d-00000000, or it is no longer kept.',
      'Nothing was denied yet.',
      'there is no user or role "dve"; did you mean dev?',
      'no trust policy names "dve"',
    ]) {
      const said = failureIn(text, 'ja')
      assert.match(said, japanese)
      assert.doesNotMatch(said.replace(/\S*[:.-]\S*|\b(?:dve|dev)\b/g, ''), /[A-Za-z]{4}/)
      assert.equal(failureIn(text, 'en'), text)
    }
    assert.match(failureIn('The action iam:A does not exist. Did you mean iam:B?', 'ja'), /iam:B/)
    assert.equal(languageOfLine(['can', '--lang=ja'], {}), 'ja')
    assert.equal(languageOfLine(['can', '--lang', 'en'], { LANG: 'ja_JP.UTF-8' }), 'en')
  })

  test('each title, tale and fact of the tour is there in Japanese', () => {
    const folder = new URL('../tour/', import.meta.url)
    const sources = readdirSync(folder).map((name) => readFileSync(new URL(name, folder), 'utf8'))
    const facts = sources.flatMap((text) => [...text.matchAll(/\.check\(\s*'((?:[^'\\]|\\.)*)'/g)])
    const texts = [
      ...chapters.flatMap(({ title, tale }) => [title, tale]),
      ...facts.map(([, fact = '']) => fact),
      // a caller with more than a name
      ...sources.flatMap((text) => text.match(/(?<=')(?:dev wearing|admin in)[^']*(?=')/g) ?? []),
    ]
    assert.ok(texts.length > 45)
    const missing = texts.filter(
      (text) => !japanese.test(tourText(text, 'ja')) || tourText(text, 'ja') === text,
    )
    assert.deepEqual(missing, [])
  })

  test('a line of Japanese is broken by its columns, and begins with no closing mark', () => {
    const text =
      'このサーバーに有効なキー AKIAIOSFODNN7EXAMPLE はありません。ほかのサーバーのキーです（たぶん）。'
    for (const width of [20, 21, 22, 23, 30, 80]) {
      const lines = wrapped(text, width)
      for (const line of lines) {
        assert.ok(columnsOf(line) <= width + 2, `${width}: ${line}`)
        assert.doesNotMatch(line, /^[、。）]/)
        assert.doesNotMatch(line, /（$/)
      }
      assert.equal(lines.join('').replaceAll(' ', ''), text.replaceAll(' ', ''))
    }
    assert.deepEqual(wrapped('one two  three', 7), ['one two', 'three'])
    assert.deepEqual(wrapped('', 7), [''])
  })

  test('titles of policies have words, and what is no title stays', () => {
    assert.equal(titleIn('ja', 'inline policy p of user dev'), 'ユーザー dev のインラインポリシー p')
    assert.equal(
      titleIn('ja', 'AWS managed policy ReadOnlyAccess of group dev'),
      'AWS 管理ポリシー ReadOnlyAccess（グループ dev）',
    )
    assert.equal(titleIn('ja', 'trust policy of role web'), 'ロール web の信頼ポリシー')
    assert.equal(titleIn('ja', 'SCP p'), 'SCP p')
    assert.equal(titleIn('en', 'trust policy'), 'trust policy')
  })

  test('guardrails have names, conditions are named by their key', () => {
    assert.equal(guardrailIn('ja', 'tag restriction'), 'タグによる制限')
    assert.equal(guardrailIn('ja', 'condition on s3:prefix'), 's3:prefix の条件')
    assert.equal(guardrailIn('ja', 'another guardrail'), 'another guardrail')
    assert.equal(guardrailIn('en', 'tag restriction'), 'tag restriction')
  })

  test('the language is that of the option, or of the environment', () => {
    assert.equal(languageOf(undefined, { LANG: 'ja_JP.UTF-8' }), 'ja')
    assert.equal(languageOf(undefined, { LANG: 'ja_JP.UTF-8', LC_ALL: 'C' }), 'en')
    assert.equal(languageOf('en', { LANG: 'ja' }), 'en')
    assert.equal(languageOf(undefined, {}), 'en')
  })
})
