import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { managedPolicies, techniqueTable } from '../../packages/server/src/authorization/catalogue/index.ts'
import { graphOf, readInventory, readWorld } from '../../packages/server/src/graph/index.ts'
import { accountOf } from '../../tools/bench/graph-account.ts'

/** More questions than this in one piece keep the main thread too long. */
const questionsMost = 12

function graphOfSize(size: number) {
  const { details, inventory } = accountOf({ account: '111122223333', users: size, roles: size })
  const awsPolicy = (arn: string) => managedPolicies().find(arn)?.document
  return graphOf(readWorld({ details, inventory: readInventory(inventory), awsPolicy }), techniqueTable())
}

/** Who comes to be an administrator, how many pieces that took, and the most questions of one piece. */
function swept(size: number) {
  const graph = graphOfSize(size)
  for (const _ of graph.prepare());
  const pieces = graph.comersInPieces(undefined)
  let count = 0
  let most = 0
  let before = graph.asked
  for (;;) {
    const { done, value } = pieces.next()
    most = Math.max(most, graph.asked - before)
    before = graph.asked
    if (done === true) return { graph, count, most, answers: value, asked: graph.asked }
    count++
  }
}

describe('who comes to be an administrator, in pieces', () => {
  const small = swept(150)

  test('a piece asks few questions', () => {
    assert.ok(small.count > 50, `${small.count} pieces`)
    assert.ok(small.most <= questionsMost, `${small.most} questions in one piece`)
  })

  test('finds everyone that a question of its own finds', () => {
    const { graph, answers } = small
    const found = new Map(answers.map(({ from, verdict }) => [from, verdict]))
    assert.ok(found.size > 0)
    for (const person of [...graph.world.users.values(), ...graph.world.roles.values()]) {
      const { verdict } = graph.paths(person)
      const comes = verdict === 'proven' || verdict === 'conditional' || verdict === 'undecided'
      assert.equal(found.get(person.arn), comes ? verdict : undefined, person.arn)
    }
  })

  test('grows with the account, and asks less for each principal of a larger one', () => {
    const large = swept(600)
    // A team of the larger account has three times as many roles.
    assert.ok(large.count < 16 * small.count, `${small.count} pieces, ${large.count} for four times as many`)
    assert.ok(large.graph.asked < 6 * small.asked, `${small.asked} questions, then ${large.graph.asked}`)
  })
})
