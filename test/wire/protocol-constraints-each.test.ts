import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { Fault } from '../../packages/server/src/base/index.ts'
import {
  loadModel,
  type OperationModel,
  type ServiceModel,
  type Shape,
  shapeNamed,
} from '../../packages/server/src/model/index.ts'
import { createWire } from '../../packages/server/src/wire/index.ts'
import { clientOf, commandOf, newer } from './protocol-sdk.ts'
import { inputsOf, translate, type Values } from './protocol-values.ts'

const ids = ['iam', 'sts'] as const
const wire = createWire(ids.map(loadModel))

/** A value that one constraint of a shape refuses, and the message. */
interface Breach {
  readonly value: unknown
  readonly said: string
}

const must = (text: string) => `Member must ${text}`

/** One breach of each constraint that a shape has by itself, the model read anew and as plainly as can be. */
function breachesOf(service: ServiceModel, shape: Shape): readonly Breach[] {
  const found: Breach[] = []
  const bounds = (what: string, of: (n: number) => unknown, { min, max }: { min?: number; max?: number }) => {
    // a form ends before the ten million characters that the model lets SAML metadata have
    if (max !== undefined && max < 1_000_000)
      found.push({ value: of(max + 1), said: must(`have ${what} less than or equal to ${max}`) })
    if (min !== undefined && (what === 'value' || min > 0))
      found.push({ value: of(min - 1), said: must(`have ${what} greater than or equal to ${min}`) })
  }
  switch (shape.type) {
    case 'string': {
      bounds('length', (n) => 'a'.repeat(n), shape)
      if (shape.enum) found.push({ value: 'none-of-these', said: must('satisfy enum value set') })
      const { pattern } = shape
      if (pattern !== undefined) {
        const whole = new RegExp(`^(?:${pattern})$`, pattern.includes('\\p{') ? 'u' : '')
        const wrong = ['!', 'a b', '日', '\u0000', ''].find((text) => {
          const filled = text.padEnd(Math.max(shape.min ?? 0, 1), 'a')
          return !whole.test(filled)
        })
        if (wrong !== undefined)
          found.push({
            value: wrong.padEnd(Math.max(shape.min ?? 0, 1), 'a'),
            said: must(`satisfy regular expression pattern: ${pattern}`),
          })
      }
      break
    }
    case 'integer':
    case 'long':
      bounds('value', (n) => n, shape)
      break
    case 'list': {
      const one = someOf(service, shapeNamed(service, shape.member.shape))
      bounds('length', (n) => Array.from({ length: n }, () => one), shape)
      break
    }
  }
  return found
}

/** Any value that can be sent. */
function someOf(service: ServiceModel, shape: Shape): unknown {
  if (shape.type === 'string') return shape.enum?.[0] ?? 'a'
  if (shape.type !== 'structure') return 1
  return Object.fromEntries(
    Object.entries(shape.members).map(([name, member]) => [
      name,
      someOf(service, shapeNamed(service, member.shape)),
    ]),
  )
}

interface Case extends Breach {
  readonly path: string
  readonly input: Values
}

const lowerFirst = (name: string) => name.charAt(0).toLowerCase() + name.slice(1)

/** Every member of an input, and of the structures in its lists, once left out and once wrong in each way. */
function* casesOf(service: ServiceModel, operation: OperationModel, valid: Values): Generator<Case> {
  if (operation.input === undefined) return
  const structure = shapeNamed(service, operation.input)
  if (structure.type !== 'structure') return
  for (const [name, member] of Object.entries(structure.members)) {
    const path = lowerFirst(name)
    const shape = shapeNamed(service, member.shape)
    const { [name]: _, ...without } = valid
    if (structure.required?.includes(name) && shape.type !== 'blob')
      yield { path, input: without, value: undefined, said: must('not be null') }
    for (const breach of breachesOf(service, shape)) {
      // an empty list reads as none (behaviour WIRE-90)
      if (Array.isArray(breach.value) && breach.value.length === 0) continue
      yield { path, input: { ...valid, [name]: breach.value }, ...breach }
    }
    const item = shape.type === 'list' ? shapeNamed(service, shape.member.shape) : undefined
    if (item?.type !== 'structure') continue
    for (const [inner, { shape: innerShape }] of Object.entries(item.members)) {
      for (const breach of breachesOf(service, shapeNamed(service, innerShape))) {
        const input = { ...valid, [name]: [{ [inner]: breach.value }] }
        yield { path: `${path}.1.member.${lowerFirst(inner)}`, input, ...breach }
      }
    }
  }
}

/** What the wire says of an input, sent by the SDK, which checks nothing. */
async function refusal(service: ServiceModel, operation: OperationModel, input: Values): Promise<Fault> {
  let refused: Fault | undefined
  const id = service.id as (typeof ids)[number]
  const client = clientOf(id, (request) => {
    const identified = wire.identify(request)
    if ('fault' in identified) throw new Error(identified.fault.message)
    try {
      wire.parse(identified.route, request)
    } catch (thrown) {
      if (!(thrown instanceof Fault)) throw thrown
      refused = thrown
    }
    return { status: 200, headers: { 'content-type': 'text/xml' }, body: '<a/>' }
  })
  const given = translate(service, operation.input, input, {
    time: (milliseconds: number) => new Date(milliseconds),
    bytes: (bytes: Uint8Array) => bytes,
  })
  await client.send(commandOf(id, operation.name, given)).catch(() => {})
  assert(refused !== undefined, `${operation.name} took ${JSON.stringify(input).slice(0, 200)}`)
  return refused
}

describe('each constraint of each operation is reported when it is broken (WIRE-50 to WIRE-53, WIRE-58)', () => {
  for (const id of ids) {
    test(id, async (context) => {
      const service = loadModel(id)
      let count = 0
      for (const operation of Object.values(service.operations)) {
        if (newer.has(operation.name)) continue
        const inputs = inputsOf(service, operation)
        assert(inputs !== undefined, operation.name)
        const [valid = {}] = fc.sample(inputs, { seed: 1, numRuns: 1 })
        for (const { path, input, said } of casesOf(service, operation, valid)) {
          count++
          const { code, status, message } = await refusal(service, operation, input)
          assert.deepEqual([code, status], ['ValidationError', 400], `${operation.name} ${path}`)
          const told =
            message.includes(`at '${path}' failed to satisfy constraint: ${said}`) ||
            ((said.includes('regular expression') || path === 'marker') &&
              message.startsWith(`The specified value for ${path} is`))
          assert(told, `${operation.name} ${path} ${said}: ${message}`)
        }
      }
      context.diagnostic(`${count} constraints`)
      assert(count > (id === 'iam' ? 700 : 70))
    })
  }
})
