import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { ask, layerOf } from './ask.ts'
import type { OneOrMany, Scalar, World } from './case.ts'
import { user } from './documents.ts'
import { type Family, families } from './families.ts'
import { holds } from './twin/condition.ts'
import { decide } from './twin.ts'
import { freshDocuments, smallWorlds, world } from './worlds.ts'

/** Allows everything by one statement with the condition, or denies by it what another one allows. */
function asked(Effect: 'Allow' | 'Deny', world: World, condition: object): World {
  const rest = Effect === 'Deny' ? [{ Effect: 'Allow', Action: '*', Resource: '*' } as const] : []
  const Statement = [{ Effect, Action: '*', Resource: '*', Condition: condition }, ...rest]
  return { ...world, policies: { identity: [{ Version: '2012-10-17', Statement }] } } as World
}

interface Compared {
  readonly operator: string
  readonly values: readonly Scalar[]
  readonly seen: OneOrMany<string> | undefined
}

function compared({ operators, bare, seen, wanted }: Family): fc.Arbitrary<Compared> {
  const prefix = bare ? fc.constant('') : fc.constantFrom('', '', '', 'ForAllValues:', 'ForAnyValue:')
  const suffix = bare ? fc.constant('') : fc.constantFrom('', '', 'IfExists')
  return fc.record({
    operator: fc.tuple(prefix, fc.constantFrom(...operators), suffix).map((parts) => parts.join('')),
    values: fc.oneof(
      { weight: 3, arbitrary: wanted.map((value) => [value]) },
      { weight: 1, arbitrary: fc.array(wanted, { minLength: 2, maxLength: 4 }) },
    ),
    seen: fc.oneof(
      { weight: 8, arbitrary: seen },
      { weight: 2, arbitrary: fc.array(fc.oneof(seen, fc.constant('')), { maxLength: 3 }) },
      { weight: 1, arbitrary: fc.constant(undefined) },
    ),
  })
}

describe('POL-095, POL-133, POL-097 one condition is what the twin says: yes, no or unknown', () => {
  for (const [index, family] of families.entries()) {
    it(`${family.operators[0]} and its like`, () => {
      const check = fc.property(compared(family), ({ operator, values, seen }) => {
        const context = { 'example:s': 'a', ...(seen === undefined ? {} : { [family.key]: seen }) }
        const world: World = {
          request: { principal: user, action: 's3:GetObject', resource: 'arn:aws:s3:::a/x', context },
          policies: {},
        }
        const condition = { [operator]: { [family.key]: values } }
        const allowed = ask(asked('Allow', world, condition)).outcome === 'allowed'
        const denied = ask(asked('Deny', world, condition)).outcome === 'explicitDeny'
        const engine = allowed ? 'yes' : denied ? 'unknown' : 'no'
        assert.ok(denied || !allowed, 'a Deny with the condition of an Allow that applies applies, too')
        assert.equal(engine, holds(operator, family.key, values, world, true))
      })
      fc.assert(check, { numRuns: 1_500, seed: index })
    })
  }
})

describe('worlds of one statement, and whole ones, are decided as the twin decides', () => {
  const agree = (world: fc.Arbitrary<World>, numRuns: number) =>
    fc.assert(
      fc.property(world, (each) => {
        const [engine, twin] = [ask(each), decide(each)]
        assert.equal(engine.outcome, twin.decision)
        const layer = layerOf(engine)
        assert.ok(layer === undefined || twin.layers.includes(layer))
      }),
      { numRuns, seed: 1 },
    )
  it('of a resource', () => agree(smallWorlds.resource, 2_000))
  it('of a principal', () => agree(smallWorlds.principal, 2_000))
  it('of fresh documents', () => agree(world(freshDocuments), 600))
})
