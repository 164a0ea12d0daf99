import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import {
  actionInfo,
  techniqueFacts,
  techniqueTable,
} from '../../packages/server/src/authorization/catalogue/index.ts'
import { deriveTechniques } from '../../tools/techniques/derive.ts'
import { parseTechniques } from '../../tools/techniques/parse.ts'

const source = readFileSync(new URL('../../tools/techniques/techniques.txt', import.meta.url), 'utf8')
const data = readFileSync(new URL('../../packages/server/data/techniques.json', import.meta.url), 'utf8')

describe('techniques', () => {
  test('the data file is what its source form gives', () => {
    assert.equal(data, deriveTechniques(parseTechniques(source)))
  })

  test('each action is one that the catalogue knows, and each row is complete', () => {
    const { actions, techniques } = techniqueTable()
    assert.ok(techniques.length > 0)
    assert.equal(new Set(techniques.map(({ id }) => id)).size, techniques.length)
    for (const action of Object.keys(actions)) assert.ok(actionInfo(action), action)
    for (const { id, needs, ways, facts, composedOf = [] } of techniques) {
      for (const { action } of [...needs, ...ways.flatMap((way) => way.needs)]) assert.ok(actions[action], id)
      for (const fact of [...facts, ...ways.flatMap((way) => way.facts)])
        assert.ok(
          /^(?:exists|is) AWS::/.test(fact) ||
            actions[/^(?:events|scheduler) starts (\S+) on /.exec(fact)?.[1] ?? ''] !== undefined ||
            (techniqueFacts as readonly string[]).includes(fact),
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
    assert.throws(() => parseTechniques(`${row('if unsigned')}\n${row('if unsigned')}`), /is there twice/)
  })
})
