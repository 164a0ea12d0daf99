import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { compile } from '../compile/compile.ts'
import { compileCondition } from '../condition/condition.ts'
import { evaluate } from '../evaluate/evaluate.ts'
import { trace } from '../evaluate/trace.ts'
import { allow, deny, layerOf, policyOf, requestOf, session } from '../fixture.ts'
import { Context, emptyContext } from '../request/context.ts'
import { compileAction } from './action.ts'
import { compileGlob } from './glob.ts'
import { Budget, defaultSteps, metered } from './meter.ts'

/** What one call of a method of texts reads at most, in characters. */
const reads: Readonly<Record<string, (text: string, args: readonly unknown[], made: unknown) => number>> = {
  startsWith: (text, [wanted]) => Math.min(text.length, String(wanted).length),
  endsWith: (text, [wanted]) => Math.min(text.length, String(wanted).length),
  indexOf: (text, [wanted, from = 0], at) =>
    (at === -1 ? Math.max(0, text.length - Number(from)) : Number(at) - Number(from)) + String(wanted).length,
  charCodeAt: () => 1,
  toLowerCase: (text) => text.length,
}

/** The characters that some work reads, and the steps of a budget that it takes for them. */
function measure(work: (budget: Budget) => unknown): { readonly read: number; readonly steps: number } {
  const budget = new Budget()
  let read = 0
  const real = Object.keys(reads).map((name) => {
    const method = Object.getOwnPropertyDescriptor(String.prototype, name)!
    return [name, method] as const
  })
  for (const [name, method] of real) {
    const counted = function (this: string, ...args: unknown[]): unknown {
      const made = method.value.apply(this, args)
      read += reads[name]!(this, args, made)
      return made
    }
    Object.defineProperty(String.prototype, name, { ...method, value: counted })
  }
  try {
    work(budget)
  } finally {
    for (const [name, method] of real) Object.defineProperty(String.prototype, name, method)
  }
  return { read, steps: budget.used }
}

const many = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index))
const as = (count: number) => 'a'.repeat(count)
const value = `${as(32_000)}c`
const context = () => new Context({ 'a:long': as(32_000), 'a:name': 'dev' })

/** What is done when the last step is taken comes to its end: at most one comparison with the longest value. */
const last = 300_000

/** Every character that is read was paid for: a step pays for eight at most. */
function assertPaid(work: (budget: Budget) => unknown): void {
  const { read, steps } = measure(work)
  assert.ok(read <= 8 * steps + last, `${read} characters for ${steps} steps`)
  assert.ok(steps <= defaultSteps * 1.1, `${steps} steps`)
}

const globs: Readonly<Record<string, readonly [pattern: string, value: string]>> = {
  'a long text and a ?': [`*${as(8_000)}?b*c`, value],
  'a long text that nearly repeats': [`*${'ab'.repeat(4_000)}?a*c`, `${'ab'.repeat(16_000)}c`],
  'two long texts': [`*${as(8_000)}?${as(7_999)}b*c`, value],
  'two long texts, the first one wrong': [`*${as(7_998)}b?${as(8_000)}*c`, value],
  'a text that the runtime finds': [`*${as(250)}?b*c`, value],
  'two of them': [`*${as(250)}?${as(249)}b*c`, value],
  'one character': ['*a?b*c', value],
  'thousands of ?': [`*${'?a'.repeat(4_000)}?b*`, value],
  'a row of ?': [`*a${'?'.repeat(4_000)}b*`, value],
  'thousands of *': [`${'*a'.repeat(16_000)}*b*c`, value],
  'thousands of variables': [`${'*${a:long}'.repeat(3_000)}*`, value],
  'variables one after the other': ['${a:long}${a:long}x', value + value],
}

const conditions: Readonly<
  Record<string, readonly [operator: string, values: readonly string[], seen: string | readonly string[]]>
> = {
  'many patterns': ['StringLike', many(60, (i) => `*${as(2_000)}?b${i}*c`), value],
  'starts that agree': [
    'ForAnyValue:StringLike',
    many(500, (i) => `${as(250)}${i}*`),
    many(400, () => `${as(250)}x`),
  ],
  'ends that agree': [
    'ForAnyValue:StringLike',
    many(500, (i) => `*${i}x${as(250)}`),
    many(400, () => `y${as(250)}`),
  ],
  'starts and ends that agree': [
    'ForAnyValue:StringLike',
    many(500, (i) => `${as(99)}*${i}x${as(99)}`),
    many(400, () => as(250)),
  ],
  'long variables': ['StringEquals', many(8_000, () => '${a:long}x'), `${as(32_000)}y`],
  'any case': ['StringEqualsIgnoreCase', many(8_000, (i) => `x\${a:name}${i}`), value],
  'any case of a long variable': ['StringEqualsIgnoreCase', many(8_000, (i) => `x\${a:long}${i}`), value],
  'no booleans': ['ForAnyValue:Bool', many(8_000, () => 'true'), many(50, () => as(20_000))],
  'numbers of many digits': [
    'ForAnyValue:NumericEquals',
    many(100, () => '9'.repeat(2_000)),
    many(5_000, (i) => String(i)),
  ],
  'what is no ARN': ['ArnLike', many(8_000, (i) => `arn:aws:s3:::*${i}x`), value],
  'an ARN with long parts': [
    'ArnLike',
    many(8_000, (i) => `arn:*:*:*:*:*x${i}`),
    `arn:${as(16_000)}::::${as(9)}`,
  ],
  'ARNs with a long text': [
    'ArnLike',
    many(20, (i) => `arn:aws:s3:::*${as(4_000)}?b${i}*c`),
    `arn:aws:s3:::${value}`,
  ],
  'ARNs with a variable': [
    'ArnLike',
    many(2_000, (i) => `arn:aws:s3:::\${a:long}?${i}*c`),
    `arn:aws:s3:::${value}`,
  ],
}

