import type { RawModel } from '../models/botocore.ts'
import type { RawOperation } from './raw.ts'

/**
 * What tells the operations of one method and path apart: the parameters and headers that each requires,
 * by operation; operations that have their path to themselves are left out.
 */
export function givenOf(model: RawModel): ReadonlyMap<string, readonly string[]> {
  const groups = Map.groupBy(Object.entries(model.operations), ([, { http }]) => shapeOf(http))
  const given = new Map<string, readonly string[]>()
  for (const group of groups.values()) {
    if (group.length < 2) continue
    for (const [name, operation] of group) {
      const required = requiredOutsideBody(model, operation)
      if (required.length > 0) given.set(name, required)
    }
  }
  return given
}

/** A method and path without its labels' names and without its query. */
function shapeOf({ method, requestUri }: RawOperation['http']): string {
  const path = requestUri.split('?', 1)[0]!
  return `${method} ${path
    .replace(/\{[\w.-]+\+\}/g, '{+}')
    .replace(/\{[\w.-]+\}/g, '{}')
    .replace(/\/$/, '')}`
}

function requiredOutsideBody(model: RawModel, operation: RawOperation): readonly string[] {
  const shape = operation.input && model.shapes[operation.input.shape]
  return (shape?.required ?? []).flatMap((name) => {
    const member = shape?.members?.[name]
    if (member?.location === 'querystring') return [`?${member.locationName ?? name}`]
    if (member?.location === 'header') return [`#${(member.locationName ?? name).toLowerCase()}`]
    return []
  })
}
