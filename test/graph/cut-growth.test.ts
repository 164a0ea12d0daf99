import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { techniqueTable } from '../../packages/server/src/authorization/catalogue/index.ts'
import {
  cutAnswerView,
  type Graph,
  graphOf,
  proposeCuts,
  readInventory,
  readWorld,
  StepBudget,
} from '../../packages/server/src/graph/index.ts'
import { policyText } from '../kit/index.ts'
import {
  type AccountFile,
  administratorAccess,
  allow,
  detailsOf,
  graphOfFile,
  inventoryOf,
  userArn,
} from './account-file.ts'

const wide = { Effect: 'Allow', NotAction: 's3:*', Resource: '*' }

/** Users with one wide statement each, in an account of many others. */
function wideGraph(strong: number, others: number): Graph {
  const names = Array.from({ length: others }, (_, place) => String(place))
  const account = 'arn:aws:iam::123456789012:root'
  return graphOfFile({
    users: {
      ...Object.fromEntries(
        Array.from({ length: strong }, (_, place) => [`dev${place}`, { statements: [wide] }]),
      ),
      ...Object.fromEntries(names.map((name) => [`u${name}`, { statements: [allow('s3:GetObject')] }])),
    },
    roles: Object.fromEntries(
      names.map((name, place) => [
        `r${name}`,
        {
          trust: place % 2 === 0 ? { AWS: account } : { Service: 'lambda.amazonaws.com' },
          statements: [allow('ec2:Describe*')],
          ...(place % 5 === 0 ? { attached: [administratorAccess] } : {}),
        },
      ]),
    ),
  })
}

describe('a cut of who may do everything but something', () => {
  const cutOf = (strong: number, others: number) => {
    const graph = wideGraph(strong, others)
    const starts = Array.from({ length: strong }, (_, place) => graph.find(`dev${place}`)!)
    const budget = new StepBudget()
    return { graph, answer: proposeCuts(graph, { starts, budget }), steps: budget.taken }
  }

  it('takes the statement away (GRD-771)', () => {
    const { graph, answer } = cutOf(1, 0)
    const [cut] = cutAnswerView(graph.world, answer, undefined, undefined).cuts
    const [edit, ...more] = cut!.edits
    assert.match(
      edit!.text,
      /^remove statement 1 of own of dev0:\d+:\d+; nothing else is in the policy, so it is deleted$/,
    )
    assert.deepEqual([answer.isMinimal, more, edit!.calls[0]?.operation], [true, [], 'DeleteUserPolicy'])
    assert.deepEqual(
      cut!.takesAway.map(({ action, resource }) => [action, resource]),
      [['* but s3:*', '*']],
    )
  })

  it('takes about as many more steps as there are more principals', () => {
    const [one, two, many] = [cutOf(1, 0), cutOf(2, 0), cutOf(1, 12)]
    assert.deepEqual(
      [one, two, many].map(({ answer }) => [answer.isMinimal, answer.cuts[0]?.cost]),
      [
        [true, 1],
        [true, 2],
        [true, 1],
      ],
    )
    assert.ok(two.steps < 8 * one.steps, `${one.steps} steps, of two ${two.steps}`)
    assert.ok(many.steps < 8 * one.steps, `${one.steps} steps, among others ${many.steps}`)
  })
})

describe('a cut of who has a policy of AWS (GRD-771)', () => {
  const own = 'arn:aws:iam::aws:policy/OwnPolicies'
  const graphOfAws = (file: AccountFile): Graph => {
    const world = readWorld({
      details: detailsOf(file),
      inventory: readInventory(inventoryOf(file)),
      awsPolicy: (arn) =>
        policyText(arn === own ? allow(['iam:*UserPolicy', 's3:*'], userArn('dev')) : allow('*')),
    })
    return graphOf(world, techniqueTable())
  }
  const kindsOf = (graph: Graph, seen: Parameters<typeof proposeCuts>[1] = {}) =>
    proposeCuts(graph, { starts: [graph.find('dev')!], most: 3, ...seen }).cuts.map(({ edits }) =>
      edits.map(({ edit }) => edit.kind).join(),
    )

  it('detaches it first, and has a boundary as an alternative', () => {
    const graph = graphOfAws({ users: { dev: { attached: [own] } } })
    assert.deepEqual(kindsOf(graph).slice(0, 2), ['detach', 'boundary'])
    const answer = proposeCuts(graph, { starts: [graph.find('dev')!] })
    for (const [language, text] of [
      ['en', `detach ${own} from user/dev; attach a narrower policy for what is still needed`],
      ['ja', `user/dev から ${own} をデタッチする（必要な権限には、より範囲の狭いポリシーをアタッチする）`],
    ] as const)
      assert.equal(
        cutAnswerView(graph.world, answer, undefined, undefined, language).cuts[0]!.edits[0]!.text,
        text,
      )
  })

  it('leaves the group that has it', () => {
    const graph = graphOfAws({ users: { dev: { groups: ['g'] } }, groups: { g: { attached: [own] } } })
    assert.equal(kindsOf(graph)[0], 'leave-group')
  })

  it('keeps it where calls of the trail need it', () => {
    const graph = graphOfAws({ users: { dev: { attached: [own] } } })
    const seen = [{ principal: userArn('dev'), action: 's3:GetObject', resource: userArn('dev'), calls: 1 }]
    assert.equal(kindsOf(graph, { seen })[0], 'boundary')
  })
})
