const step = /\[\]|\{[^{}]*\}|[^.[\]{}]+/g

/** The most places of an input that are read; no operation has as many. */
const mostValues = 1000

/**
 * Returns the texts at a place of an operation's input, for example `Targets[].RoleArn`: member names joined by dots,
 * `[]` for each element of a list, `{}` for each value of a map, `{key}` for one of them.
 */
export function valuesAt(input: unknown, place: string): readonly string[] {
  let found: unknown[] = [input]
  for (const [name] of place.matchAll(step)) {
    const next: unknown[] = []
    for (const value of found) {
      for (const part of partsOf(value, name)) {
        if (part !== undefined && part !== null && next.length < mostValues) next.push(part)
      }
    }
    found = next
  }
  return found.filter((value) => typeof value === 'string')
}

function partsOf(value: unknown, name: string): readonly unknown[] {
  if (typeof value !== 'object' || value === null) return []
  if (name === '[]') return Array.isArray(value) ? value : []
  if (name === '{}') return Object.values(value)
  const key = name.startsWith('{') ? name.slice(1, -1) : name
  return Object.hasOwn(value, key) ? [Reflect.get(value, key)] : []
}
