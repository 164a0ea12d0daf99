import type { ServiceModel } from '../model/index.ts'
import { codecOf } from './codec.ts'
import { constraintsOf } from './constraint/index.ts'
import { writeFault } from './fault.ts'
import { createIdentify } from './identify.ts'
import { writeQueryJson } from './query/json.ts'
import type { Wire } from './types.ts'

const nothing: Readonly<Record<string, unknown>> = {}

/** Returns the wire of these services. An operation's codec is compiled at its first call. */
export function createWire(services: readonly ServiceModel[]): Wire {
  return {
    identify: createIdentify(services),
    parse(route, request) {
      const input = codecOf(route).read(request, route)
      constraintsOf(route)(input)
      return input
    },
    serialize: (route, output, requestId) =>
      route.json === true
        ? writeQueryJson(route, output ?? nothing, requestId)
        : codecOf(route).write(output ?? nothing, requestId),
    serializeFault: writeFault,
  }
}