describe('POL-181 what is read is paid for', () => {
  for (const [name, [pattern, seen]] of Object.entries(globs))
    test(`pattern: ${name}`, () => {
      const matches = compileGlob(pattern, { wildcards: true, variables: true })
      assertPaid((budget) => metered(budget, () => matches(seen, context())))
    })

  for (const [name, [operator, values, seen]] of Object.entries(conditions))
    test(`condition: ${name}`, () => {
      const { span } = policyOf('identity', allow()).statements[0]!
      const entry = { operator, key: 'my:key', values: values.map((each) => ({ value: each, span })), span }
      const { test: holds } = compileCondition(entry, true)
      const seenBy = new Context({ 'a:long': as(32_000), 'a:name': 'dev', 'my:key': seen })
      assertPaid((budget) => metered(budget, () => holds(seenBy)))
    })

  test('resources', () => {
    const Resource = many(200, (i) => `arn:aws:s3:::*${as(600)}?b${i}*c`)
    const set = compile({ identity: layerOf('identity', deny({ Resource })) })
    const request = requestOf({ resource: `arn:aws:s3:::${as(2_000)}c` })
    assertPaid((budget) => {
      for (let turn = 0; turn < 50; turn++) evaluate(request, set, budget)
      assert.ok(budget.isSpent)
    })
  })

  test('resources with many starts that fit', () => {
    const statements = many(400, (i) => allow({ Resource: `arn:aws:s3:::${as(i)}*b` }))
    const set = compile({ identity: layerOf('identity', ...statements) })
    const budget = new Budget()
    const request = requestOf({ resource: `arn:aws:s3:::${as(2_000)}` })
    for (let turn = 0; turn < 9; turn++) evaluate(request, set)
    evaluate(request, set, budget)
    assert.ok(budget.used > 10_000, `${budget.used} steps`)
  })

  test('the long User-Agent of a call, held against a session policy', () => {
    const Condition = { StringNotLike: { 'aws:UserAgent': many(9, (i) => `*${as(900)}?b${i}*c`) } }
    const set = compile({
      identity: layerOf('identity', allow()),
      session: layerOf('session', allow({ Condition })),
    })
    const request = requestOf({ principal: session, context: { 'aws:UserAgent': `${as(16_000)}c` } })
    assertPaid((budget) => evaluate(request, set, budget))
    assert.notEqual(evaluate(request, set).outcome, 'explicitDeny')
  })
})

describe('POL-181 finding the statements of an action', () => {
  const slow = `s3:*${'?a'.repeat(30)}?b*`
  const action = `s3:${as(120)}`
  const Action = many(1_100, (i) => `${slow}${i}*`)

  test('is paid for, each time alike', () => {
    const set = compile({ identity: layerOf('identity', allow({ Action: Action.slice(0, 3) })) })
    const used = many(3, () => {
      const budget = new Budget()
      evaluate(requestOf({ action }), set, budget)
      return budget.used
    })
    assert.ok(used[0]! > 1_000, `${used[0]} steps`)
    assert.equal(new Set(used).size, 1)
  })

  test('that takes more steps than there are denies, and allows nothing', () => {
    const denies = compile({ identity: layerOf('identity', allow(), deny({ Action })) })
    const allows = compile({ identity: layerOf('identity', allow({ Action: [...Action, 's3:*'] })) })
    const request = requestOf({ action })
    assertPaid((budget) => {
      assert.equal(evaluate(request, denies, budget).outcome, 'explicitDeny')
    })
    const decision = evaluate(request, allows, new Budget())
    assert.equal(decision.outcome, 'implicitDeny')
    assert.match(decision.unevaluable[0]?.problem ?? '', /more steps/)
    assert.match(trace(request, denies).layers[0]?.policies[0]?.statements[1]?.problem ?? '', /more steps/)
    // What was cut short is not remembered.
    assert.equal(evaluate(request, denies, new Budget(1e9)).outcome, 'allowed')
  })

  test('without an evaluation has no bound', () => {
    const set = compile({ identity: layerOf('identity', allow({ Action: Action.slice(0, 3) })) })
    assert.equal(set.identity!.candidates(action).all.length, 0)
    assert.ok(set.identity!.candidates(action).steps > 1_000)
    assert.ok(!compileAction(slow)(action, emptyContext))
  })
})
