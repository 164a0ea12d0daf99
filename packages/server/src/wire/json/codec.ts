import { Fault, perObject } from '../../base/index.ts'
import {
  type OperationModel,
  type ServiceModel,
  type StructureShape,
  structureNamed,
} from '../../model/index.ts'
import { limits } from '../limits.ts'
import type { Codec } from '../types.ts'
import { parseJson } from './parse.ts'
import { JsonReaders } from './read.ts'
import { JsonWriters } from './write.ts'

/** awsJson 1.0 and 1.1: the input is the body, the output is the body (behaviour WIRE-3). */
export function jsonCodec(service: ServiceModel, operation: OperationModel): Codec {
  const nothing: StructureShape = { type: 'structure', members: {} }
  const read = jsonReaders(service).structure(
    operation.input ? structureNamed(service, operation.input) : nothing,
  )
  const write = operation.output && jsonWriters(service).structure(structureNamed(service, operation.output))
  const contentType =
    service.protocol === 'awsJson1_0' ? 'application/x-amz-json-1.0' : 'application/x-amz-json-1.1'
  return {
    read: ({ body }) => read(body.length === 0 ? {} : readBody(body, limits.jsonBytes)),
    write: (output, requestId) => ({
      status: 200,
      headers: { 'content-type': contentType, 'x-amzn-requestid': requestId },
      body: write ? JSON.stringify(write(output)) : '',
    }),
  }
}

/** Returns the JSON value of a body. @throws Fault if it is too long or not JSON (behaviour WIRE-41) */
export function readBody(body: Uint8Array, limit: number): unknown {
  if (body.length > limit) {
    throw new Fault('RequestEntityTooLargeException', `The request body is longer than ${limit} bytes`, 413)
  }
  const parsed = parseJson(body)
  if (!parsed) throw new Fault('SerializationException', 'The request body is not a JSON text', 400)
  return parsed.value
}

/** The readers shared by all operations of a service. */
export const jsonReaders = perObject((service: ServiceModel) => new JsonReaders(service))

/** The writers shared by all operations of a service. */
export const jsonWriters = perObject((service: ServiceModel) => new JsonWriters(service))
