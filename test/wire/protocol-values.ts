import fc from 'fast-check'
import {
  type OperationModel,
  type ServiceModel,
  type Shape,
  shapeNamed,
} from '../../packages/server/src/model/index.ts'

export type Values = Readonly<Record<string, unknown>>

/** Structures within structures, until only what is required is made. */
const deepest = 4

/** What cannot be said everywhere: a form has no word for a structure or map without content. */
interface Place {
  readonly form?: 'awsQuery' | 'ec2Query'
  /** In a path or a header. */
  readonly plain?: boolean
}

/** Inputs that an operation's constraints let through; undefined where no value can be made up. */
export function inputsOf(service: ServiceModel, operation: OperationModel): fc.Arbitrary<Values> | undefined {
  if (operation.input === undefined) return fc.constant({})
  const { protocol } = service
  const place = protocol === 'awsQuery' || protocol === 'ec2Query' ? { form: protocol } : {}
  return values(service, operation.input, place)
}

/** Outputs that an operation may have. */
export function outputsOf(
  service: ServiceModel,
  operation: OperationModel,
): fc.Arbitrary<Values> | undefined {
  return operation.output === undefined ? fc.constant({}) : values(service, operation.output, {})
}

function values(service: ServiceModel, name: string, place: Place): fc.Arbitrary<Values> | undefined {
  return arbitraryOf(service, name, 0, place) as fc.Arbitrary<Values> | undefined
}

function arbitraryOf(
  service: ServiceModel,
  name: string,
  depth: number,
  place: Place,
): fc.Arbitrary<unknown> | undefined {
  const shape = shapeNamed(service, name)
  switch (shape.type) {
    case 'structure':
      return structureOf(service, shape, depth, place)
    case 'list': {
      const item = arbitraryOf(service, shape.member.shape, depth, place)
      const minLength = Math.max(shape.min ?? 0, place.form === 'ec2Query' || place.plain ? 1 : 0)
      return (
        item && fc.array(item, { minLength, maxLength: Math.max(minLength, Math.min(shape.max ?? 3, 3)) })
      )
    }
    case 'map': {
      const key = arbitraryOf(service, shape.key.shape, depth, place) as fc.Arbitrary<string> | undefined
      const value = arbitraryOf(service, shape.value.shape, depth, place)
      return (
        key &&
        value &&
        fc.dictionary(key, value, {
          minKeys: Math.max(shape.min ?? 0, place.form ? 1 : 0),
          maxKeys: Math.min(Math.max(2, shape.min ?? 0), shape.max ?? 2),
          noNullPrototype: true,
        })
      )
    }
    case 'string':
      return stringOf(shape, place.plain === true)
    case 'integer':
      return fc.integer({
        min: shape.min ?? -(2 ** 31),
        max: Math.min(shape.max ?? 2 ** 31 - 1, 2 ** 31 - 1),
      })
    case 'long':
      return fc.maxSafeInteger().filter((n) => n >= (shape.min ?? n) && n <= (shape.max ?? n))
    case 'float':
    case 'double':
      return fc
        .integer({ min: shape.min ?? -4000, max: shape.max ?? 4000 })
        .map((n) => (n < (shape.max ?? 4000) ? n + 0.125 : n))
    case 'boolean':
      return fc.boolean()
    case 'timestamp':
      return fc.integer({ min: 0, max: 4_000_000_000 }).map((seconds) => seconds * 1000)
    case 'blob':
      return fc.uint8Array({ minLength: shape.min ?? 1, maxLength: 40 })
    case 'document':
      return fc.jsonValue({ maxDepth: 2 })
  }
}

function structureOf(
  service: ServiceModel,
  shape: Shape & { type: 'structure' },
  depth: number,
  place: Place,
): fc.Arbitrary<unknown> | undefined {
  const required = new Set(shape.required)
  const members: Record<string, fc.Arbitrary<unknown>> = {}
  for (const [name, member] of Object.entries(shape.members)) {
    if (depth >= deepest && !required.has(name)) continue
    if (member.location === 'statusCode') {
      members[name] = fc.constantFrom(200, 202, 204)
      required.add(name) // every answer has one
      continue
    }
    const value = arbitraryOf(service, member.shape, depth + 1, {
      ...place,
      plain: member.location !== undefined,
    })
    if (value && shape.payload === name) required.add(name) // none and an empty one are the same bytes
    if (value) members[name] = value
    else if (required.has(name)) return undefined
  }
  if (shape.union) {
    const choices = Object.entries(members).map(([name, value]) =>
      value.map((content) => ({ [name]: content })),
    )
    return choices.length === 0 ? undefined : fc.oneof(...choices)
  }
  const record = fc.record(members, { requiredKeys: [...required], noNullPrototype: true })
  if (!place.form || depth === 0) return record
  return Object.keys(members).length === 0
    ? undefined
    : record.filter((value) => Object.keys(value).length > 0)
}

