import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  Context,
  type ContextInput,
  combine,
  compile,
  evaluate,
  explain,
  openCase,
  type Policy,
  type PolicyKind,
  type PolicySet,
  type PolicySource,
  type Principal,
  parseCases,
  parsePolicy,
  policyFromJson,
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
import { freshDocuments } from '../spec/worlds.ts'

const kinds: readonly PolicyKind[] = [
  'identity',
  'trust',
  'resource',
  'key',
  'scp',
  'rcp',
  'session',
  'boundary',
  'endpoint',
]

// ------------------------------------------------------------------------------------------ what goes in

/** Words that mean something to a policy, so that nonsense gets further than the first check. */
const words = [
  ...[
    'Version',
    '2012-10-17',
    '2008-10-17',
    'Id',
    'Sid',
    'Effect',
    'Allow',
    'Deny',
    'Principal',
    'NotPrincipal',
  ],
  ...[
    'AWS',
    'Service',
    'Federated',
    'CanonicalUser',
    'Action',
    'NotAction',
    'Resource',
    'NotResource',
    'Condition',
  ],
  ...[
    'StringLike',
    'ForAllValues:StringEqualsIfExists',
    'ForAnyValue:',
    'IfExists',
    'Null',
    'IpAddress',
    'ArnLike',
  ],
  ...[
    'NumericLessThan',
    'DateEquals',
    'BinaryEquals',
    'Bool',
    '*',
    '?',
    '${',
    '}',
    '${aws:username}',
    "${a, 'b'}",
  ],
  ...[
    '${*}',
    '${$}',
    'arn:aws:s3:::a',
    'arn:',
    ':::::',
    'arn:aws:iam::123456789012:root',
    '123456789012',
    's3:Get*',
  ],
  ...[
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    '\u0000',
    '\ud800',
    '\u2028',
    '1e999',
    '-0',
    '::/0',
  ],
  ...['255.255.255.255/32', '99999-99-99', 'true', '', ' ', '\\', '"', '[', '{'],
]
const word = fc.constantFrom(...words)
const text = fc.oneof(
  word,
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.array(word, { maxLength: 6 }).map((all) => all.join('')),
)

const { json } = fc.letrec<{ json: unknown }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 5 },
    text,
    fc.constantFrom<unknown>(null, true, false, 0, -1.5, 1e300),
    fc.array(tie('json'), { maxLength: 4 }),
    fc.dictionary(text, tie('json'), { maxKeys: 5 }),
  ),
}))

/** What no JSON can be, but a caller without types may hand over all the same. */
const oddities: readonly unknown[] = [
  undefined,
  () => 1,
  Symbol('policy'),
  10n,
  Number.NaN,
  new Date(Number.NaN),
  new Map([['Version', 1]]),
  (() => {
    const cycle: Record<string, unknown> = { Version: '2012-10-17' }
    cycle.Statement = [cycle]
    return cycle
  })(),
  {
    toJSON(): never {
      throw new Error('no')
    },
  },
  Object.create(null),
]

const document: fc.Arbitrary<unknown> = fc.oneof(
  freshDocuments.identity,
  freshDocuments.resource,
  freshDocuments.trust,
)

/** A document in which some parts have been replaced, renamed, doubled or taken away. */
const mutated: fc.Arbitrary<unknown> = fc
  .tuple(document, fc.array(fc.tuple(fc.nat(), fc.nat(3), json, text), { minLength: 1, maxLength: 3 }))
  .map(([whole, changes]) => changes.reduce<unknown>((value, change) => mutate(value, ...change), whole))

function mutate(value: unknown, at: number, how: number, part: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return how === 0 ? part : String(value) + name
  const entries = Object.entries(value)
  const index = at % (entries.length + 1)
  const found = entries[index]
  if (found === undefined) return part
  const [key, item] = found
  if (how === 0) entries.splice(index, 1)
  else if (how === 1) entries[index] = [Array.isArray(value) ? key : name, item]
  else entries[index] = [key, mutate(item, Math.trunc(at / 7), how === 2 ? 0 : how - 1, part, name)]
  return Array.isArray(value) ? entries.map(([, each]) => each) : Object.fromEntries(entries)
}

