import type {
  PackedHead,
  PackedOperation,
  PackedService,
} from '../../packages/server/src/guard/catalogue/index.ts'
import type { RawModel } from '../models/botocore.ts'
import { givenOf } from './paths.ts'
import { isOpen, protocolsOf, type RawOperation } from './raw.ts'

/** What tells whether a request is meant for this service. */
export function headOf(id: string, model: RawModel): PackedHead {
  const { metadata, operations } = model
  const speaks = protocolsOf(model)
  const rest = speaks.includes('restJson') || speaks.includes('restXml')
  const open = Object.entries(operations).filter(([, operation]) => rest && isOpen(operation))
  return {
    id,
    title: metadata.serviceFullName,
    version: metadata.apiVersion,
    speaks,
    signs: metadata.signingName ?? metadata.endpointPrefix,
    host: metadata.endpointPrefix,
    ...(metadata.targetPrefix !== undefined && { target: metadata.targetPrefix }),
    ...(open.length > 0 && {
      open: Object.fromEntries(open.map(([name, { http }]) => [name, `${http.method} ${http.requestUri}`])),
    }),
  }
}

/** A service's operations: how each is called. */
export function sectionOf(model: RawModel): PackedService {
  const rest = protocolsOf(model).some((protocol) => protocol === 'restJson' || protocol === 'restXml')
  const given = rest ? givenOf(model) : new Map<string, readonly string[]>()
  // Of operations that nothing tells apart the first is meant: never a deprecated one.
  const operations = Object.entries(model.operations).sort(([, a], [, b]) => rank(a) - rank(b))
  return {
    operations: Object.fromEntries(
      operations.map(([name, operation]): [string, PackedOperation] => {
        const { http } = operation
        const required = given.get(name)
        return [
          name,
          {
            ...(rest && { http: `${http.method} ${http.requestUri}` }),
            ...(required !== undefined && { given: required }),
            ...(isOpen(operation) && { open: true }),
          },
        ]
      }),
    ),
  }
}

function rank({ deprecated }: RawOperation): number {
  return deprecated ? 1 : 0
}
