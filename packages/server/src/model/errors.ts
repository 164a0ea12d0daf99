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
  /** Whether the caller caused the error. */
  readonly sender: boolean
  readonly structure: StructureShape
}

/** Returns the declared error of a code or a shape's name, or undefined for the errors common to all AWS services. */
export function findError(service: ServiceModel, codeOrShape: string): ErrorModel | undefined {
  return tableOf(service).get(codeOrShape)
}

/**
 * Returns the name that CloudTrail records for a code: the shape's name if the model declares one, otherwise the code
 * itself.
 */
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
