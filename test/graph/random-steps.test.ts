import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { StepBudget } from '../../packages/server/src/graph/index.ts'
import { account, randomAccount } from './replay/random-account.ts'
import { ReplayServer } from './replay/replay-house.ts'

/** The most steps of a question about an account of five principals. */
const most = 8_000

describe('accounts whose principals can change each other in many orders', () => {
  // 115: as an administrator with MFA at once, and with an external id by six changes, in any of many orders
  for (const seed of [115, 153])
    test(`questions about account ${seed} end in few steps`, async () => {
      await using server = await ReplayServer.open(randomAccount(seed))
      const graph = await server.graph()
      const principals = [...graph.world.users.values(), ...graph.world.roles.values()].filter(
        ({ arn }) => arn.includes(account) && !arn.includes('/aws-'),
      )
      for (const from of principals)
        for (const to of [undefined, ...principals]) {
          if (to?.arn === from.arn) continue
          const budget = new StepBudget(most)
          graph.paths(from, to, { budget })
          assert.ok(!budget.isShort, `${from.arn} → ${to?.arn ?? 'administrator'}`)
        }
    })
})