/** A document's text with some characters lost, doubled or changed. */
const garbled: fc.Arbitrary<string> = fc
  .tuple(
    fc.oneof(document, mutated).map((each) => JSON.stringify(each) ?? ''),
    fc.array(fc.tuple(fc.nat(), fc.nat(3), text), { minLength: 1, maxLength: 4 }),
  )
  .map(([whole, changes]) => {
    let garbled = whole
    for (const [at, length, put] of changes) {
      const from = at % (garbled.length + 1)
      garbled = garbled.slice(0, from) + put + garbled.slice(from + length)
    }
    return garbled
  })

const arn = fc.oneof(
  text,
  fc.constantFrom(
    ...[
      'arn:aws:iam::123456789012:user/dev',
      'arn:aws:iam::123456789012:root',
      'arn:aws:s3:::a/x',
      '*',
      'arn:aws:::',
    ],
  ),
)
const principal: fc.Arbitrary<Principal> = fc.oneof(
  fc.record({ type: fc.constant('root' as const), arn, account: text }),
  fc.record({ type: fc.constant('user' as const), arn, account: text, id: text }),
  fc.record({
    type: fc.constant('roleSession' as const),
    sessionArn: arn,
    roleArn: arn,
    account: text,
    roleId: text,
  }),
  fc.record({
    type: fc.constant('federatedUser' as const),
    arn,
    account: text,
    parent: fc.record({ type: fc.constant('user' as const), arn, account: text }),
  }),
  fc.record({ type: fc.constantFrom('webIdentity' as const, 'saml' as const), provider: text }),
  fc.record({ type: fc.constant('service' as const), names: fc.array(text, { maxLength: 3 }) }),
  fc.constant({ type: 'anonymous' as const }),
)
const contextValue: fc.Arbitrary<ContextInput> = fc.oneof(
  text,
  fc.array(text, { maxLength: 4 }),
  fc.double(),
  fc.boolean(),
)
const request: fc.Arbitrary<Request> = fc
  .record({
    principal,
    action: fc.oneof(text, fc.constantFrom('s3:GetObject', 'sts:AssumeRole', 'kms:Decrypt')),
    resource: arn,
    resourceAccount: text,
    context: fc.dictionary(
      fc.oneof(text, fc.constantFrom('example:s', 'example:n', 'aws:username')),
      contextValue,
    ),
  })
  .map((asked) => ({ ...asked, context: new Context(asked.context) }))

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
      fc.property(texts, fc.constantFrom(...kinds), fc.boolean(), (whole, kind, lenient) => {
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
      for (const kind of kinds) {
        assert.equal(policyFromJson(odd, kind, { lenient: true }).ok, false)
        policyFromJson(
          { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: odd, Resource: '*' }] },
          kind,
        )
      }
    }
    fc.assert(
      fc.property(json, fc.constantFrom(...kinds), (value, kind) => void policyFromJson(value, kind)),
      {
        numRuns: 2_000,
      },
    )
  })

  it('any request, of any policies that can be read at all', () => {
    const documents = fc.array(fc.tuple(fc.oneof(document, mutated), fc.constantFrom(...kinds)), {
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

// ----------------------------------------------------------------------------------- what it may cost

/** How much more an input may cost that is eight times as long; were the cost quadratic, it would be 64. */
const most = 28
const times = 8

/** The least time of one run, out of several rounds of as many runs as can be told from the clock's noise. */
function cost(run: () => void): number {
  let runs = 1
  for (;;) {
    const start = performance.now()
    for (let count = 0; count < runs; count++) run()
    const spent = performance.now() - start
    if (spent > 1.5) break
    runs *= 2
  }
  let least = Number.POSITIVE_INFINITY
  for (let round = 0; round < 5; round++) {
    const start = performance.now()
    for (let count = 0; count < runs; count++) run()
    least = Math.min(least, (performance.now() - start) / runs)
  }
  return least
}

/** `make` gives what to run for an input of a length; only the ratio of two lengths counts, never a time. */
function linear(title: string, length: number, make: (length: number) => () => void): void {
  it(title, () => {
    const [short, long] = [make(length), make(length * times)]
    // A busy machine may spoil one measurement, not three.
    const ratios = [1, 2, 3].map(() => cost(long) / cost(short))
    assert.ok(
      Math.min(...ratios) < most,
      `${times} times the length cost ${ratios.map(Math.round)} times as much`,
    )
  })
}

describe('no document costs more than its length', () => {
  const parsing = (name: string, length: number, make: (length: number) => string): void => {
    linear(`to read ${name}`, length, (size) => {
      const whole = make(size)
      return () => {
        parsePolicy(whole, 'identity', { lenient: true })
        validate(whole, 'identity')
        policySize(whole)
      }
    })
  }
  const statements = (one: (index: number) => string) => (length: number) =>
    `{"Version":"2012-10-17","Statement":[${Array.from({ length }, (_, index) => one(index)).join()}]}`
  const action = (value: string): string =>
    `{"Statement":{"Effect":"Allow","Resource":"*","Action":"${value}"}}`

  parsing('white space', 3_000, (length) => ' '.repeat(length))
  parsing('opening brackets', 3_000, (length) => '['.repeat(length))
  parsing('opening braces', 3_000, (length) => '{"a":'.repeat(length / 5))
  parsing('a string that does not end', 3_000, (length) => `"${'a'.repeat(length)}`)
  parsing('backslashes', 3_000, (length) => `"${'\\\\'.repeat(length / 2)}"`)
  parsing('digits', 3_000, (length) => '1'.repeat(length))
  parsing('lines', 3_000, (length) => action(`s3:Get${'*'.repeat(20)}`) + '\n'.repeat(length))
  parsing('one key again and again', 300, (length) => `{${'"Version":"2012-10-17",'.repeat(length)}"Id":"a"}`)
  parsing('many keys', 300, (length) => `{${Array.from({ length }, (_, index) => `"k${index}":1`).join()}}`)
  parsing(
    'many statements',
    40,
    statements(() => '{"Effect":"Allow","Action":"s3:*","Resource":"*"}'),
  )
  parsing(
    'many statements with a Sid each',
    40,
    statements((index) => `{"Sid":"s${index}","Effect":"Allow","Action":"s3:*","Resource":"*"}`),
  )
  parsing(
    'many statements of one Sid',
    40,
    statements(() => '{"Sid":"s","Effect":"Allow","Action":"s3:*","Resource":"*"}'),
  )
  parsing(
    'many wrong statements',
    100,
    statements(() => '{"Effect":"Maybe","Aktion":1}'),
  )
  parsing('a long action', 3_000, (length) => action(`s3:${'a*'.repeat(length / 2)}`))
  parsing('many opened variables', 3_000, (length) => action('${'.repeat(length / 2)))
  parsing('many actions', 100, (length) => {
    const list = Array.from({ length }, (_, index) => `"s3:Action${index}"`)
    return `{"Statement":{"Effect":"Allow","Resource":"*","Action":[${list.join()}]}}`
  })
})

describe('no decision costs more than policy times request', () => {
  const ask = (
    statement: object | object[],
    about: { action?: string; resource?: string; context?: object },
  ) => {
    const parsed = policyFromJson({ Version: '2012-10-17', Statement: statement }, 'identity', {
      lenient: true,
    })
    assert.ok(parsed.ok)
    const compiled = compile({ identity: [source(parsed.policy)] })
    const principal: Principal = {
      type: 'user',
      arn: 'arn:aws:iam::123456789012:user/dev',
      account: '123456789012',
    }
    const { action = 's3:GetObject', resource = 'arn:aws:s3:::a/x', context = {} } = about
    const asked: Request = { principal, action, resource, context: new Context({ ...context }) }
    return { asked, compiled }
  }
  type Asked = ReturnType<typeof ask>
  const deciding = (name: string, length: number, make: (length: number) => Asked): void => {
    linear(`to decide ${name}`, length, (size) => {
      const { asked, compiled } = make(size)
      return () => void evaluate(asked, compiled)
    })
  }
  const telling = (name: string, length: number, make: (length: number) => Asked): void => {
    linear(`to tell of ${name}`, length, (size) => {
      const { asked, compiled } = make(size)
      return () => void explain(trace(asked, compiled), asked)
    })
    linear(`to suggest for ${name}`, length, (size) => {
      const { asked, compiled } = make(size)
      return () => void suggest(asked, compiled)
    })
  }
  const allow = (more: object): object => ({ Effect: 'Allow', Action: 's3:*', Resource: '*', ...more })
  const stars = '*a'.repeat(40)

  deciding('a long resource against many wildcards', 1_000, (length) =>
    ask(allow({ Resource: `arn:aws:s3:::${stars}b` }), { resource: `arn:aws:s3:::${'a'.repeat(length)}` }),
  )
  deciding('many wildcards against a long resource', 200, (length) =>
    ask(allow({ Resource: `arn:aws:s3:::${'*a'.repeat(length)}b` }), {
      resource: `arn:aws:s3:::${'a'.repeat(2_000)}`,
    }),
  )
  deciding('many asterisks in a row', 500, (length) =>
    ask(allow({ Resource: `arn:aws:s3:::${'*'.repeat(length)}b` }), {
      resource: `arn:aws:s3:::${'a'.repeat(2_000)}`,
    }),
  )
  deciding('a long value under StringLike', 1_000, (length) =>
    ask(allow({ Condition: { StringLike: { 'a:b': `${stars}b` } } }), {
      context: { 'a:b': 'a'.repeat(length) },
    }),
  )
  deciding('a long value under ArnLike', 1_000, (length) =>
    ask(allow({ Condition: { ArnLike: { 'a:b': `arn:aws:s3:::${stars}b` } } }), {
      context: { 'a:b': `arn:aws:s3:::${'a'.repeat(length)}` },
    }),
  )
  deciding('a value of many colons under ArnLike', 1_000, (length) =>
    ask(allow({ Condition: { ArnLike: { 'a:b': 'arn:*:*:*:*:*' } } }), {
      context: { 'a:b': `arn${':'.repeat(length)}` },
    }),
  )
  deciding('a value with a long variable', 1_000, (length) =>
    ask(allow({ Condition: { StringLike: { 'a:b': '*${a:c}*${a:c}*' } } }), {
      context: { 'a:b': 'a'.repeat(200), 'a:c': 'a'.repeat(length) },
    }),
  )
  deciding('a value of many variables', 200, (length) =>
    ask(allow({ Condition: { StringEquals: { 'a:b': '${a:c}'.repeat(length) } } }), {
      context: { 'a:b': 'ac'.repeat(length * 8), 'a:c': 'ac' },
    }),
  )
  deciding('many values of a request', 200, (length) =>
    ask(allow({ Condition: { 'ForAllValues:StringLike': { 'a:b': ['x*', 'y*', 'a*z*'] } } }), {
      context: { 'a:b': Array.from({ length }, (_, index) => `az${index}`) },
    }),
  )
  deciding('many values of a policy', 200, (length) =>
    ask(
      allow({ Condition: { StringNotLike: { 'a:b': Array.from({ length }, (_, index) => `*${index}*b`) } } }),
      {
        context: { 'a:b': 'aaaaaaaaaa' },
      },
    ),
  )
  deciding('a long number', 1_000, (length) =>
    ask(allow({ Condition: { NumericEquals: { 'a:b': '1' } } }), {
      context: { 'a:b': `${'1'.repeat(length)}x` },
    }),
  )
  deciding('a long date', 1_000, (length) =>
    ask(allow({ Condition: { DateEquals: { 'a:b': '2026-01-01' } } }), {
      context: { 'a:b': `2026-01-01T00:00:00.${'0'.repeat(length)}` },
    }),
  )
  deciding('a long address', 1_000, (length) =>
    ask(allow({ Condition: { IpAddress: { 'a:b': '::/0' } } }), { context: { 'a:b': '1:'.repeat(length) } }),
  )
  deciding('a long base64 value', 1_000, (length) =>
    ask(allow({ Condition: { BinaryEquals: { 'a:b': 'AAAA' } } }), {
      context: { 'a:b': `${'A'.repeat(length)}=` },
    }),
  )
  deciding('many statements', 100, (length) =>
    ask(
      Array.from({ length }, (_, index) => allow({ Resource: `arn:aws:s3:::${index}/*` })),
      {},
    ),
  )
  telling('many statements', 50, (length) =>
    ask(
      Array.from({ length }, (_, index) => allow({ Resource: `arn:aws:s3:::${index}/*` })),
      {},
    ),
  )
  telling('many values of a policy', 100, (length) =>
    ask(
      allow({ Condition: { StringEquals: { 'a:b': Array.from({ length }, (_, index) => `v${index}`) } } }),
      {
        context: { 'a:b': 'a' },
      },
    ),
  )
})
