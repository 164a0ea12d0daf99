import { type PassRoleRow, passRoleTable } from '../../packages/server/src/authorization/catalogue/index.ts'
import type { Botocore, RawModel } from '../models/botocore.ts'

type Shapes = RawModel['shapes']

/** What the API models say against the table of operations that hand roles on. */
export interface PassRoleCheck {
  /** Places that no model has. */
  readonly wrong: readonly string[]
  /** Inputs that may hold a role, of operations that the table lacks. */
  readonly missing: readonly string[]
}

/** Looks for every place of the table in botocore's models, and for operations that the table lacks. */
export function checkPassRole(botocore: Botocore): PassRoleCheck {
  const models = botocore.all().map(({ model }) => model)
  const rows = [...passRoleTable().values()].flat()
  const wrong = rows.flatMap((row) =>
    row.roles
      .map(({ each = '', at }) => each + at)
      .filter((place) => !models.some((model) => hasPlace(model, row, place)))
      .map((place) => `${row.service}:${row.operation} ${place}`),
  )
  // Other services have operations of the same name; what they share is taken as listed.
  const listed = new Set(rows.flatMap(({ operation, roles }) => roles.map(({ at }) => `${operation} ${at}`)))
  const missing = models.flatMap(({ metadata, operations, shapes }) =>
    Object.values(operations)
      .filter(({ name }) => !/^(?:Batch)?(?:Get|List|Describe|Search|Delete)/.test(name))
      .flatMap(({ name, input }) => (input ? placesIn(shapes, input.shape).map((at) => `${name} ${at}`) : []))
      .filter((place) => /(?:role|role_?arns?|instanceprofile)(?:\[\]|\{\})?$/i.test(place))
      .filter((place) => !listed.has(place))
      .map((place) => `${metadata.signingName ?? metadata.endpointPrefix}:${place}`),
  )
  return { wrong, missing: missing.sort() }
}

function hasPlace(model: RawModel, row: PassRoleRow, at: string): boolean {
  let shape = model.operations[row.operation]?.input?.shape
  for (const [name] of at.matchAll(/\[\]|\{[^{}]*\}|[^.[\]{}]+/g)) {
    const { type, members, member, value } = (shape && model.shapes[shape]) || { type: 'none' }
    if (name === '[]') shape = type === 'list' ? member?.shape : undefined
    else if (name.startsWith('{')) shape = type === 'map' ? value?.shape : undefined
    else shape = members?.[name]?.shape
  }
  return shape !== undefined && model.shapes[shape]?.type === 'string'
}

/** The places of all texts in a shape; one that holds itself is entered once. */
function placesIn(
  shapes: Shapes,
  name: string,
  place = '',
  within: readonly string[] = [],
): readonly string[] {
  const shape = shapes[name]
  if (shape === undefined || within.includes(name) || within.length > 9) return []
  const inner = [...within, name]
  switch (shape.type) {
    case 'structure':
      return Object.entries(shape.members ?? {}).flatMap(([member, { shape: target }]) =>
        placesIn(shapes, target, place === '' ? member : `${place}.${member}`, inner),
      )
    case 'list':
      return shape.member === undefined ? [] : placesIn(shapes, shape.member.shape, `${place}[]`, inner)
    case 'map':
      return shape.value === undefined ? [] : placesIn(shapes, shape.value.shape, `${place}{}`, inner)
    case 'string':
      return shape.enum === undefined ? [place] : []
    default:
      return []
  }
}
