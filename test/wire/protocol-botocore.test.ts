import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { Fault, type HttpRequest } from '../../packages/server/src/base/index.ts'
import { loadModel, type ServiceId } from '../../packages/server/src/model/index.ts'
import { createWire } from '../../packages/server/src/wire/index.ts'
import { needs } from '../support/index.ts'
import { type Exchanged, marks, withBotocore } from './protocol-botocore.ts'
import { inputsOf, outputsOf, translate } from './protocol-values.ts'

const ids = [
  'iam',
  'sts',
  'cloudtrail',
  'organizations',
  'ec2',
  'lambda',
] as const satisfies readonly ServiceId[]
const wire = createWire(ids.map(loadModel))

describe('botocore speaks with the wire (WIRE-1, WIRE-2, WIRE-3, WIRE-4)', needs('boto3'), () => {
  test('what it serializes is read, what the wire writes it parses, for every operation', () => {
    const exchanges = ids.flatMap((id) => {
      const service = loadModel(id)
      return Object.values(service.operations).flatMap((operation) => {
        const [inputs, outputs] = [inputsOf(service, operation), outputsOf(service, operation)]
        if (!inputs || !outputs) return []
        const samples = fc.sample(fc.tuple(inputs, outputs), { seed: 66, numRuns: 3 })
        return samples.map(([input, output]) => {
          const { status, headers, body } = wire.serialize(
            { service, operation, labels: {} },
            output,
            'request-1',
          )
          return {
            service: id,
            operation: operation.name,
            input: translate(service, operation.input, input, marks),
            output: translate(service, operation.output, output, marks),
            response: { status, headers, body: Buffer.from(body as string).toString('base64') },
          }
        })
      })
    })
    let compared = 0
    withBotocore(exchanges).forEach((exchanged, i) => {
      if (!exchanged) return
      const { service, operation } = exchanges[i]!
      compared++
      assert.deepEqual(read(exchanged.request, operation), exchanged.input, `${service} ${operation} in`)
      assert.deepEqual(exchanged.parsed, exchanged.output, `${service} ${operation} out`)
    })
    // The oldest botocore that suits knows nearly all of them.
    assert.ok(compared > exchanges.length * 0.9, `${compared} of ${exchanges.length}`)
  })
})

/** The input that the wire reads from botocore's request, marked. */
function read(request: NonNullable<Exchanged>['request'], operation: string): unknown {
  const received: HttpRequest = {
    method: request.method,
    rawPath: request.path,
    rawQuery: request.query,
    headers: request.headers,
    body: Buffer.from(request.body, 'base64'),
    remoteAddress: '127.0.0.1',
    secure: false,
  }
  const identified = wire.identify(received)
  if ('fault' in identified) assert.fail(`${operation}: ${identified.fault.message}`)
  assert.equal(identified.route.operation.name, operation)
  try {
    const input = wire.parse(identified.route, received)
    return translate(identified.route.service, identified.route.operation.input, input, marks)
  } catch (thrown) {
    if (thrown instanceof Fault) assert.fail(`${operation}: ${thrown.message}`)
    throw thrown
  }
}
