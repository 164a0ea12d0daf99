import type { Exactness, PackedHead } from '../../packages/server/src/guard/catalogue/index.ts'
import type { RawModel } from '../models/botocore.ts'
import { inputOf } from './input.ts'
import type { NeedsOfService } from './needs.ts'
import type { WrittenOperation, WrittenOperations } from './notation.ts'
import { givenOf } from './paths.ts'
import { isOpen, isRaw, protocolsOf, type RawOperation } from './raw.ts'

/** What tells whether a request is meant for this service. */
export function headOf(
  id: string,
  model: RawModel,
  prefix: string | undefined,
  written: WrittenOperations,
): PackedHead {
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
    ...(prefix !== undefined && { prefix }),
    exactness: countOf(written),
    ...(open.length > 0 && {
      open: Object.fromEntries(open.map(([name, { http }]) => [name, `${http.method} ${http.requestUri}`])),
    }),
  }
}

function countOf(written: WrittenOperations): Readonly<Partial<Record<Exactness, number>>> {
  const count: Partial<Record<Exactness, number>> = {}
  for (const { exactness = 'unknown' } of Object.values(written))
    count[exactness] = (count[exactness] ?? 0) + 1
  return count
}

/** A service's operations: how each is called, and what it asks. */
export function writtenOf(model: RawModel, needs: NeedsOfService): WrittenOperations {
  const rest = protocolsOf(model).some((protocol) => protocol === 'restJson' || protocol === 'restXml')
  const given = rest ? givenOf(model) : new Map<string, readonly string[]>()
  // Of operations that nothing tells apart the first is meant: never a deprecated one.
  const operations = Object.entries(model.operations).sort(([, a], [, b]) => rank(a) - rank(b))
  return Object.fromEntries(
    operations.map(([name, operation]): [string, WrittenOperation] => {
      const { http } = operation
      const required = given.get(name)
      const { asks, exactness, keys, tags, places } = needs.of(name, operation)
      const input = inputOf(model, operation, places)
      return [
        name,
        {
          ...(rest && { http: `${http.method} ${http.requestUri}` }),
          ...(required !== undefined && { given: required }),
          ...(isOpen(operation) && { open: true }),
          ...(rest && isRaw(model, operation) && { raw: true }),
          ...(input !== undefined && { input }),
          ...(asks !== undefined && { asks }),
          ...(exactness !== 'unknown' && { exactness }),
          ...(Object.keys(keys).length > 0 && { keys }),
          ...(tags.length > 0 && { tags }),
        },
      ]
    }),
  )
}

function rank({ deprecated }: RawOperation): number {
  return deprecated ? 1 : 0
}
