import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import { managedPolicies, techniqueTable } from '../../packages/server/src/authorization/catalogue/index.ts'
import {
  answerView,
  breakOf,
  cutAnswerView,
  factNameIn,
  graphOf,
  lineOfPath,
  pathView,
  problemIn,
  proposeCuts,
  readInventory,
  readOrganizations,
  readWorld,
} from '../../packages/server/src/graph/index.ts'
import { administratorAccess, allow, detailsOf, graphOfFile, userArn } from './account-file.ts'

const lines = readFileSync(new URL('./worlds.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')

/** Whether a text is an ARN, a name or Japanese: no English sentence. */
function isNoEnglish(text: string): boolean {
  return /[\u3040-\u30ff\u4e00-\u9fff]/.test(text) || !text.includes(' ')
}

describe('a path in one line', () => {
  test('names who makes each call: the principal, a service, or the role that it wears', () => {
    const reads = allow(['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'])
    const graph = graphOfFile({
      users: {
        dev: {
          statements: [
            allow(['lambda:CreateFunction', 'lambda:CreateEventSourceMapping', 'iam:PassRole']),
            allow(['sqs:CreateQueue', 'sqs:SendMessage']),
          ],
        },
      },
      roles: { run: { trust: { Service: 'lambda.amazonaws.com' }, statements: [reads] } },
    })
    const answer = graph.paths(graph.find('user/dev')!, graph.find('role/run'))
    const line = lineOfPath(answer, pathView(graph.world, answer.paths[0]!), { places: 'none' })
    assert.match(line, /lambda:CreateFunction by user\/dev /)
    assert.match(line, /sts:AssumeRole by lambda\.amazonaws\.com /)
    assert.match(line, /sqs:ReceiveMessage by role\/run /)
  })
})

describe('sentences about paths in Japanese', () => {
  test('no reason, fact, edit or break is in English', () => {
    const seen = { because: 0, facts: 0, edits: 0, breaks: 0 }
    for (const [place, line] of lines.entries()) {
      const { details, inventory, organization, who = 'dev' } = JSON.parse(line)
      if (details === undefined || place % 3 !== 0) continue
      const world = readWorld({
        details: JSON.stringify(details),
        organization: readOrganizations(organization),
        awsPolicy: (arn) => managedPolicies().find(arn)?.document,
        ...(inventory === undefined ? {} : { inventory: readInventory(inventory) }),
      })
      const graph = graphOf(world, techniqueTable())
      const from = graph.findStart(who)
      if (from === undefined) continue
      const answer = graph.paths(from)
      const { paths } = answerView(world, answer, 'ja')
      for (const { because, facts } of paths.flatMap(({ steps }) => steps)) {
        if (because !== undefined) {
          seen.because++
          assert.ok(isNoEnglish(because), because)
        }
        for (const { value } of facts) {
          seen.facts++
          assert.ok(isNoEnglish(value), value)
        }
      }
      const [best] = answer.paths
      if (best === undefined || place % 9 !== 0) continue
      const found = breakOf(graph, techniqueTable(), from, undefined, best, {}, 'ja')
      if (found !== undefined) {
        seen.breaks++
        assert.ok(isNoEnglish(found), found)
      }
      const cuts = proposeCuts(graph, { starts: [from] })
      const view = cutAnswerView(world, cuts, from.arn, undefined, 'ja')
      for (const { text } of view.cuts.flatMap(({ edits }) => edits)) {
        seen.edits++
        assert.ok(isNoEnglish(text), text)
      }
    }
    for (const [kind, count] of Object.entries(seen)) assert.ok(count > 5, `${count} ${kind}`)
  })

  test('each fact of a technique has a name, and what is not known of a policy is said', () => {
    const names = new Set<string>()
    const data = readFileSync(new URL('../../packages/server/data/techniques.json', import.meta.url), 'utf8')
    JSON.parse(data, (key, value) => {
      if (key === 'facts') for (const each of [value].flat()) if (typeof each === 'string') names.add(each)
      return value
    })
    assert.ok(names.size > 40, `${names.size} facts`)
    for (const name of names) {
      assert.notEqual(factNameIn(name, 'ja'), name)
      assert.notEqual(factNameIn(name, 'en'), name)
    }
    const problem = '111122223333: The policy arn:aws:iam::aws:policy/Gone is not known.'
    assert.equal(problemIn(problem, 'ja'), '111122223333: ポリシー arn:aws:iam::aws:policy/Gone は不明です。')
    assert.equal(problemIn(problem, 'en'), problem)
  })

  test('a fact that holds only after a call that the attacker may not make is named (GRD-752)', () => {
    const because = (actions: readonly string[], inventory: object) => {
      const details = detailsOf({
        users: {
          dev: { statements: [allow(actions, userArn('boss'))] },
          boss: { attached: [administratorAccess] },
        },
      })
      const awsPolicy = (arn: string) => managedPolicies().find(arn)?.document
      const read = readInventory({ resources: [], mfaDevices: { boss: 0 }, loginProfiles: [], ...inventory })
      const graph = graphOf(readWorld({ details, awsPolicy, inventory: read }), techniqueTable())
      const [boss, dev] = [graph.find('boss')!, graph.find('dev')!]
      const { verdict, paths } = graph.paths(dev, boss)
      const said = (['en', 'ja'] as const).map(
        (language) => paths[0] && pathView(graph.world, paths[0], { language }).steps[0]?.because,
      )
      return [verdict, ...(verdict === 'blocked' ? said : [])]
    }
    const [create, remove] = ['iam:CreateLoginProfile', 'iam:DeleteLoginProfile']
    const password = { loginProfiles: ['boss'] }
    assert.deepEqual(because([create], password), [
      'blocked',
      `what it needs does not hold: no console password (it would after ${remove})`,
      `前提が成り立ちません: コンソールのパスワードがないこと（${remove} の後なら成り立ちます）`,
    ])
    assert.deepEqual(because([create, remove], password), ['proven'])
    assert.deepEqual(because([create], {}), ['proven'])
    assert.deepEqual(because([remove], password), ['none'])
    assert.deepEqual(because(['iam:UpdateLoginProfile'], {}), [
      'blocked',
      'what it needs does not hold: console password',
      '前提が成り立ちません: コンソールのパスワード',
    ])
  })
})
