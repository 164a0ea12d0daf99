import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { managedPolicies, techniqueTable } from '../../packages/server/src/authorization/catalogue/index.ts'
import { graphOf, readInventory, readWorld, StepBudget } from '../../packages/server/src/graph/index.ts'
import { accountOf } from '../../tools/bench/graph-account.ts'

function graphOfSize(size: number) {
  const { details, inventory } = accountOf({ account: '111122223333', users: size, roles: size })
  const awsPolicy = (arn: string) => managedPolicies().find(arn)?.document
  return graphOf(readWorld({ details, inventory: readInventory(inventory), awsPolicy }), techniqueTable())
}

/** Who comes to be an administrator, and how many steps that took. */
function swept(size: number) {
  const graph = graphOfSize(size)
  const budget = new StepBudget()
  const list = graph.comersOneByOne(undefined, { budget })
  for (let last = 0; ; ) {
    const { done, value } = list.next()
    if (done === true) return { graph, last, answers: value, asked: graph.asked, steps: budget.taken }
    assert.ok(value > last, 'others have their turn after each principal')
    last = value
  }
}

describe('who comes to be an administrator, one principal after the other', () => {
  const small = swept(150)

  test('says how many are done', () => {
    assert.ok(small.last > 250 && small.last <= 300, `${small.last} principals`)
  })

  test('finds everyone that a question of its own finds', () => {
    const { graph, answers } = small
    const found = new Map(answers.map(({ from, verdict }) => [from, verdict]))
    assert.ok(found.size > 0)
    for (const principal of [...graph.world.users.values(), ...graph.world.roles.values()]) {
      const { verdict } = graph.paths(principal)
      const comes = verdict === 'proven' || verdict === 'conditional' || verdict === 'undecided'
      assert.equal(found.get(principal.arn), comes ? verdict : undefined, principal.arn)
    }
  })

  test('grows with the account, and asks less for each principal of a larger one', () => {
    const large = swept(600)
    // A team of the larger account has three times as many roles.
    assert.ok(large.steps < 16 * small.steps, `${small.steps} steps, ${large.steps} for four times as many`)
    assert.ok(large.graph.asked < 7 * small.asked, `${small.asked} questions, then ${large.graph.asked}`)
  })
})
