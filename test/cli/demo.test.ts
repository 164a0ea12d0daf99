import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { omen } from './process.ts'

/** Columns of a text in a terminal: characters of Japanese take two. */
function columnsOf(line: string): number {
  return [...line].reduce((sum, each) => sum + (each > '\u2e7f' ? 2 : 1), 0)
}

describe('the first hour', { concurrency: 2 }, () => {
  test('omen demo ends in a first denial with its reason, and signs nobody in where there is no terminal', async () => {
    const { status, stdout, stderr } = await omen(['demo'], { COLUMNS: '80' })
    assert.deepEqual([status, stderr], [0, ''])
    assert.match(stdout, /✗ AccessDenied: User: .*user\/dev is not authorized\s+to perform: iam:PassRole/)
    assert.match(stdout, /\n\$ omen why\n✗ DENIED {2}iam:PassRole /)
    assert.match(stdout, /\nmore: .* tour --short/)
    assert.doesNotMatch(stdout, /#link=/)
    for (const line of stdout.split('\n')) assert.ok(line.length <= 80 || line.startsWith('more:'), line)
  })

  test('omen tour --short is told in English or Japanese, and ends in the table of PassRole and AssumeRole', async () => {
    const told = await Promise.all([
      omen(['tour', '--short', '--lang', 'en'], { COLUMNS: '80', LANG: 'ja_JP.UTF-8' }),
      omen(['tour', '--short'], { COLUMNS: '80', LANG: 'ja_JP.UTF-8' }),
    ])
    const [english, japanese] = told.map(({ status, stdout, stderr }) => {
      assert.deepEqual([status, stderr], [0, ''])
      assert.match(stdout, /assumed-role\/reader\/morning/)
      for (const line of stdout.split('\n')) assert.ok(columnsOf(line) <= 80, line)
      return stdout.trimEnd().split('\n').slice(-9).join('\n')
    })
    assert.match(english!, /^ +PassRole +AssumeRole\n[\s\S]* in the trail +no event of its own +AssumeRole$/)
    assert.match(japanese!, /^ +PassRole +AssumeRole\n[\s\S]* 記録 +自分のイベントはない +AssumeRole$/)
  })
})
