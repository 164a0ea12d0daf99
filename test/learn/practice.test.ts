import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { createOmen, type RunningOmen } from 'omen-iam'
import { ManualClock } from '../../packages/server/src/base/index.ts'
import type { PracticeQuestion } from '../../packages/server/src/gate/index.ts'
import { Keeper, ownLessons } from '../../packages/server/src/learn/index.ts'
import { Practice } from '../../packages/server/src/learn/practice/index.ts'
import { practiceIn } from './practice-parts.ts'

// biome-ignore lint/suspicious/noExplicitAny: answers of many shapes, read in assertions
type Answer = any

const day = 86_400_000
const handing = 'full-access-cannot-hand'
const passing = (Resource: string) =>
  JSON.stringify([
    'AmazonEC2FullAccess',
    {
      Version: '2012-10-17',
      Statement: {
        Effect: 'Allow',
        Action: 'iam:PassRole',
        Resource,
        ...(Resource === '*'
          ? {}
          : { Condition: { StringEquals: { 'iam:PassedToService': 'ec2.amazonaws.com' } } }),
      },
    },
  ])

describe('lessons by requests', () => {
  const clock = new ManualClock(0)
  const { practice, texts } = practiceIn(clock)
  after(() => practice.close())

  const ask = (op: PracticeQuestion['op'], subject = '', body = {}, person = ''): Promise<Answer> =>
    practice.answer({ op, person, subject, body })

  test('a lesson is predicted, contradicted, mended and solved; nothing is given away before', async () => {
    const opened = await ask('open', handing)
    assert.deepEqual(
      [opened.number, opened.options.length, opened.said, opened.task, opened.documents],
      [3, 4, undefined, undefined, undefined],
    )
    const { mask } = opened.house.find(({ name }: { name: string }) => name === 'ops')
    assert.deepEqual([mask.family, mask.id.slice(0, 4)], ['hannya', 'AROA'])
    const said = await ask('say', handing, { option: 1, sure: true })
    assert.deepEqual([said.said.option, said.said.sure, said.said.right], [1, true, 2])
    const denied = said.said.shown.find(({ gates }: Answer) => gates?.outcome === 'implicitDeny')
    assert.match(said.said.shown.map(({ sentence }: Answer) => sentence).join(), /iam:PassRole/)
    assert.equal(denied?.gates.suggestions, undefined)
    assert.deepEqual([said.documents[0].name, said.calls], ['user/dev', []])
    const broken = await ask('check', handing, { documents: { 'user/dev': '[' } })
    assert.match(broken.refused, /^user\/dev: .*JSON/)
    const wide = await ask('check', handing, { documents: { 'user/dev': passing('*') } })
    assert.equal(wide.solved, false)
    assert.match(wide.mistake.en, /^It launches/)
    assert.match(wide.mistake.ja, /渡せます/)
    assert.match((await ask('hint', handing)).hint.ja, /^まだ: 3 /)
    const narrow = passing('arn:aws:iam::123456789012:role/web')
    const done = await ask('check', handing, { documents: { 'user/dev': narrow } })
    assert.deepEqual([done.solved, done.after.first.option, done.after.due], [true, 1, day])
    assert.equal(done.after.solution.documents[0].name, 'user/dev')
    const listed = await ask('list')
    assert.equal(listed.lessons[2].state, 'solved')
    assert.match(
      (await ask('progress', '', { format: 'csv' })).csv,
      /\nfull-access-cannot-hand,handing,1,true,false,/,
    )
  })

  test('calls are judged as they are made, and the trail shows them', async () => {
    const { calls } = await ask('say', 'the-mask-in-the-hand', { option: 2 })
    const number = (words: RegExp) => calls.findIndex(({ en }: { en: string }) => words.test(en)) + 1
    const early = await ask('call', 'the-mask-in-the-hand', { call: number(/^the avatar calls iam/) })
    assert.equal(early.call.got.en, 'no session')
    const own = await ask('call', 'the-mask-in-the-hand', { call: number(/dev calls iam:ListUsers/) })
    assert.match(own.call.sentence, /^AccessDenied/)
    assert.match(own.mistake.en, /^dev asked again/)
    await ask('call', 'the-mask-in-the-hand', { call: number(/sts:AssumeRole/) })
    const worn = await ask('call', 'the-mask-in-the-hand', { call: number(/^the avatar calls iam/) })
    assert.equal(worn.solved, true)
    const { events } = await ask('events', 'the-mask-in-the-hand')
    assert.deepEqual(
      events.slice(0, 2).map(({ name }: { name: string }) => name),
      ['ListUsers', 'AssumeRole'],
    )
  })

  test('the solution waits, and what is due comes back in other clothes', async () => {
    await ask('say', 'everything-but', { option: 1 }, 'AIDAEXAMPLE')
    assert.deepEqual(await ask('solution', 'everything-but', {}, 'AIDAEXAMPLE'), { notYet: true })
    for (const _ of [1, 2, 3]) await ask('hint', 'everything-but', {}, 'AIDAEXAMPLE')
    const { documents } = await ask('solution', 'everything-but', {}, 'AIDAEXAMPLE')
    assert.equal(documents[0].name, 'user/ann')
    assert.equal(texts.size, 2, 'each person has a progress')
    assert.deepEqual(await ask('review'), { due: 0 })
    clock.advance(day)
    const review = await ask('review')
    assert.deepEqual(
      [review.due, review.id, review.right],
      [2, handing, undefined],
      'what was wrong and sure is first',
    )
    const { right } = ownLessons().find(({ id }) => id === handing)!.again[0]!
    const wrong = await ask('reviewed', review.id, { option: right === 1 ? 2 : 1 })
    assert.deepEqual([wrong.said.right, wrong.days], [right, 1])
    await assert.rejects(ask('reviewed', review.id, { option: 1 }), { status: 409 })
    const { lesson } = await ask('skip', 'handing')
    assert.notEqual((await ask('open', lesson)).task, undefined)
  })

  test('at most four houses are open, and each only for half an hour', async () => {
    for (const { id } of ownLessons().slice(0, 6)) await ask('open', id)
    assert.equal(practice.openHouses, 4)
    clock.advance(31 * 60_000)
    await ask('open', 'two-papers')
    assert.equal(practice.openHouses, 1)
    await ask('leave', 'two-papers')
    assert.equal(practice.openHouses, 0)
  })

  test('what is wrong is refused, and changes nothing', async () => {
    const before = JSON.stringify([...texts])
    const refused = (status: number, ...asked: Parameters<typeof ask>) =>
      assert.rejects(ask(...asked), { status }, asked.join(' '))
    await refused(404, 'open', 'no-such-lesson')
    await refused(404, 'skip', 'nothing')
    await refused(400, 'say', 'two-papers', { option: 9 })
    await refused(400, 'say', 'two-papers', { option: '1' })
    await refused(400, 'check', 'two-papers', { documents: 1 })
    await refused(400, 'call', 'two-papers', { call: 1 })
    assert.equal(JSON.stringify([...texts]), before)
  })
})

