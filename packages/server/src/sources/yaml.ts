import type { JsonList, JsonMember, JsonNode, JsonObject, JsonProblem, JsonString } from '@omen-iam/policy'
import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  type Node,
  type Scalar,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml'
import { LimitReached, limits } from './limits.ts'
import { yamlDocuments } from './yaml-documents.ts'

/**
 * Reads YAML 1.2 into the same tree as JSON, so that other code does not see the difference. The short form of an
 * intrinsic function (`!Sub x`) becomes its full form. Numbers become strings as they are written: in a policy they
 * mean the same, and an account id keeps its zeros.
 */
export function parseYaml(text: string): readonly JsonNode[] | JsonProblem {
  return readDocuments(text, (document) => new Reader(document).root())
}

/** Reads the documents of a YAML text one by one; an empty one is left out. Length and nesting are limited. */
export function readDocuments(
  text: string,
  read: (document: Document.Parsed) => JsonNode | JsonProblem,
): readonly JsonNode[] | JsonProblem {
  if (text.length > limits.yamlCharacters) {
    return problem(`The file is longer than ${limits.yamlCharacters} characters.`, 0, 0)
  }
  if ((text.match(/^---/gm)?.length ?? 0) > limits.yamlDocuments)
    return problem(`The file has more than ${limits.yamlDocuments} documents.`, 0, 0)
  const tooDeep = nestedTooDeeply(text)
  if (tooDeep !== undefined) return problem(tooDeeply, tooDeep, tooDeep + 1)
  try {
    const documents = yamlDocuments(text)
    const roots: JsonNode[] = []
    for (const document of documents) {
      const [error] = document.errors
      // the parser recurses, and reports the end of its stack as a mistake of the file
      if (error?.message.startsWith('Maximum call stack')) throw new LimitReached(tooDeeply)
      if (error !== undefined) return problem(error.message, error.pos[0], error.pos[1])
      if (document.contents === null) continue
      const root = read(document)
      if (root.type === 'problem') return root
      roots.push(root)
    }
    return roots
  } catch (error) {
    if (error instanceof LimitReached) return problem(error.message, error.start, error.start)
    if (error instanceof RangeError) return problem(tooDeeply, 0, 0)
    throw error
  }
}

const tooDeeply = 'The file is nested too deeply.'

function problem(message: string, start: number, end: number): JsonProblem {
  return { type: 'problem', message, start, end: Math.max(end, start) }
}

/**
 * The place of a flow collection that is nested too deeply, counted before the parser sees it: it takes quadratic time
 * for such texts. Brackets in texts and comments count as well, which no policy minds at this number.
 */
function nestedTooDeeply(text: string): number | undefined {
  let depth = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === 91 || code === 123) depth++
    else if (code === 93 || code === 125) depth = Math.max(0, depth - 1)
    if (depth > limits.depth * 2) return at
  }
  return undefined
}

/** Turns one document's nodes into the tree, aliases replaced; a limit keeps them from growing without bound. */
class Reader {
  readonly #document: Document.Parsed
  /** The latest value of each anchor; the parser's own search walks the whole document for each alias. */
  readonly #anchors = new Map<string, unknown>()
  #left: number = limits.yamlNodes

  constructor(document: Document.Parsed) {
    this.#document = document
  }

  root(): JsonNode {
    return this.#node(this.#document.contents, 0, 0)
  }

  #node(node: unknown, depth: number, at: number): JsonNode {
    if (depth > limits.depth) throw new LimitReached(tooDeeply)
    if (this.#left-- <= 0) throw new LimitReached(`The file has more than ${limits.yamlNodes} values.`)
    if (isAlias(node)) return this.#alias(node, depth)
    if (isNode(node) && node.anchor !== undefined) this.#anchors.set(node.anchor, node)
    if (isMap(node)) return this.#tagged(node, this.#map(node, depth))
    if (isSeq(node)) return this.#tagged(node, this.#list(node, depth))
    if (isScalar(node)) return this.#tagged(node, scalar(node))
    return { type: 'scalar', value: null, raw: 'null', start: at, end: at }
  }

  /** The value of an alias, at the place of its anchor: that is where a mistake is. */
  #alias(alias: Alias, depth: number): JsonNode {
    const [at = 0] = alias.range ?? []
    const target = this.#anchors.get(alias.source)
    if (target === undefined) throw new LimitReached(`The alias *${alias.source} refers to nothing.`)
    return this.#node(target, depth + 1, at)
  }

  #map(map: YAMLMap, depth: number): JsonObject {
    const [start, end] = extent(map)
    const members: JsonMember[] = []
    const names = new Set(map.items.map(({ key }) => (isScalar(key) ? String(key.value) : '')))
    for (const { key, value } of map.items) {
      const name = this.#key(key, depth)
      const read = this.#node(value, depth + 1, name.end)
      if (name.value !== '<<') members.push({ key: name, value: read })
      else members.push(...merged(read).filter((member) => !names.has(member.key.value)))
    }
    return { type: 'object', members, start, end }
  }

  #key(key: unknown, depth: number): JsonString {
    const node = this.#node(key, depth + 1, 0)
    if (node.type === 'string') return node
    const value = node.type === 'scalar' ? node.raw : ''
    return { type: 'string', value, start: node.start, end: node.end }
  }

  #list(list: YAMLSeq, depth: number): JsonList {
    const [start, end] = extent(list)
    return { type: 'list', items: list.items.map((item) => this.#node(item, depth + 1, start)), start, end }
  }

  /** `!GetAtt A.B` is `{ "Fn::GetAtt": ["A", "B"] }`, `!Ref` and `!Condition` have no prefix. */
  #tagged(node: { tag?: string; range?: unknown }, value: JsonNode): JsonNode {
    const { tag } = node
    if (tag === undefined || !/^!\w+$/.test(tag)) return value
    const name = tag === '!Ref' || tag === '!Condition' ? tag.slice(1) : `Fn::${tag.slice(1)}`
    const { start, end } = value
    return {
      type: 'object',
      members: [{ key: { type: 'string', value: name, start, end: start }, value }],
      start,
      end,
    }
  }
}

/** Where a value begins and ends; block collections reach to the next line, their last value does not. */
function extent(node: Node): readonly [start: number, end: number] {
  const [start, end] = node.range ?? [0, 0]
  return [start, end]
}

function merged(node: JsonNode): readonly JsonMember[] {
  if (node.type === 'object') return node.members
  return node.type === 'list' ? node.items.flatMap(merged) : []
}

function scalar(node: Scalar): JsonNode {
  const [start, end] = extent(node)
  const { value, source } = node
  if (typeof value === 'boolean') return { type: 'scalar', value, raw: String(value), start, end }
  if (value === null) return { type: 'scalar', value, raw: 'null', start, end }
  return { type: 'string', value: typeof value === 'string' ? value : (source ?? String(value)), start, end }
}
