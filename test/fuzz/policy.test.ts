import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  Context,
  combine,
  compile,
  evaluate,
  explain,
  openCase,
  type Policy,
  type PolicySet,
  type PolicySource,
  parseCases,
  parsePolicy,
  policyFromJson,
  policyKinds,
  policySize,
  principalContext,
  type Request,
  runCase,
  suggest,
  trace,
  validate,
} from '@omen-iam/policy'
import fc from 'fast-check'
import { readCases } from '../spec/case.ts'
import { document, garbled, json, mutate, mutated, oddities, request, text } from './nonsense.ts'

const source = (policy: Policy): PolicySource => ({ policy, source: { type: 'none' } })

/** Asks everything that can be asked of policies, and holds the answers together. */
function askAll(policies: readonly Policy[], asked: Request, spread: number): void {
  const list = policies.map(source)
  const [first] = list
  const at = (bit: number): boolean => (spread & (1 << bit)) !== 0
  const set: PolicySet = {
    identity: list,
    ...(at(0) && { boundary: list }),
    ...(at(1) && { session: list }),
    ...(at(2) && first && { resource: { source: first, grant: at(3) ? 'explicit' : 'either' } }),
    ...(at(4) && { scp: [list, []] }),
    ...(at(5) && { rcp: [list] }),
    ...(at(6) && { endpoint: list }),
  }
  const compiled = combine(compile({}), compile(set))
  const decision = evaluate(asked, compiled)
  const told = trace(asked, compiled)
  assert.equal(told.decision.outcome, decision.outcome)
  assert.equal(typeof explain(decision, asked).sentence, 'string')
  assert.ok(Array.isArray(explain(told, asked).story))
  assert.ok(Array.isArray(suggest(asked, compiled)))
}

describe('nothing that is put in makes the engine throw', () => {
  it('any text, as any kind of policy', () => {
    const texts = fc.oneof(
      text,
      garbled,
      json.map((each) => JSON.stringify(each) ?? ''),
      fc.string({ unit: 'binary' }),
    )
    fc.assert(
      fc.property(texts, fc.constantFrom(...policyKinds), fc.boolean(), (whole, kind, lenient) => {
        const parsed = parsePolicy(whole, kind, { lenient })
        if (!parsed.ok) assert.notEqual(parsed.message, '')
        assert.ok(Array.isArray(validate(whole, kind)))
        assert.ok(policySize(whole) <= whole.length)
      }),
      { numRuns: 8_000 },
    )
  })

  it('any value, also such as no JSON can be', () => {
    for (const odd of oddities) {
      for (const kind of policyKinds) {
        assert.equal(policyFromJson(odd, kind, { lenient: true }).ok, false)
        policyFromJson(
          { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: odd, Resource: '*' }] },
          kind,
        )
      }
    }
    fc.assert(
      fc.property(json, fc.constantFrom(...policyKinds), (value, kind) => void policyFromJson(value, kind)),
      {
        numRuns: 2_000,
      },
    )
  })

  it('any request, of any policies that can be read at all', () => {
    const documents = fc.array(fc.tuple(fc.oneof(document, mutated), fc.constantFrom(...policyKinds)), {
      maxLength: 3,
    })
    let asked = 0
    fc.assert(
      fc.property(documents, request, fc.nat(127), (list, about, spread) => {
        const policies = list.flatMap(([each, kind]) => {
          const parsed = policyFromJson(each, kind, { lenient: true })
          return parsed.ok ? [parsed.policy] : []
        })
        asked += policies.length
        principalContext(about.principal)
        askAll(policies, about, spread)
      }),
      { numRuns: 4_000 },
    )
    // some 3,300, give or take 50
    assert.ok(asked > 2_000, 'most documents are still read after a mutation')
  })

  it('any case, whole or damaged', () => {
    const cases = readCases().map((each) => each.case)
    const damaged = fc
      .tuple(fc.constantFrom(...cases), fc.nat(), fc.nat(3), json, text)
      .map(([each, ...change]) => JSON.stringify(mutate(each, ...change)) ?? '')
    fc.assert(
      fc.property(fc.oneof(damaged, garbled, text), (whole) => {
        const parsed = parseCases(whole)
        if (!parsed.ok) return
        for (const each of parsed.cases) {
          openCase(each)
          runCase(each)
        }
      }),
      { numRuns: 3_000 },
    )
  })

  it('a context whose values are asked for late and in a strange way', () => {
    const context = new Context({
      'example:s': () => undefined,
      'example:n': () => [],
      'EXAMPLE:D': () => 'soon',
    })
    assert.equal(context.get('EXAMPLE:S'), undefined)
    assert.equal(context.get('example:n'), undefined)
    assert.equal(context.get('example:d'), 'soon')
  })
})
