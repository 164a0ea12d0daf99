import assert from 'node:assert/strict'
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { ownLessons } from '../../packages/server/src/learn/index.ts'
import { omen, temporaryHome } from './process.ts'

const lessons = join(import.meta.dirname, '../../packages/server/lessons')

describe('omen learn', { concurrency: 2 }, () => {
  test('lists, asks, contradicts, judges and remembers, without a terminal', async (t) => {
    const home = temporaryHome(t)
    const learn = (...words: readonly string[]) => omen(['learn', ...words], { OMEN_HOME: home }, home)
    const listed = JSON.parse((await learn('list', '--output', 'json')).stdout)
    assert.deepEqual(
      listed.map(({ id }: { id: string }) => id),
      ownLessons().map(({ id }) => id),
    )
    assert.match((await learn('next', '3')).stdout, /omen learn say full-access-cannot-hand LETTER/)
    const said = (await learn('say', '3', 'A')).stdout
    assert.match(said, /You said: a both \(and were sure\)\n.*It is otherwise: b only 1/)
    assert.match(said, /because no\s+identity-based policy allows the iam:PassRole action/)
    const untouched = await learn('check', '3')
    assert.equal(untouched.status, 1)
    assert.doesNotMatch(untouched.stdout, /\n {2}! /)
    const file = join(home, 'omen-learn/full-access-cannot-hand/user-dev.json')
    const write = (resource: string) =>
      writeFileSync(
        file,
        readFileSync(file, 'utf8').replace(
          /\[[\s\S]*/,
          JSON.stringify(['AmazonEC2FullAccess', passing(resource)]),
        ),
      )
    write('*')
    const wide = await learn('check', '3', '--lang', 'ja')
    assert.equal(wide.status, 1)
    assert.match(wide.stdout, /! 起動はできます。でも管理者のお面 ops まで渡せます/)
    assert.match((await learn('hint', '3')).stdout, /Hint 1\/3: Not yet: 3 /)
    assert.match((await learn('solution', '3')).stdout, /The shortest solution/)
    write('arn:aws:iam::123456789012:role/web')
    const solved = await learn('check', '3')
    assert.equal(solved.status, 0)
    assert.match(solved.stdout, /Solved\.[\s\S]*Remember: .*You said: both \(and were sure\)/s)
    const { lessons: kept } = JSON.parse((await learn('export')).stdout)
    assert.deepEqual(kept['full-access-cannot-hand'].mistakes, [1])
    assert.equal(kept['full-access-cannot-hand'].first.sure, true)
    assert.match(
      (await learn('export', '--output', 'csv')).stdout,
      /^lesson,chapter,.*\nfull-access-cannot-hand,handing,1,true,/,
    )
    const off = await omen(['learn', 'list'], { OMEN_HOME: home, OMEN_LEARN: 'off' }, home)
    assert.deepEqual([off.status, off.stdout], [253, ''])
    assert.match((await learn('list')).stdout, /✓ {2}3 Full access cannot hand over a mask +solved/)
  })

  test('one task proves a chapter', async (t) => {
    const home = temporaryHome(t)
    const learn = (...words: readonly string[]) => omen(['learn', ...words], { OMEN_HOME: home }, home)
    const asked = await learn('skip', 'handing')
    assert.match(asked.stdout, /This task proves the chapter/)
    assert.doesNotMatch(asked.stdout, /Say it before you see it/)
    const own = ownLessons().filter(({ chapter }) => chapter === 'handing')
    const lesson = own.find(({ proof }) => proof === true)
    for (const [name, change] of Object.entries(lesson?.solution.set ?? {}))
      writeFileSync(
        join(home, 'omen-learn', lesson!.id, `${name.replace('/', '-')}.json`),
        JSON.stringify(change),
      )
    assert.equal((await learn('check', lesson!.id)).status, 0)
    const { lessons: kept } = JSON.parse((await learn('export')).stdout)
    for (const { id, proof } of own) assert.equal(kept[id].skipped === true, proof !== true, id)
    assert.equal((await learn('skip', 'nothing')).status, 252)
  })

  test('a document that AWS refuses is refused in its words', async (t) => {
    const home = temporaryHome(t)
    const learn = (...words: readonly string[]) => omen(['learn', ...words], { OMEN_HOME: home }, home)
    await learn('say', 'everything-but', 'a')
    writeFileSync(join(home, 'omen-learn/everything-but/user-ann.json'), '[{"Version":"2012-10-17"}]')
    const { status, stdout } = await learn('check', 'everything-but')
    assert.equal(status, 1)
    assert.match(stdout, /AWS refuses it: MalformedPolicyDocument/)
  })

  test('a team’s folder is checked, and played in place of Omen’s own', async (t) => {
    const home = temporaryHome(t)
    const team = join(home, 'team')
    mkdirSync(team)
    cpSync(join(lessons, '06-powers-do-not-add.yaml'), join(team, 'a.yaml'))
    const good = await omen(['learn', 'check', team], { OMEN_HOME: home }, home)
    assert.deepEqual([good.status, good.stdout], [0, '✓ powers-do-not-add\n'])
    const only = await omen(['learn', 'list', '--from', team, '--output', 'json'], { OMEN_HOME: home }, home)
    assert.equal(JSON.parse(only.stdout).length, 1)
    const text = readFileSync(join(team, 'a.yaml'), 'utf8')
    writeFileSync(join(team, 'a.yaml'), text.replace(/(session:[\s\S]*?fails:\n\s+- )1/, '$12'))
    const broken = await omen(['learn', 'check', team], { OMEN_HOME: home }, home)
    assert.equal(broken.status, 1)
    assert.match(broken.stdout, /✗ powers-do-not-add\n {4}mistake 3: fails 1 /)
    writeFileSync(join(team, 'a.yaml'), text.replace('chapter: mask', 'chapter: none'))
    const wrong = await omen(['learn', 'list', '--from', team], { OMEN_HOME: home }, home)
    assert.equal(wrong.status, 252)
    assert.match(wrong.stderr, /a\.yaml:2:\d+: chapter/)
  })
})

function passing(Resource: string) {
  const Condition = { StringEquals: { 'iam:PassedToService': 'ec2.amazonaws.com' } }
  const statement = { Effect: 'Allow', Action: 'iam:PassRole', Resource }
  return {
    Version: '2012-10-17',
    Statement: Resource === '*' ? statement : { ...statement, Condition },
  }
}
