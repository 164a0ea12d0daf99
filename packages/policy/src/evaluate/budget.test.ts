import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { compile } from '../compile/compile.ts'
import { allow, deny, layerOf, requestOf } from '../fixture.ts'
import { Budget, defaultSteps } from '../match/meter.ts'
import { evaluate } from './evaluate.ts'
import { trace } from './trace.ts'
import { findUnknowableDeny } from './unknowable.ts'

/** A pattern whose every place must be tried: the text between the wildcards occurs everywhere. */
const slow = (length: number) => ({ StringLike: { 'a:b': `*${'?a'.repeat(length)}?b*` } })
const seen = { 'a:b': 'a'.repeat(32_000) }

describe('POL-181 the budget of a decision', () => {
  test('what a decision takes is counted, and the same each time', () => {
    const set = compile({
      identity: layerOf('identity', allow({ Resource: ['arn:aws:s3:::a*', 'arn:aws:s3:::pay/*'] })),
    })
    const [one, other] = [new Budget(), new Budget()]
    assert.equal(evaluate(requestOf(), set, one).outcome, 'allowed')
    evaluate(requestOf(), set, other)
    assert.ok(one.used > 0 && one.used < 20, `${one.used} steps`)
    assert.equal(one.used, other.used)
  })

  test('an Allow that is too dear does not count, and says why', () => {
    const set = compile({ identity: layerOf('identity', allow({ Condition: slow(4_000) })) })
    const budget = new Budget()
    const decision = evaluate(requestOf({ context: seen }), set, budget)
    assert.equal(decision.outcome, 'implicitDeny')
    assert.match(decision.unevaluable[0]?.problem ?? '', /more steps/)
    assert.ok(budget.isSpent)
    // It stops soon after the last step.
    assert.ok(budget.used < defaultSteps * 1.1, `${budget.used} steps`)
  })

  test('a Deny that is too dear denies, and so does one that the steps no longer reach', () => {
    for (const statements of [
      [allow(), deny({ Condition: slow(4_000) })],
      [allow(), deny({ Condition: { ...slow(4_000), Bool: { 'a:c': 'true' } } })],
      [deny({ Action: 's3:*', Condition: slow(4_000), NotPrincipal: undefined }), allow()],
    ]) {
      const set = compile({ identity: layerOf('identity', ...statements) })
      assert.equal(evaluate(requestOf({ context: { ...seen, 'a:c': 'false' } }), set).outcome, 'explicitDeny')
    }
    const set = compile({ identity: layerOf('identity', allow(), deny({ Resource: 'arn:aws:s3:::other' })) })
    assert.equal(evaluate(requestOf(), set, new Budget(0)).outcome, 'explicitDeny')
    assert.equal(evaluate(requestOf(), set).outcome, 'allowed')
  })

  test('several evaluations share a budget, and each without one has its own', () => {
    const set = compile({
      identity: layerOf('identity', allow({ Condition: { StringLike: { 'a:b': '*a*b*c*' } } })),
    })
    const request = requestOf({ context: { 'a:b': `${'x'.repeat(8_000)}abc` } })
    const budget = new Budget(10_000)
    const outcomes = Array.from({ length: 10 }, () => evaluate(request, set, budget).outcome)
    assert.deepEqual([outcomes[0], outcomes.at(-1)], ['allowed', 'implicitDeny'])
    for (let turn = 0; turn < 10; turn++) assert.equal(evaluate(request, set).outcome, 'allowed')
  })

  test('a request whose context asks the engine keeps its own count', () => {
    const set = compile({
      identity: layerOf('identity', allow({ Condition: { StringEquals: { 'a:b': 'x' } } })),
    })
    const dear = compile({ identity: layerOf('identity', allow({ Condition: slow(4_000) })) })
    const request = requestOf()
    request.context.set('a:b', () => {
      assert.equal(evaluate(requestOf({ context: seen }), dear).outcome, 'implicitDeny')
      return 'x'
    })
    assert.equal(evaluate(request, set).outcome, 'allowed')
  })

  test('what cannot be evaluated is reported, also if the context asks the engine in between', () => {
    const open = allow({ Condition: { NumericLessThan: { 'a:n': '1' } } })
    const asks = allow({ Condition: { StringEquals: { 'a:b': 'x' } } })
    const request = requestOf({ context: { 'a:n': 'one' } })
    request.context.set('a:b', () => {
      assert.equal(evaluate(requestOf(), compile({})).unevaluable.length, 0)
      return 'x'
    })
    const decision = evaluate(request, compile({ identity: layerOf('identity', open, asks) }))
    assert.deepEqual([decision.outcome, decision.unevaluable.length], ['allowed', 1])
  })

  test('the story says it, and a Deny with keys that nobody knows is found', () => {
    const set = compile({ identity: layerOf('identity', allow(), deny({ Condition: slow(4_000) })) })
    const told = trace(requestOf({ context: seen }), set)
    assert.equal(told.decision.outcome, 'explicitDeny')
    assert.match(told.layers[0]?.policies[0]?.statements[1]?.problem ?? '', /more steps/)
    const open = compile({
      identity: layerOf(
        'identity',
        allow(),
        deny({ Condition: { ...slow(4_000), Bool: { 'a:c': 'true' } } }),
      ),
    })
    assert.equal(findUnknowableDeny(requestOf({ context: seen }), open, (key) => key === 'a:c')?.key, 'a:c')
  })

  test('large sets are one look for each value', () => {
    const values = Array.from({ length: 8_000 }, (_, index) => `value-${index}`)
    for (const operator of ['StringEquals', 'StringLike', 'StringEqualsIgnoreCase']) {
      const Condition = { [`ForAllValues:${operator}`]: { 'a:b': values } }
      const budget = new Budget()
      const set = compile({ identity: layerOf('identity', allow({ Condition })) })
      assert.equal(evaluate(requestOf({ context: { 'a:b': values } }), set, budget).outcome, 'allowed')
      assert.ok(budget.used < 8 * values.length, `${budget.used} steps`)
    }
  })

  test('text between wildcards is found by search', () => {
    const budget = new Budget()
    const Condition = { StringLike: { 'a:b': `${'*ab'.repeat(2_000)}*c` } }
    const set = compile({ identity: layerOf('identity', allow({ Condition })) })
    const request = requestOf({ context: { 'a:b': `${'ab'.repeat(16_000)}c` } })
    assert.equal(evaluate(request, set, budget).outcome, 'allowed')
    assert.ok(budget.used < 20_000, `${budget.used} steps`)
  })
})

test('a layer remembers many actions, in any spelling', () => {
  const set = compile({ identity: layerOf('identity', allow({ Action: 's3:*' })) })
  const layer = set.identity!
  const first = layer.candidates('s3:GetObject')
  assert.equal(layer.candidates('S3:GETOBJECT'), first)
  for (let index = 0; index < 5_000; index++) layer.candidates(`s3:Action${index}`)
  assert.equal(layer.candidates('s3:getobject'), first)
})

test('of thousands of statements those are looked at that the resource may be of', () => {
  const statements = Array.from({ length: 1_000 }, (_, index) =>
    allow({ Resource: `arn:aws:s3:::bucket-${index}/*` }),
  )
  const set = compile({
    identity: layerOf('identity', ...statements, allow({ Resource: 'arn:aws:s3:::other' })),
  })
  const request = requestOf({ resource: 'arn:aws:s3:::bucket-999/x' })
  for (let turn = 0; turn < 10; turn++) evaluate(request, set)
  const budget = new Budget()
  const decision = evaluate(request, set, budget)
  assert.equal(decision.by[0]?.statement.index, 999)
  assert.ok(budget.used < 40, `${budget.used} steps`)
})
