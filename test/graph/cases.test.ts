import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import { managedPolicies, techniqueTable } from '../../packages/server/src/authorization/catalogue/index.ts'
import {
  answerView,
  graphOf,
  readInventory,
  readOrganization,
  readWorld,
} from '../../packages/server/src/graph/index.ts'

/** A line of worlds.jsonl: a small account, and what must be found in it. */
interface Case {
  readonly name: string
  readonly expect: 'proven' | 'conditional' | 'undecided' | 'no'
  readonly keys?: readonly string[]
  readonly who?: string
  readonly to?: string
  readonly details: unknown
  readonly inventory?: unknown
  readonly organization: unknown
}

const lines = readFileSync(new URL('./worlds.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')

describe('worlds by hand', () => {
  for (const line of lines) {
    const { name, expect, keys = [], who = 'dev', to, ...files } = JSON.parse(line) as Case
    test(name, () => {
      const details = JSON.stringify(files.details, undefined, 1)
      const world = readWorld({
        details,
        organization: readOrganization(files.organization),
        awsPolicy: (arn) => managedPolicies().find(arn)?.document,
        ...(files.inventory === undefined ? {} : { inventory: readInventory(files.inventory) }),
      })
      const graph = graphOf(world, techniqueTable())
      const answer = graph.paths(graph.find(who)!, to === undefined ? undefined : graph.find(to))
      const verdict = answer.verdict === 'none' || answer.verdict === 'blocked' ? 'no' : answer.verdict
      assert.equal(verdict, expect)
      const left = new Set(answer.residual.map(({ key }) => key))
      if (expect === 'conditional') assert.deepEqual([...left].sort(), [...keys].sort())
      checkPlaces(details.split('\n'), answerView(world, answer))
    })
  }
})

/** Each statement that is named is where it is said to be: its action is there. */
function checkPlaces(lines: readonly string[], { paths }: ReturnType<typeof answerView>): void {
  for (const { steps } of paths) {
    for (const { requests } of steps) {
      for (const { action, decision } of requests) {
        for (const { policy, line, column } of decision) {
          if (policy === 'a policy of the attacker' || policy.endsWith('Access')) continue
          const text = lines[line - 1]?.slice(column - 1) ?? ''
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
