import { type JsonNode, type JsonProblem, parseJson } from './json.ts'

/** The formatted text of a document, or the error in its JSON. */
export type Formatted =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly problem: JsonProblem }

/**
 * Formats a document with two spaces for each level, one member or value on each line, and a line feed at the end.
 * Only white space changes: members, values and their order stay as written, and a single value does not become a
 * list.
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
