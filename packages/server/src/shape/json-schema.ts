import type { Shape } from './shape.ts'

/** The JSON Schema (draft 2020-12) of a shape, for editors. */
export function jsonSchema(shape: Shape, title: string, id: string): Readonly<Record<string, unknown>> {
  return { $schema: 'https://json-schema.org/draft/2020-12/schema', $id: id, title, ...schemaOf(shape) }
}

function schemaOf(shape: Shape): Readonly<Record<string, unknown>> {
  const description = shape.description === undefined ? {} : { description: shape.description }
  switch (shape.type) {
    case 'text':
      return {
        ...description,
        type: 'string',
        ...(shape.values === undefined ? {} : { enum: shape.values }),
        ...(shape.pattern === undefined ? {} : { pattern: shape.pattern.source }),
      }
    case 'flag':
      return { ...description, type: 'boolean' }
    case 'number':
      return { ...description, type: 'number' }
    case 'anything':
      return { ...description, type: 'object' }
    case 'list':
      return { ...description, type: 'array', items: schemaOf(shape.of) }
    case 'map':
      return {
        ...description,
        type: ['object', 'null'],
        ...(shape.keys === undefined ? {} : { propertyNames: { pattern: shape.keys.source } }),
        additionalProperties: schemaOf(shape.of),
      }
    case 'object': {
      const required = shape.required ?? []
      return {
        ...description,
        type: required.length > 0 ? 'object' : ['object', 'null'],
        properties: Object.fromEntries(
          Object.entries(shape.members).map(([name, member]) => [name, schemaOf(member)]),
        ),
        ...(required.length > 0 ? { required } : {}),
        additionalProperties: false,
      }
    }
    case 'orNull':
      return { ...description, anyOf: [schemaOf(shape.of), { type: 'null' }] }
    case 'either':
      return { ...description, anyOf: shape.shapes.map(schemaOf) }
  }
}
