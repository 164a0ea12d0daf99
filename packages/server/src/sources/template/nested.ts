import type { JsonNode } from '@omen-iam/policy'

/** The last text in a value: the end of a URL that functions put together. */
export function lastText(node: JsonNode | undefined): string | undefined {
  switch (node?.type) {
    case 'string':
      return node.value
    case 'list':
      return lastText(node.items.at(-1))
    case 'object':
      return lastText(node.members.at(-1)?.value)
    default:
      return undefined
  }
}

/** The name in the ARN of a stack, or the name itself. */
export function stackNameIn(text: string): string {
  return /^arn:[^:]*:cloudformation:[^:]*:[^:]*:stack\/([^/]+)\//.exec(text)?.[1] ?? text
}

/** A name for a stack, from the name of its file. */
export function stackName(file: string): string {
  const base = file.slice(file.lastIndexOf('/') + 1).replace(/(?:\.template)?\.(?:json|ya?ml|template)$/i, '')
  const name = base.replaceAll(/[^A-Za-z0-9-]+/g, '-').replace(/^[^A-Za-z]+/, '')
  return name === '' ? 'stack' : name.slice(0, 128)
}
