import { perObject } from '../base/index.ts'
import type { StructureShape } from './lookup.ts'
import type { ServiceModel } from './types.ts'

/** One of the errors that a service's model declares. */
export interface ErrorModel {
  /** The shape's name, as SDKs and CloudTrail call the error: `NoSuchEntityException`. */
  readonly shape: string
  /** The code that the query protocols write: `NoSuchEntity`. */
  readonly code: string
  readonly status: number
  /** Whether the caller is to blame. */
  readonly sender: boolean
  readonly structure: StructureShape
}

/** The declared error that a code, or a shape's name, means; undefined for the errors common to all of AWS. */
export function findError(service: ServiceModel, codeOrShape: string): ErrorModel | undefined {
  return tableOf(service).get(codeOrShape)
}

/** The name that CloudTrail records for a code: the shape's where the model declares one, else the code itself. */
export function errorShapeName(service: ServiceModel, code: string): string {
  return findError(service, code)?.shape ?? code
}

const tableOf = perObject((service: ServiceModel): ReadonlyMap<string, ErrorModel> => {
  const table = new Map<string, ErrorModel>()
  for (const [shape, structure] of Object.entries(service.shapes)) {
    if (structure.type !== 'structure' || !structure.error) continue
    const { code, status, sender } = structure.error
    const error = { shape, code, status, sender, structure }
    if (!table.has(code)) table.set(code, error)
    table.set(shape, error)
  }
  return table
})
