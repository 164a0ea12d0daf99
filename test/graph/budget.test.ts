import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import { managedPolicies, techniqueTable } from '../../packages/server/src/authorization/catalogue/index.ts'
import {
  checkPaths,
  comparePaths,
  cutAnswerView,
  exportAs,
  exportFormats,
  type Graph,
  graphOf,
  proposeCuts,
  readInventory,
  readOrganization,
  readWorld,
  StepBudget,
} from '../../packages/server/src/graph/index.ts'
import { accountOf } from '../../tools/bench/graph-account.ts'
import { account, administratorAccess, allow, graphOfFile, roleArn, userArn } from './account-file.ts'

const chain = (): Graph =>
  graphOfFile({
    users: {
      dev: { statements: [allow('sts:AssumeRole', roleArn('a'))] },
      ann: { statements: [allow('sts:AssumeRole', roleArn('b'))] },
    },
    roles: {
      a: { trust: { AWS: userArn('dev') }, statements: [allow('sts:AssumeRole', roleArn('b'))] },
      b: {
        trust: { AWS: [roleArn('a'), userArn('ann')] },
        statements: [allow('sts:AssumeRole', roleArn('adm'))],
      },
      adm: { trust: { AWS: roleArn('b') }, attached: [administratorAccess] },
    },
  })
const dev = (graph: Graph) => graph.find('dev')!

