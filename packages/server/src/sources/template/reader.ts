import type { JsonNode } from '@omen-iam/policy'
import { itemsOf } from '../nodes.ts'
import { unknownPart } from '../print.ts'
import type { Text } from './options.ts'

/** Readers of evaluated values. */
export function readerOf(unknown: ReadonlyMap<JsonNode, string>) {
  const text = (node: JsonNode | undefined): Text => {
    if (node?.type === 'scalar') return { value: node.raw }
    if (node?.type !== 'string') return { value: unknownPart, dependsOn: 'a value that is no text' }
    const dependsOn = unknown.get(node)
    return dependsOn === undefined ? { value: node.value } : { value: node.value, dependsOn }
  }
  const unknownIn = (node: JsonNode | undefined): string | undefined => {
    switch (node?.type) {
      case 'string':
        return unknown.get(node)
      case 'list':
        return itemsOf(node)
          .map(unknownIn)
          .find((each) => each !== undefined)
      case 'object':
        return node.members.map(({ value }) => unknownIn(value)).find((each) => each !== undefined)
      default:
        return undefined
    }
  }
  return { text, unknownIn }
}
