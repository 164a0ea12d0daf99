/** Input that no policy engine should get, and every one does. */
import { Context, type ContextInput, type Principal, type Request } from '@omen-iam/policy'
import fc from 'fast-check'
import { freshDocuments } from '../spec/worlds.ts'

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
export const text = fc.oneof(
  word,
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.array(word, { maxLength: 6 }).map((all) => all.join('')),
)

export const { json } = fc.letrec<{ json: unknown }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 5 },
    text,
    fc.constantFrom<unknown>(null, true, false, 0, -1.5, 1e300),
    fc.array(tie('json'), { maxLength: 4 }),
    fc.dictionary(text, tie('json'), { maxKeys: 5 }),
  ),
}))

/** What no JSON can be, but a caller without types may hand over all the same. */
export const oddities: readonly unknown[] = [
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

export const document: fc.Arbitrary<unknown> = fc.oneof(
  freshDocuments.identity,
  freshDocuments.resource,
  freshDocuments.trust,
)

/** A document in which some parts have been replaced, renamed, doubled or taken away. */
export const mutated: fc.Arbitrary<unknown> = fc
  .tuple(document, fc.array(fc.tuple(fc.nat(), fc.nat(3), json, text), { minLength: 1, maxLength: 3 }))
  .map(([whole, changes]) => changes.reduce<unknown>((value, change) => mutate(value, ...change), whole))

export function mutate(value: unknown, at: number, how: number, part: unknown, name: string): unknown {
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
export const garbled: fc.Arbitrary<string> = fc
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
export const request: fc.Arbitrary<Request> = fc
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