/** What the models' patterns commonly want. */
const examples = [
  'a',
  'Abc1',
  'abcdefgh',
  '/',
  '/team/',
  '123456',
  '123456789012',
  'us-east-1',
  'true',
  '1',
  '2.0',
  '0a',
  'i-0123456789abcdef0',
  'r-abcd',
  'ou-abcd-abcdefgh',
  'o-abcdefghij',
  'p-abcdefgh',
  'h-abcdefgh',
  'car-abcdefgh',
  'FullAWSAccess',
  'someone@example.com',
  'ec2.amazonaws.com',
  'https://example.com/',
  '$LATEST',
  'iam:GetRole',
  'arn:aws:iam::123456789012:role/web',
  'arn:aws:lambda:us-east-1:123456789012:function:web',
  'index.handler',
  'arn:aws:iam::123456789012:policy/p',
  'arn:aws:s3:::bucket',
  'lambda:InvokeFunction',
  'PRIVATE',
  'RS256',
  'arn:aws:cloudtrail:us-east-1:123456789012:trail/t',
  'nodejs22.x',
  'rt-abcdefgh',
  'hs-abcdefgh',
  '/tmp-x',
  'AB12CD34',
]

const hard = [...'aZ09 +%&=<>"\'/?#;é漢😀\n\t']

function stringOf(shape: Shape & { type: 'string' }, plain: boolean): fc.Arbitrary<string> | undefined {
  // The SDK's XML parser drops a text that is white space with a line break in it.
  const fits = (text: string): boolean =>
    !/^\s+$/.test(text) && text.length >= (shape.min ?? 0) && text.length <= (shape.max ?? text.length)
  if (shape.enum) return fc.constantFrom(...shape.enum)
  if (shape.pattern !== undefined) {
    const whole = expression(shape.pattern)
    const found = [...examples, ...examples.map((text) => text.padEnd(shape.min ?? 0, 'a'))].filter(
      (text) => fits(text) && whole.test(text),
    )
    if (found.length > 0) return fc.constantFrom(...found)
    return generated(whole, fits)
  }
  const minLength = Math.max(shape.min ?? 0, plain ? 1 : 0)
  const unit = fc.constantFrom(...(plain ? 'aZ09-' : hard))
  return fc
    .string({ unit, minLength, maxLength: Math.max(minLength, Math.min(shape.max ?? 12, 12)) })
    .filter(fits)
}

function expression(pattern: string): RegExp {
  const whole = `^(?:${pattern.replace('(?s).*', '[^]*')})$`
  try {
    return new RegExp(whole, 'u')
  } catch {
    return new RegExp(whole)
  }
}

/** Texts made from the pattern itself, where the library can. */
function generated(whole: RegExp, fits: (text: string) => boolean): fc.Arbitrary<string> | undefined {
  try {
    const found = fc.sample(fc.stringMatching(whole), { seed: 1, numRuns: 200 }).filter(fits)
    return found.length > 0 ? fc.constantFrom(...found) : undefined
  } catch {
    return undefined
  }
}

/** The value in another server's types: its instants and bytes, found by the shape, made anew. */
export function translate(
  service: ServiceModel,
  name: string | undefined,
  value: unknown,
  to: { readonly time: (milliseconds: number) => unknown; readonly bytes: (bytes: Uint8Array) => unknown },
): unknown {
  if (name === undefined) return value
  const shape = shapeNamed(service, name)
  switch (shape.type) {
    case 'structure':
      return Object.fromEntries(
        Object.entries(value as Values).map(([key, content]) => [
          key,
          translate(service, shape.members[key]!.shape, content, to),
        ]),
      )
    case 'list':
      return (value as readonly unknown[]).map((item) => translate(service, shape.member.shape, item, to))
    case 'map':
      return Object.fromEntries(
        Object.entries(value as Values).map(([key, item]) => [
          key,
          translate(service, shape.value.shape, item, to),
        ]),
      )
    case 'timestamp':
      return to.time(value as number)
    case 'blob':
      return to.bytes(value as Uint8Array)
    default:
      return value
  }
}

/** A value as it can be compared: bytes as base64, dates as milliseconds, nothing undefined. */
export function comparable(value: unknown): unknown {
  if (value instanceof Uint8Array) return { base64: Buffer.from(value).toString('base64') }
  if (value instanceof Date) return value.getTime()
  if (Array.isArray(value)) return value.map(comparable)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, content]) => content !== undefined)
      .map(([key, content]) => [key, comparable(content)]),
  )
}
