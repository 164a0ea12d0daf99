import type { ServiceModel, Shape } from '../../packages/server/src/model/index.ts'

/** Longer enums stay plain strings: EC2 has thousands of instance types, and a type of them helps nobody. */
const longestEnum = 60

/** The TypeScript text of a service's structures and of its operations' inputs and outputs. */
export function typesOf(model: ServiceModel): string {
  const lines = [
    `// Derived by tools/models.ts from the ${model.title} model, version ${model.apiVersion}. Not to be edited.`,
    '',
  ]
  for (const [name, shape] of Object.entries(model.shapes)) {
    if (shape.type === 'structure') lines.push(...structure(model, name, shape), '')
    else if (isNamedEnum(shape))
      lines.push(`export type ${identifier(name)} = ${shape.enum.map(quote).join(' | ')}`, '')
  }
  lines.push(`/** Every operation of the model with its input and output. */`)
  lines.push(`export interface Operations {`)
  for (const operation of Object.values(model.operations)) {
    const input = operation.input ? identifier(operation.input) : 'Readonly<Record<never, never>>'
    const output = operation.output ? identifier(operation.output) : 'undefined'
    lines.push(`  ${operation.name}: { readonly input: ${input}; readonly output: ${output} }`)
  }
  lines.push('}', '')
  return lines.join('\n')
}

function structure(
  model: ServiceModel,
  name: string,
  shape: Shape & { type: 'structure' },
): readonly string[] {
  const required = new Set(shape.required)
  const members = Object.entries(shape.members).map(([member, { shape: target }]) => {
    const type = typeOf(model, target)
    const key = /^[A-Za-z_$][\w$]*$/.test(member) ? member : quote(member)
    return required.has(member) ? `  readonly ${key}: ${type}` : `  readonly ${key}?: ${type} | undefined`
  })
  if (members.length === 0) return [`export type ${identifier(name)} = Readonly<Record<never, never>>`]
  return [`export interface ${identifier(name)} {`, ...members, '}']
}

function typeOf(model: ServiceModel, name: string): string {
  const shape = model.shapes[name]!
  switch (shape.type) {
    case 'structure':
      return identifier(name)
    case 'list':
      return `readonly ${element(typeOf(model, shape.member.shape))}[]`
    case 'map':
      return `Readonly<Record<string, ${typeOf(model, shape.value.shape)}>>`
    case 'string':
      return isNamedEnum(shape) ? identifier(name) : 'string'
    case 'integer':
    case 'long':
    case 'float':
    case 'double':
    case 'timestamp':
      return 'number'
    case 'boolean':
      return 'boolean'
    case 'blob':
      return 'Uint8Array'
    case 'document':
      return 'unknown'
  }
}

function isNamedEnum(shape: Shape): shape is Shape & { type: 'string'; enum: readonly string[] } {
  return shape.type === 'string' && shape.enum !== undefined && shape.enum.length <= longestEnum
}

/** A list of lists needs parentheses around its `readonly`. */
function element(type: string): string {
  return type.startsWith('readonly ') ? `(${type})` : type
}

/** botocore's names of simple shapes begin in lower case; ours of types do not. */
function identifier(name: string): string {
  return name[0]!.toUpperCase() + name.slice(1)
}

function quote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}
