import { type JsonNode, type JsonProblem, parseJson } from './json.ts'

/** A document's text laid out anew, or what is wrong with its JSON. */
export type Formatted =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly problem: JsonProblem }

/**
 * Lays a document out: two spaces a level, one member and one value a line, a line feed at the end. Nothing but white
 * space changes: members, values and their order stay as they were written, and a single value is not made a list.
 */
export function formatPolicy(text: string): Formatted {
  const root = parseJson(text)
  return root.type === 'problem'
    ? { ok: false, problem: root }
    : { ok: true, text: `${written(root, text, '\n')}\n` }
}

function written(node: JsonNode, text: string, line: string): string {
  const inner = `${line}  `
  switch (node.type) {
    case 'string':
    case 'scalar':
      return text.slice(node.start, node.end)
    case 'list': {
      const items = node.items.map((item) => `${inner}${written(item, text, inner)}`)
      return items.length === 0 ? '[]' : `[${items.join(',')}${line}]`
    }
    case 'object': {
      const members = node.members.map(
        ({ key, value }) => `${inner}${written(key, text, inner)}: ${written(value, text, inner)}`,
      )
      return members.length === 0 ? '{}' : `{${members.join(',')}${line}}`
    }
  }
}
