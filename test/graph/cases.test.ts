// Begins first: it searches hundreds of worlds, for half a minute or more.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import { managedPolicies, techniqueTable } from '../../packages/server/src/authorization/catalogue/index.ts'
import {
  answerView,
  type Graph,
  graphOf,
  joinWorlds,
  type PathsAnswer,
  readInventory,
  readOrganizations,
  readWorld,
} from '../../packages/server/src/graph/index.ts'
import { checkAgreement } from './agreement.ts'

/** A line of worlds.jsonl: a small account, and what must be found in it. */
interface Case {
  readonly name: string
  readonly expect: 'proven' | 'conditional' | 'undecided' | 'no'
  readonly keys?: readonly string[]
  readonly who?: string
  readonly to?: string
  readonly details?: unknown
  readonly inventory?: unknown
  /** Instead of `details`: several accounts. */
  readonly accounts?: readonly { readonly details: unknown; readonly inventory?: unknown }[]
  readonly organization: unknown
}

function questionOf(graph: Graph, who: string, to: string | undefined) {
  const [, account] = /^(\d{12})\/administrator$/.exec(to ?? '') ?? []
  const goal = to === undefined || account !== undefined ? undefined : graph.find(to)!
  return { from: graph.find(who), goal, account }
}

/** The paths that are asked for: from a principal or an outsider, to a principal or an administrator. */
function answerOf(graph: Graph, who: string, to: string | undefined): PathsAnswer | undefined {
  const { from, goal, account } = questionOf(graph, who, to)
  if (from !== undefined) return graph.paths(from, goal, { account })
  const outsider = graph.findOutsider(who)
  return outsider && graph.paths(outsider, goal, { account })
}

const lines = readFileSync(new URL('./worlds.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')

describe('worlds by hand', () => {
  for (const line of lines) {
    const { name, expect, keys = [], who = 'dev', to, organization, ...files } = JSON.parse(line) as Case
    test(name, () => {
      const organizations = readOrganizations(organization)
      const dumps = new Map<string, readonly string[]>()
      const worlds = (files.accounts ?? [files]).map(({ details: value, inventory }) => {
        const details = JSON.stringify(value, undefined, 1)
        const world = readWorld({
          details,
          organization: organizations,
          awsPolicy: (arn) => managedPolicies().find(arn)?.document,
          ...(inventory === undefined ? {} : { inventory: readInventory(inventory) }),
        })
        dumps.set(world.account, details.split('\n'))
        return world
      })
      const graph = graphOf(joinWorlds(worlds), techniqueTable())
      const answer = answerOf(graph, who, to)
      const verdict =
        answer === undefined || answer.verdict === 'none' || answer.verdict === 'blocked'
          ? 'no'
          : answer.verdict
      assert.equal(verdict, expect)
      if (answer === undefined) return
      const left = new Set(answer.residual.map(({ key }) => key))
      if (expect === 'conditional') assert.deepEqual([...left].sort(), [...keys].sort())
      checkPlaces(dumps, answerView(graph.world, answer))
      const { from, goal, account } = questionOf(graph, who, to)
      if (from !== undefined) checkAgreement(graph, from, goal, account)
    })
  }
})

/** Each statement that is named is where it is said to be: its action is there. */
function checkPlaces(
  dumps: ReadonlyMap<string, readonly string[]>,
  { paths }: ReturnType<typeof answerView>,
): void {
  for (const { steps } of paths) {
    for (const { requests } of steps) {
      for (const { action, decision } of requests) {
        for (const { policy, line, column, account } of decision) {
          if (/^(?:a policy of the attacker|policies of account)|Access(?:-\w+)?$/.test(policy)) continue
          const lines = account === undefined ? [...dumps.values()][0] : dumps.get(account)
          const text = lines?.[line - 1]?.slice(column - 1) ?? ''
          const [service = '', name = ''] = action.split(':')
          const found = [`"${service}:`, `"${name}`, '"*', '[', '"sts:', '{'].some((start) =>
            text.startsWith(start),
          )
          assert.ok(found, `${action} is not at ${policy}:${line}:${column}: ${text.slice(0, 40)}`)
        }
      }
    }
  }
}
