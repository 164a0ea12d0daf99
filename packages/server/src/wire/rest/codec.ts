import {
  type OperationModel,
  type ServiceModel,
  type StructureShape,
  structureNamed,
} from '../../model/index.ts'
import type { Codec } from '../types.ts'
import { restReader } from './read.ts'
import { restWriter } from './write.ts'

/** restJson and restXml: members are in the path, query string, headers and body (behaviour WIRE-4). */
export function restCodec(service: ServiceModel, operation: OperationModel): Codec {
  const nothing: StructureShape = { type: 'structure', members: {} }
  const shape = operation.input ? structureNamed(service, operation.input) : nothing
  return { read: restReader(service, shape), write: restWriter(service, operation) }
}
