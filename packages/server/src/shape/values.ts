import type { JsonNode } from '@omen-iam/policy'

/** The value of a tree as JSON.parse returns it. Of members with one name the last counts. */
export function plainValue(node: JsonNode): unknown {
  switch (node.type) {
    case 'string':
    case 'scalar':
      return node.value
    case 'list':
      return node.items.map(plainValue)
    case 'object':
      // own properties, whatever the names are
      return Object.fromEntries(node.members.map(({ key, value }) => [key.value, plainValue(value)]))
  }
}

/** The node at a path of names and indexes, or the nearest one above that there is. */
export function nodeAt(root: JsonNode, path: readonly (string | number)[]): JsonNode {
  let node = root
  for (const step of path) {
    const next =
      typeof step === 'number'
        ? node.type === 'list'
          ? node.items[step]
          : undefined
        : node.type === 'object'
          ? node.members.findLast(({ key }) => key.value === step)?.value
          : undefined
    if (next === undefined) return node
    node = next
  }
  return node
}
