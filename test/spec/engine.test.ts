// Begins first: thousands of worlds are drawn and decided twice.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { evaluate, runCase } from '@omen-iam/policy'
import fc from 'fast-check'
import { ask, compiledOf, layerOf, requestOf } from './ask.ts'
import { type CaseRequest, readCases, type World } from './case.ts'
import { reduce } from './reduce.ts'
import { decide } from './twin.ts'
import { drawnDocuments, freshDocuments, request, smallWorlds, world } from './worlds.ts'

/** How many worlds engine and twin are asked of: `WORLDS=5000000` for a long night. */
const { WORLDS, OMEN_SOAK } = process.env
const worlds = Number(WORLDS ?? (OMEN_SOAK === undefined ? 10_000 : 2_000_000))
assert.ok(Number.isSafeInteger(worlds) && worlds > 0, 'WORLDS is a number of worlds')
/** Worlds that share a drawer of documents. */
const batch = 10_000
/** Documents of a kind in a drawer. */
const drawer = 600

/** Decision by decision, and the layer that the engine names must be one that the twin could name. */
function disagree(asked: World): string | undefined {
  const twin = decide(asked)
  const engine = ask(asked)
  if (engine.outcome !== twin.decision) return `engine ${engine.outcome}, twin ${twin.decision}`
  const layer = layerOf(engine)
  if (layer === undefined || twin.layers.includes(layer)) return undefined
  return `engine names ${layer}, twin ${twin.layers.join(' or ')}`
}

/** Looks for a world of which they disagree, and says the smallest one that is left of it. */
function agree(asked: fc.Arbitrary<World>, numRuns: number, seed: number): void {
  const { failed, counterexample } = fc.check(
    fc.property(asked, (each) => disagree(each) === undefined),
    { numRuns, seed, endOnFailure: true },
  )
  const [found] = counterexample ?? []
  if (!failed || found === undefined) return
  const small = reduce(found, (smaller) => disagree(smaller) !== undefined)
  assert.fail(`seed ${seed}: ${disagree(small)}: ${JSON.stringify(small, null, 2)}`)
}

describe('engine and twin', () => {
  it('decide every case as it expects', () => {
    const failures = readCases().flatMap(({ file, case: each }) => {
      const result = runCase(each)
      if (result.status === 'passed') return []
      return [`${file}: ${each.name}: ${result.status === 'bad' ? result.message : result.story.join(' ')}`]
    })
    assert.deepEqual(failures, [])
  })

  it(`agree on ${worlds} random worlds`, () => {
    for (let first = 0; first < worlds; first += batch) {
      agree(world(drawnDocuments(drawer, first)), Math.min(batch, worlds - first), first)
    }
  })

  for (const [about, asked] of Object.entries(smallWorlds)) {
    it(`agree on a single ${about}`, () => agree(asked, Math.trunc(worlds / 10), Date.now()))
  }

  it('agree on worlds of fresh documents', () => {
    agree(world(freshDocuments), 5_000, Date.now())
  })

  it('agree when one compiled set is asked again and again, also of more actions than it remembers', () => {
    const names = Array.from({ length: 700 }, (_, index) => `s3:Get${index % 7 === 0 ? 'Object' : index}`)
    const asked = fc.property(world(freshDocuments), fc.array(request, { maxLength: 8 }), (first, others) => {
      const compiled = compiledOf(first)
      const resources = others.filter((each) => sameResource(each, first.request))
      const requests = [first.request, ...resources, ...names.map((action) => ({ ...first.request, action }))]
      for (const each of first.request.action.startsWith('s3:') ? requests : [first.request, first.request]) {
        const { policies } = first
        const one = { request: { ...each, principal: first.request.principal }, policies }
        assert.equal(evaluate(requestOf(one.request), compiled).outcome, decide(one).decision)
      }
    })
    fc.assert(asked, { numRuns: 60 })
  })

  it('agree on worlds that come as cases, with their whole story', () => {
    const asked = fc.property(world(freshDocuments), (each) => {
      const { decision, layers } = decide(each)
      const result = runCase({ name: 'a random world', ...each, expect: decision })
      assert.ok(result.status !== 'bad')
      assert.equal(result.got, decision)
      if (decision !== 'allowed') assert.ok(layers.some((layer) => layer === result.because))
      assert.deepEqual(ask(each).outcome, result.trace.decision.outcome)
    })
    fc.assert(asked, { numRuns: 2_000 })
  })
})

/** Whether the policies of one request are those of the other as well: the resource brings its own. */
function sameResource(one: CaseRequest, other: CaseRequest): boolean {
  return one.resource === other.resource && one.action.slice(0, 3) === other.action.slice(0, 3)
}