describe('the budget of a question', () => {
  test('a search that ends early is undecided, and is never no path', () => {
    const graph = chain()
    const answer = graph.paths(dev(graph), undefined, { budget: new StepBudget(1) })
    assert.equal(answer.verdict, 'undecided')
    assert.deepEqual(answer.paths, [])
    assert.deepEqual(answer.incomplete, { maxSteps: 1, principals: 1 })
    assert.equal(graph.paths(dev(graph)).incomplete, undefined)
    assert.equal(graph.paths(dev(graph)).verdict, 'proven')
  })

  test('every number of steps gives the whole answer, or less of it that is true', () => {
    const lines = readFileSync(new URL('./worlds.jsonl', import.meta.url), 'utf8')
      .trim()
      .split('\n')
    const order = ['proven', 'conditional', 'undecided']
    let early = 0
    for (const line of lines.filter((_, place) => place % 10 === 0)) {
      const { name, details, inventory, organization, who = 'dev', to } = JSON.parse(line)
      if (details === undefined) continue
      const world = readWorld({
        details: JSON.stringify(details),
        organization: readOrganization(organization ?? {}),
        awsPolicy: (arn) => managedPolicies().find(arn)?.document,
        ...(inventory === undefined ? {} : { inventory: readInventory(inventory) }),
      })
      const ask = (steps?: number) => {
        const graph = graphOf(world, techniqueTable())
        const goal = to === undefined ? undefined : graph.find(to)
        const start = graph.findStart(who)
        return start && graph.paths(start, goal, { budget: new StepBudget(steps) })
      }
      const whole = ask()
      for (let steps = 1; whole !== undefined; steps *= 3) {
        const answer = ask(steps)!
        if (answer.incomplete === undefined) {
          assert.equal(answer.verdict, whole.verdict, name)
          assert.equal(answer.paths.length, whole.paths.length, name)
          break
        }
        early++
        assert.ok(order.includes(answer.verdict), `${name}, ${steps} steps: ${answer.verdict}`)
        const surest = order.indexOf(whole.verdict)
        if (answer.verdict !== 'undecided')
          assert.ok(surest <= order.indexOf(answer.verdict) && surest >= 0, name)
      }
    }
    assert.ok(early > 30, `${early} searches ended early`)
  })

  test('all searches of a list share it; who was not searched to the end is named', () => {
    const budget = new StepBudget(3)
    const found = chain().comers(undefined, { budget })
    const listed = new Set(found.map(({ from }) => from))
    for (const name of ['user/dev', 'user/ann', 'role/a', 'role/b']) {
      const { arn } = chain().find(name)!
      assert.ok(listed.has(arn) || budget.unfinished.has(arn), name)
    }
    assert.ok(budget.isShort)
    assert.ok(budget.taken < 20, `${budget.taken} steps`)
    const tiny = () => ({ budget: new StepBudget(1) })
    const asked = tiny()
    assert.ok(chain().reach(dev(chain()), asked).length < chain().reach(dev(chain())).length)
    assert.deepEqual(asked.budget.incomplete, { maxSteps: 1, principals: 1 })
    const powers = tiny()
    chain().powers('s3:GetObject', 'arn:aws:s3:::pay/a', powers)
    assert.ok(powers.budget.isShort)
    const edge = tiny()
    chain().edge(dev(chain()), chain().find('role/a')!, edge)
    assert.ok(edge.budget.isShort)
  })

  test('expectations do not pass, and fail as undecided', () => {
    const expectation = { from: ['user/dev'], to: ['administrator'], except: [] }
    for (const expect of ['none', 'conditional', 'proven'] as const) {
      const answer = checkPaths(chain(), { ...expectation, expect }, { budget: new StepBudget(1) })
      assert.equal(answer.undecided.length, 1, expect)
      assert.deepEqual(answer.wrong, [])
    }
  })

  test('a comparison says that it is not complete, and names no path because of that', () => {
    const nobody = graphOfFile({ users: { dev: {} } })
    for (const [before, after] of [
      [nobody, chain()],
      [chain(), nobody],
    ] as const) {
      const { opened, closed, incomplete } = comparePaths(before, after, { budget: new StepBudget(1) })
      assert.deepEqual([opened, closed], [[], []])
      assert.ok(incomplete !== undefined && incomplete.principals > 0)
    }
    assert.equal(comparePaths(nobody, chain()).incomplete, undefined)
  })

  /** dev is an administrator with MFA at once, and without by way of other roles. */
  const surer = (): Graph =>
    graphOfFile({
      users: {
        dev: {
          statements: [
            allow('sts:AssumeRole', roleArn('adm'), { Bool: { 'aws:MultiFactorAuthPresent': 'true' } }),
            allow('sts:AssumeRole', roleArn('a')),
          ],
        },
      },
      roles: {
        a: { trust: { AWS: userArn('dev') }, statements: [allow('sts:AssumeRole', roleArn('b'))] },
        b: { trust: { AWS: roleArn('a') }, statements: [allow('sts:AssumeRole', roleArn('adm'))] },
        adm: { trust: { AWS: `arn:aws:iam::${account}:root` }, attached: [administratorAccess] },
      },
    })

  test('a path that is conditional so far may be proven: it meets no expectation, and differs from nothing', () => {
    let conditional = 0
    for (let steps = 1; steps < 100; steps++) {
      const graph = surer()
      const { verdict, incomplete } = graph.paths(dev(graph), undefined, { budget: new StepBudget(steps) })
      if (incomplete === undefined) break
      if (verdict !== 'conditional') continue
      conditional++
      const expectation = { from: ['user/dev'], to: ['administrator'], except: [] }
      const asked = (expect: 'none' | 'conditional' | 'proven') => {
        const answer = checkPaths(surer(), { ...expectation, expect }, { budget: new StepBudget(steps) })
        return [answer.wrong.length, answer.undecided.length]
      }
      assert.deepEqual(asked('conditional'), [0, 1])
      assert.deepEqual(asked('proven'), [0, 1])
      assert.deepEqual(asked('none'), [1, 0])
    }
    assert.ok(conditional > 0)
    for (let steps = 1; steps < 60; steps += 2) {
      const { opened, closed } = comparePaths(surer(), surer(), { budget: new StepBudget(steps) })
      assert.deepEqual([opened, closed], [[], []], `${steps} steps`)
    }
  })

  test('a cut is neither minimal nor known to leave nothing', () => {
    const _table = techniqueTable()
    const whole = proposeCuts(chain(), { starts: [dev(chain())] })
    assert.equal(whole.isMinimal, true)
    assert.equal(whole.incomplete, undefined)
    for (let maxSteps = 1; ; maxSteps *= 2) {
      const graph = chain()
      const budget = new StepBudget(maxSteps)
      const answer = proposeCuts(graph, { starts: [dev(graph)], budget })
      const view = cutAnswerView(graph.world, answer, userArn('dev'), undefined)
      if (!budget.isShort) {
        assert.equal(answer.isMinimal, true)
        assert.deepEqual(
          answer.cuts.map(({ cost }) => cost),
          whole.cuts.map(({ cost }) => cost),
        )
        break
      }
      assert.equal(answer.isMinimal, false)
      assert.ok(view.incomplete !== undefined)
      assert.ok(answer.lowerBound <= whole.lowerBound, `${answer.lowerBound} with ${maxSteps} steps`)
    }
  })

  test('a drawing says so in each form, in English and Japanese', () => {
    const write = (format: (typeof exportFormats)[number], language: 'en' | 'ja') =>
      exportAs(chain(), techniqueTable(), format, { language, budget: new StepBudget(4) })
    for (const format of exportFormats) {
      const { text, incomplete } = write(format, 'en')
      assert.ok(incomplete !== undefined, format)
      if (format !== 'opengraph') assert.match(text, /incomplete|ended after 4 steps/, format)
    }
    assert.match(write('svg', 'ja').text, /4 ステップで終了/)
    assert.doesNotMatch(exportAs(chain(), techniqueTable(), 'svg', {}).text, /ended after/)
  })

  test('a drawing with what is blocked asks no more than its steps, and says so', () => {
    const { details, inventory } = accountOf({ account: '111122223333', users: 40, roles: 40 })
    const awsPolicy = (arn: string) => managedPolicies().find(arn)?.document
    const world = readWorld({ details, inventory: readInventory(inventory), awsPolicy })
    const draw = (steps?: number) => {
      const budget = new StepBudget(steps)
      const question = { budget, verdicts: ['proven', 'conditional', 'blocked'] as const }
      return { budget, ...exportAs(graphOf(world, techniqueTable()), techniqueTable(), 'json', question) }
    }
    const whole = draw()
    assert.equal(whole.incomplete, undefined)
    const most = Math.floor(whole.budget.taken / 3)
    const cut = draw(most)
    assert.ok((cut.incomplete?.principals ?? 0) > 1)
    // the last piece may ask a few questions
    assert.ok(cut.budget.taken < most + 50, `${cut.budget.taken} steps of ${most}`)
    const kept = new Set(whole.picture?.nodes.flatMap(({ arn, members = [] }) => [arn, ...members]))
    for (const { arn, members = [] } of cut.picture?.nodes ?? [])
      for (const name of [arn, ...members]) assert.ok(kept.has(name), name)
  })

  test('questions about a large account stay far below what they may take', () => {
    const { details, inventory } = accountOf({ account: '111122223333', users: 80, roles: 80 })
    const awsPolicy = (arn: string) => managedPolicies().find(arn)?.document
    const graph = graphOf(
      readWorld({ details, inventory: readInventory(inventory), awsPolicy }),
      techniqueTable(),
    )
    const budget = new StepBudget()
    graph.comers(undefined, { budget })
    assert.ok(budget.taken < 15 * 160, `${budget.taken} steps for 160 principals`)
  })
})
