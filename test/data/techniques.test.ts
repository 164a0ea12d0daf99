import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import { actionInfo, techniqueTable } from '../../packages/server/src/authorization/catalogue/index.ts'
import { deriveTechniques } from '../../tools/techniques/derive.ts'
import { parseTechniques } from '../../tools/techniques/parse.ts'

const source = readFileSync(new URL('../../tools/techniques/techniques.txt', import.meta.url), 'utf8')
const data = readFileSync(new URL('../../packages/server/data/techniques.json', import.meta.url), 'utf8')

describe('techniques', () => {
  test('the data file is what its source form gives', () => {
    assert.equal(data, deriveTechniques(parseTechniques(source)))
  })

  test('each action is one that the catalogue knows, and each row is complete', () => {
    const { actions, facts: blocks, techniques } = techniqueTable()
    assert.ok(techniques.length > 0)
    assert.equal(new Set(techniques.map(({ id }) => id)).size, techniques.length)
    for (const action of Object.keys(actions)) assert.ok(actionInfo(action), action)
    for (const { id, needs, ways, facts, composedOf = [] } of techniques) {
      for (const { action } of [...needs, ...ways.flatMap((way) => way.needs)]) assert.ok(actions[action], id)
      for (const fact of [...facts, ...ways.flatMap((way) => way.facts)])
        assert.ok(
          /^(?:exists|is) AWS::/.test(fact) ||
            actions[/^(?:events|scheduler) starts (\S+) on /.exec(fact)?.[1] ?? ''] !== undefined ||
            blocks[fact] !== undefined,
          id,
        )
      for (const part of composedOf)
        assert.ok(
          techniques.some((row) => row.id === part),
          `${id}: ${part}`,
        )
    }
  })

  test('an action, a fact or a word that is not known is refused', () => {
    const row = (line: string) =>
      `a.b\n  title t\n  gives run role\n  is field current, now\n  effect becomes\n  ${line}\n  from sources none\n`
    assert.throws(
      () => deriveTechniques(parseTechniques(row('needs iam:FlyRole on target'))),
      /no action iam:FlyRole/,
    )
    assert.throws(() => parseTechniques(row('if moonIsFull')), /moonIsFull is not known/)
    assert.throws(() => parseTechniques(row('needs iam:PassRole on moon')), /moon is no variable/)
    assert.throws(() => parseTechniques(row('wants iam:PassRole')), /wants is no member/)
    for (const [block, refused] of [
      ['key iam:Moon\n  holds role', /no call of a row has the key iam:Moon/],
      ['variable MoonName\n  at most 64', /no ARN of a row has the variable MoonName/],
    ] as const)
      assert.throws(() => deriveTechniques(parseTechniques(`${source}\n${block}\n`)), refused)
    assert.throws(() => parseTechniques(`${row('if unsigned')}\n${row('if unsigned')}`), /is there twice/)
  })

  test('a fact without words, with a reading or a way that is not known, or without code is refused', () => {
    const fact = (...lines: readonly string[]) =>
      ['fact moon', '  named moon | 月', ...lines, ''].join('\n  ')
    const { says, reads } =
      parseTechniques(fact('read by nothing', 'else', 'unknown: dark | 暗い')).facts.moon ?? {}
    assert.deepEqual([says, reads], [{ 0: { en: 'dark', ja: '暗い' } }, { '*': null }])
    for (const [lines, problem] of [
      [['else', 'unknown: dark'], /not in English and in Japanese/],
      [['else', 'unknown: dark | 暗い'], /does not say what it is read by/],
      [['else', 'unknown: dark | 暗い', 'read by telescope'], /it names no command/],
      [['else', 'yes from details: bright | 明るい', 'read by nothing'], /it follows what is known/],
      [['when phase full', 'yes: full | 満月'], /phase is nothing that the graph reads/],
      [['else', 'shines: bright | 明るい'], /shines is no way/],
      [['read by nothing', 'when its phase absent', 'unknown'], /no words for notSaid/],
      [['code'], /has no code/],
      [[], /either cases, or code/],
    ] as const)
      assert.throws(() => parseTechniques(fact(...lines)), problem)
    assert.throws(() => parseTechniques('fact batch\n  else\n    yes: a | b'), /no name in words/)
    assert.throws(
      () => deriveTechniques(parseTechniques(fact('else', 'after iam:FlyUser on target: up | 上'))),
      /no action iam:FlyUser/,
    )
  })

  test('a sentence of a fact has the same values in both languages', () => {
    const { facts, words } = techniqueTable()
    const all = [words, ...Object.values(facts).map((block) => block?.says ?? {})].flatMap((each) =>
      Object.values(each),
    )
    assert.ok(all.length > 60)
    const valuesIn = (sentence = '') => [...sentence.matchAll(/\{\w+\}/g)].map(String).sort()
    for (const sentence of all) assert.deepEqual(valuesIn(sentence?.ja), valuesIn(sentence?.en), sentence?.en)
  })
})
