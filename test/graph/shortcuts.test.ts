// Begins first: each account is searched again without a shortcut, for half a minute.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  attachablePolicies,
  managedPolicies,
  techniqueTable,
} from '../../packages/server/src/authorization/catalogue/index.ts'
import {
  type Graph,
  graphOf,
  principalsIn,
  readInventory,
  readWorld,
  type Shortcut,
  StepBudget,
  shortcuts,
  type World,
} from '../../packages/server/src/graph/index.ts'
import { detailsOf } from './account-file.ts'
import { type FactsAccount, factsAccount } from './facts-account.ts'

/** How many accounts are made, and the number of the first one. */
const count = Number(process.env.WORLDS ?? (process.env.OMEN_SOAK === undefined ? 4 : 40))
const first = Number(process.env.FIRST ?? 1)
/** A search that comes to so many steps is compared no further. */
const steps = 20_000

function worldOf({ file, inventory }: FactsAccount): World {
  return readWorld({
    details: detailsOf(file),
    inventory: readInventory(inventory),
    awsPolicy: (arn) => managedPolicies().find(arn)?.document,
    awsPolicies: attachablePolicies,
  })
}

/** The verdict of each question about a start, one after another in one graph; undefined if the search was not ended. */
function verdictsOf(graph: Graph): ReadonlyMap<string, string | undefined> {
  const principals = principalsIn(graph.world)
  const starts = principals.filter(({ name }) => /^[a-c]$/.test(name))
  const ask = (from: (typeof principals)[number], to?: (typeof principals)[number]) => {
    const { verdict, residual, incomplete } = graph.paths(from, to, { budget: new StepBudget(steps) })
    const keys = [...new Set(residual.map(({ key }) => key))].sort()
    const shown = verdict === 'blocked' ? 'none' : [verdict, ...keys].join(' ')
    const question = `${from.name} to ${to?.name ?? 'an administrator'}`
    return [question, incomplete === undefined ? shown : undefined] as const
  }
  return new Map(
    starts.flatMap((from) => [
      ask(from),
      ...principals.flatMap((to) => (starts.includes(to) ? [] : [ask(from, to)])),
    ]),
  )
}

/** By the number of the account. */
const known = new Map<number, ReturnType<typeof verdictsOf>>()

/** The verdicts of an account with every shortcut. */
function plainOf(number: number): ReturnType<typeof verdictsOf> {
  const found = known.get(number) ?? verdictsOf(graphOf(worldOf(factsAccount(number)), techniqueTable()))
  known.set(number, found)
  return found
}

/** Compares the verdicts of one account with those that are found without a shortcut; how many there are. */
function compare(number: number, each: Shortcut): number {
  const world = worldOf(factsAccount(number))
  const long = verdictsOf(graphOf(world, techniqueTable(), undefined, new Set([each])))
  let compared = 0
  for (const [question, verdict] of plainOf(number)) {
    const other = long.get(question)
    if (verdict === undefined || other === undefined) continue
    compared++
    assert.equal(verdict, other, `without ${each}, account ${number}, from ${question}`)
  }
  return compared
}

describe('a search that takes no shortcut has the same verdict', () => {
  for (const [place, each] of shortcuts.entries())
    test(`without ${each}`, () => {
      let compared = 0
      // What is shared is compared in all accounts, every other shortcut in some of them.
      for (let number = 0; number < count; number++)
        if (each === 'findings' || number % 4 === place % 4) compared += compare(first + number, each)
      assert.ok(compared > 0)
    })
})
