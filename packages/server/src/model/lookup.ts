import { assert } from '../base/index.ts'
import type { OperationModel, ServiceModel, Shape } from './types.ts'

export type StructureShape = Shape & { readonly type: 'structure' }

/** Returns the operation of that name, if the service has one. */
export function findOperation(service: ServiceModel, name: string): OperationModel | undefined {
  return Object.hasOwn(service.operations, name) ? service.operations[name] : undefined
}

/** Returns the shape of that name; models name only shapes that they contain. */
export function shapeNamed(service: ServiceModel, name: string): Shape {
  const shape = service.shapes[name]
  assert(shape, `${service.id} has no shape ${name}`)
  return shape
}

/** Returns the structure of that name; inputs, outputs and errors are structures. */
export function structureNamed(service: ServiceModel, name: string): StructureShape {
  const shape = shapeNamed(service, name)
  assert(shape.type === 'structure', `${service.id} ${name} is a ${shape.type}`)
  return shape
}
