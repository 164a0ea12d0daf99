import type { Policy } from '../document/policy.ts'

/**
 * The context keys in the conditions and variables of policies, as first written and in order.
 * GetContextKeysForCustomPolicy returns these.
 */
export function contextKeys(policies: readonly Policy[]): readonly string[] {
  const found = new Map<string, string>()
  const add = (key: string): void => {
    const name = key.toLowerCase()
    if (!found.has(name)) found.set(name, key)
  }
  for (const { version, statements } of policies) {
    const variables = version === '2012-10-17'
    for (const { resource, condition } of statements) {
      if (variables)
        for (const { value } of resource?.values ?? []) for (const key of variablesIn(value)) add(key)
      for (const { key, values } of condition) {
        add(key)
        if (variables) for (const { value } of values) for (const name of variablesIn(value)) add(name)
      }
    }
  }
  return [...found.values()]
}

function variablesIn(text: string): readonly string[] {
  if (!text.includes('${')) return []
  const names = [...text.matchAll(/\$\{([^},]*)/g)].map(([, name = '']) => name.trim())
  return names.filter((name) => name !== '' && name !== '*' && name !== '?' && name !== '$')
}
