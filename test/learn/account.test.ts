import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Graph } from '../../packages/server/src/graph/index.ts'
import { createOmen, type Seed } from '../../packages/server/src/index.ts'
import {
  cardsPage,
  languages,
  noProgress,
  ownLessons,
  ownQuestions,
  passQuestion,
  withLesson,
} from '../../packages/server/src/learn/index.ts'
import { graphOfAccount } from '../../packages/server/src/services/omen/search/index.ts'

const allow = (Action: string | readonly string[], Resource = '*') => ({
  Version: '2012-10-17',
  Statement: { Effect: 'Allow', Action, Resource },
})
const seed: Seed = {
  users: {
    ann: {},
    ben: { policies: ['IAMReadOnlyAccess'] },
    dev: { policies: [allow('sts:AssumeRole', 'arn:aws:iam::123456789012:role/build')] },
  },
  roles: {
    build: { trust: '123456789012', policies: [allow('iam:PutUserPolicy')] },
    shared: { trust: '999999999999' },
    quiet: { trust: 'ec2.amazonaws.com' },
  },
}

async function graphOf(of: Seed, ask: (graph: Graph) => void): Promise<void> {
  await using omen = await createOmen({ seed: of, port: false, randomSeed: 'own' })
  const { deps } = omen.omen
  const account = deps.directory.loaded(deps.firstAccount)
  assert.ok(account !== undefined)
  ask(graphOfAccount(account, deps).graph)
}

describe('questions about one’s own account', () => {
  test('three, each with one right option by a second search', async () => {
    await graphOf(seed, (graph) => {
      const questions = ownQuestions(graph, (below) => below - 1)
      assert.equal(questions.length, 3)
      const [becoming, wearing, outside] = questions
      const verdict = (name: string, to?: string) =>
        graph.paths(graph.find(name)!, to === undefined ? undefined : graph.find(to)!, { most: 1 }).verdict
      for (const [index, { en }] of becoming!.options.entries())
        assert.equal(verdict(en) === 'proven', index + 1 === becoming!.right, en)
      const role = /become (\S+)\?/.exec(wearing!.ask.en)?.[1]
      for (const [index, { en }] of wearing!.options.entries())
        assert.equal(verdict(en, role) === 'proven', index + 1 === wearing!.right, `${en} ${role}`)
      assert.equal(outside!.options[outside!.right - 1]?.en, 'role/shared')
    })
  })

  test('whether a role can be handed over: both halves, one alone, or neither; a condition that is open is not asked', async () => {
    const pass = (to?: string) => ({
      Version: '2012-10-17',
      Statement: {
        Effect: 'Allow',
        Action: 'iam:PassRole',
        Resource: '*',
        ...(to === undefined ? {} : { Condition: { StringEquals: { 'aws:RequestTag/x': to } } }),
      },
    })
    const asked = async (dev: object, job: string, other: string) => {
      const roles = { job: { trust: job }, other: { trust: other } }
      const users = { dev: { policies: [dev] } }
      await using omen = await createOmen({ seed: { users, roles } as Seed, port: false })
      return passQuestion(omen)
    }
    const half = await asked(pass(), 'ec2.amazonaws.com', 'lambda.amazonaws.com')
    assert.match(half!.ask.en, /^Can user\/dev hand role\/\w+ to \w+\.amazonaws\.com\?$/)
    assert.equal(half!.right, 3)
    const both = await asked(pass(), 'ec2.amazonaws.com', 'ec2.amazonaws.com')
    assert.equal(both!.right, 1)
    assert.equal(await asked(pass('7'), 'ec2.amazonaws.com', 'lambda.amazonaws.com'), undefined)
  })

  test('an account that decides nothing is asked nothing', async () => {
    await graphOf({ users: { ann: {} } }, (graph) =>
      assert.deepEqual(
        ownQuestions(graph, () => 0),
        [],
      ),
    )
  })
})

test('the page to print has a card for each lesson in both languages, and names nothing outside of itself', () => {
  const lessons = ownLessons()
  const progress = withLesson(noProgress, lessons[0]!.id, { solvedAt: 1 })
  for (const language of languages) {
    const page = cardsPage(lessons, progress, language)
    assert.equal(page.match(/<article/g)?.length, 22)
    assert.equal(page.match(/<article class="open"/g)?.length, 21)
    for (const { remember } of lessons) assert.ok(page.includes(remember[language].slice(0, 12)))
    assert.doesNotMatch(page, /<script|src=|href=|url\(/)
  }
})
