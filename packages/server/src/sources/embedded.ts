import { type JsonNode, type JsonString, parseJson } from '@omen-iam/policy'
import { limits } from './limits.ts'

/**
 * The JSON in a string, as Terraform and some properties of CloudFormation write policies, with the places of its
 * values in the file. URL-encoded JSON, as IAM's API returns it, counts as well. Undefined if it is not JSON.
 */
export function embeddedJson(node: JsonString, file: string): JsonNode | undefined {
  const isEncoded = /^\s*%7b/i.test(node.value)
  const value = isEncoded ? decoded(node.value) : node.value
  if (value === undefined || !/^\s*\{/.test(value)) return undefined
  const root = parseJson(value, limits.depth)
  if (root.type === 'problem') return undefined
  const places = aligned(value, file, node.start, node.end)
  return moved(root, (offset) => places[offset] ?? node.start)
}

function decoded(value: string): string | undefined {
  try {
    return decodeURIComponent(value)
  } catch {
    return undefined
  }
}

/**
 * The place in the file of each character of a value. Characters that only the file has (quotes, indentation) are
 * skipped; an escape counts as the character that it represents.
 */
function aligned(value: string, file: string, start: number, end: number): Uint32Array {
  const places = new Uint32Array(value.length + 1)
  let from = start
  for (let at = 0; at < value.length; at++) {
    while (from < end && widthAt(value, at, file, from) === 0) from++
    places[at] = Math.min(from, end)
    from += Math.max(1, widthAt(value, at, file, from))
  }
  places[value.length] = Math.min(from, end)
  return places
}

/** The number of the file's characters for one of the value; 0 if it is not here. */
function widthAt(value: string, at: number, file: string, from: number): number {
  const wanted = value[at]
  const found = file[from]
  if (found === '\\') {
    const next = file[from + 1]
    if (next === 'u')
      return Number.parseInt(file.slice(from + 2, from + 6), 16) === value.charCodeAt(at) ? 6 : 0
    if (next !== undefined && escapes[next] === wanted) return 2
  }
  if (found === '%' && /^%[0-9a-f]{2}/i.test(file.slice(from, from + 3))) {
    const byte = Number.parseInt(file.slice(from + 1, from + 3), 16)
    return byte < 0x80 ? 3 : byte < 0xe0 ? 6 : 9
  }
  return found === wanted ? 1 : 0
}

const escapes: Readonly<Record<string, string | undefined>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
}

function moved(node: JsonNode, place: (offset: number) => number): JsonNode {
  const start = place(node.start)
  const end = place(node.end)
  switch (node.type) {
    case 'list':
      return { ...node, items: node.items.map((item) => moved(item, place)), start, end }
    case 'object':
      return {
        ...node,
        members: node.members.map(({ key, value }) => ({
          key: { ...key, start: place(key.start), end: place(key.end) },
          value: moved(value, place),
        })),
        start,
        end,
      }
    default:
      return { ...node, start, end }
  }
}
