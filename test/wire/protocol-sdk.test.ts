import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { Fault } from '../../packages/server/src/base/index.ts'
import { loadModel, type OperationModel, type ServiceModel } from '../../packages/server/src/model/index.ts'
import { createWire } from '../../packages/server/src/wire/index.ts'
import { clientOf, commandOf, type Id, ids, newer } from './protocol-sdk.ts'
import { comparable, inputsOf, outputsOf, translate, type Values } from './protocol-values.ts'

const wire = createWire(ids.map(loadModel))

const sdkTypes = {
  time: (milliseconds: number) => new Date(milliseconds),
  bytes: (bytes: Uint8Array) => bytes,
}

async function roundTrip(
  id: Id,
  service: ServiceModel,
  operation: OperationModel,
  input: Values,
  output: Values,
) {
  let received: Record<string, unknown> = {}
  const client = clientOf(id, (request) => {
    const identified = wire.identify(request)
    if ('fault' in identified) throw new Error(identified.fault.message)
    assert.equal(identified.route.service, service)
    assert.equal(identified.route.operation, operation)
    try {
      received = wire.parse(identified.route, request)
    } catch (thrown) {
      throw thrown instanceof Fault ? new Error(`${thrown.code}: ${thrown.message}`) : thrown
    }
    return wire.serialize(identified.route, output, 'request-1')
  })
  const answered = await client.send(
    commandOf(id, operation.name, translate(service, operation.input, input, sdkTypes)),
  )
  const { $metadata, ...rest } = answered
  assert.equal(($metadata as Values).requestId, 'request-1')
  assert.deepEqual(comparable(withoutTokens(service, operation, received, input)), comparable(input))
  assert.deepEqual(comparable(rest), comparable(output))
}

/** Operations with members that the SDK does not have yet: the overlay of IAM's model says which. */
const newerMembers = /^(?:Create|Update|Get)(?:OpenIDConnect|SAML)Provider$/

function knownMembers({ name }: OperationModel, values: Values): Values {
  if (!newerMembers.test(name)) return values
  const { ContextProvider: _, IdentityCenterInstanceArn: __, ...known } = values
  return known
}

/** AWS takes DryRun for associations of instance profiles; neither its model nor the SDK has it. */
function knownToSdk({ name }: OperationModel, { DryRun, ...input }: Values): Values {
  return DryRun === undefined || /IamInstanceProfile/.test(name) ? input : { ...input, DryRun }
}

/** The SDK makes up the tokens that it was not given. */
function withoutTokens(
  service: ServiceModel,
  operation: OperationModel,
  received: Values,
  sent: Values,
): Values {
  const shape = operation.input === undefined ? undefined : service.shapes[operation.input]
  if (shape?.type !== 'structure') return received
  return Object.fromEntries(
    Object.entries(received).filter(([name]) => name in sent || !shape.members[name]?.idempotencyToken),
  )
}

describe('the AWS SDK for JavaScript speaks with the wire (WIRE-1, WIRE-2, WIRE-3, WIRE-4)', () => {
  for (const id of ids) {
    const service = loadModel(id)
    const operations = Object.values(service.operations).filter(({ name }) => !newer.has(name))
    test(`${id}: ${operations.length} operations there and back`, async () => {
      const left: string[] = []
      for (const operation of operations) {
        const [inputs, outputs] = [inputsOf(service, operation), outputsOf(service, operation)]
        if (!inputs || !outputs) {
          left.push(operation.name)
          continue
        }
        const property = fc.asyncProperty(inputs, outputs, (input, output) =>
          roundTrip(
            id,
            service,
            operation,
            knownMembers(operation, knownToSdk(operation, input)),
            knownMembers(operation, output),
          ).catch((thrown: unknown) => {
            throw new Error(
              `${operation.name}: ${thrown instanceof Error ? thrown.message : String(thrown)}`,
              { cause: thrown },
            )
          }),
        )
        await fc.assert(property, { seed: 6636, numRuns: id === 'ec2' ? 4 : 8, endOnFailure: true })
      }
      assert.deepEqual(left, [])
    })
  }
})
