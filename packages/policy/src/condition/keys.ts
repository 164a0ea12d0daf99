import type { Policy } from '../document/policy.ts'

/**
 * The context keys in the conditions and variables of policies, as first written and in order.
 * GetContextKeysForCustomPolicy returns these.
 */
export function contextKeys(policies: readonly Policy[]): readonly string[] {
  const found = new Map<string, string>()
  for (const key of keysAsWritten(policies)) {
    const name = key.toLowerCase()
    if (!found.has(name)) found.set(name, key)
  }
  return [...found.values()]
}

/** The same with each spelling of a key: a simulation names them all (behaviour SIM-10). */
export function keysAsWritten(policies: readonly Policy[]): readonly string[] {
  const found = new Set<string>()
  for (const { version, statements } of policies) {
    const variables = version === '2012-10-17'
    for (const { resource, condition } of statements) {
      if (variables)
        for (const { value } of resource?.values ?? []) for (const key of variablesIn(value)) found.add(key)
      for (const { key, values } of condition) {
        found.add(key)
        if (variables) for (const { value } of values) for (const name of variablesIn(value)) found.add(name)
      }
    }
  }
  return [...found]
}

/** The names of variables. One without its closing brace is none (behaviour POL-182), so the text ends at the last brace. */
function variablesIn(text: string): readonly string[] {
  if (!text.includes('${')) return []
  const closed = text.slice(0, text.lastIndexOf('}') + 1)
  const names = [...closed.matchAll(/\$\{([^},]*)/g)].map(([, name = '']) => name.trim())
  return names.filter((name) => name !== '' && name !== '*' && name !== '?' && name !== '$')
}
