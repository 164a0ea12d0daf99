import type { World } from './case.ts'

type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json }

/**
 * The smallest world of which something still holds: leaves out members and items one after another for as long as
 * that is possible. What comes out of a disagreement between engine and twin is a case, but for its answer.
 */
export function reduce(world: World, stillHolds: (smaller: World) => boolean): World {
  // A world is plain JSON, and of a world without one of its optional parts the same is true.
  let smallest = world as unknown as Json
  for (let found: Json | undefined = smallest; found !== undefined; ) {
    smallest = found
    found = undefined
    for (const candidate of smaller(smallest)) {
      if (!stillHolds(candidate as unknown as World)) continue
      found = candidate
      break
    }
  }
  return smallest as unknown as World
}

/** Every way to leave one thing out. */
function* smaller(value: Json): Generator<Json> {
  if (isList(value)) {
    for (let index = 0; index < value.length; index++) {
      if (value.length > 1) yield value.toSpliced(index, 1)
    }
    for (const [index, item] of value.entries()) {
      for (const less of smaller(item)) yield value.with(index, less)
    }
  } else if (typeof value === 'object' && value !== null) {
    for (const name of Object.keys(value)) {
      if (isNeeded(name, value)) continue
      const { [name]: _, ...rest } = value
      yield rest
    }
    for (const [name, item] of Object.entries(value)) {
      for (const less of smaller(item)) yield { ...value, [name]: less }
    }
  }
}

/** Members without which a world is none any more. */
function isNeeded(name: string, owner: { readonly [name: string]: Json }): boolean {
  if ('request' in owner || 'service' in owner) return true
  if ('principal' in owner) return name !== 'context'
  if ('Effect' in owner) return name !== 'Condition' && name !== 'Sid'
  return name === 'Statement'
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value)
}