describe('the routes of the lessons', () => {
  let omen: RunningOmen
  const clock = new ManualClock(0)
  const { practice, texts } = practiceIn(clock)
  before(async () => {
    omen = await createOmen({
      seed: {
        users: {
          alice: {
            policies: [
              {
                Version: '2012-10-17',
                Statement: { Effect: 'Allow', Action: 'omen:StartLesson', Resource: '*' },
              },
            ],
          },
          bob: {},
        },
      },
    })
  })
  after(async () => {
    await practice.close()
    await omen.close()
  })

  const get = async (who: string, path: string, body?: object) => {
    const response = await omen.as(who).fetch(`${omen.endpoint}/_omen/api/learn${path}`, {
      service: 'omen',
      ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
    })
    return { status: response.status, answer: (await response.json()) as Answer }
  }

  test('a server without lessons says so; with them, they need a permission, and progress is each person’s own', async () => {
    assert.equal((await get('user/admin', '')).status, 404)
    omen.omen.practice.ask = (question) => practice.answer(question)
    assert.equal((await get('user/admin', '')).answer.lessons.length, 22)
    const bob = await get('user/bob', '')
    assert.equal(bob.status, 403)
    assert.match(bob.answer.error, /user\/bob is not authorized to perform: omen:StartLesson/)
    assert.equal((await get('user/alice', '/lessons/two-papers/say', { option: 1 })).status, 200)
    assert.equal((await get('user/alice', '')).answer.lessons[0].state, 'begun')
    assert.equal((await get('user/admin', '')).answer.lessons[0].state, 'new')
    assert.deepEqual(
      [...texts.keys()].map((name) => name.slice(0, 4)),
      ['AIDA'],
    )
    assert.equal((await get('user/alice', '/lessons/two-papers/answer', {})).status, 404)
  })
})

test('a broken progress is not written over', async () => {
  const clock = new ManualClock(0)
  const place = { name: 'learn.json', read: () => '{"version":2}', write: () => assert.fail('written') }
  const practice = new Practice({
    lessons: ownLessons().slice(0, 1),
    clock,
    keeperOf: () => new Keeper(place, clock),
  })
  await assert.rejects(practice.answer({ op: 'list', person: '', subject: '', body: {} }), {
    message: /another version or broken/,
  })
})
