export { checkShape, type ShapeProblem } from './check.ts'
export { jsonSchema } from './json-schema.ts'
export { either, list, map, object, oneOf, oneOrMany, orNull, type Shape, text } from './shape.ts'
export { nodeAt, plainValue } from './values.ts'
