import { type JsonMember, type JsonNode, type JsonProblem, parseJson } from '@omen-iam/policy'
import { type Document, isAlias, isScalar, isSeq, type ParsedNode, type Scalar, type YAMLMap } from 'yaml'
import { LimitReached, limits } from './limits.ts'
import { textAt } from './nodes.ts'
import { problemAt } from './tree.ts'
import { readDocuments } from './yaml.ts'

/**
 * Reads a template in JSON or YAML, if every reader must read it in the same way: a reader of YAML 1.1, of YAML 1.2,
 * and of JSON (behaviour TPL-10). CloudFormation itself reads YAML 1.1 without aliases and merge keys. A problem names
 * the place of what could be read in another way.
 */
export function readInOneWay(text: string): JsonNode | JsonProblem {
  if (text.length > limits.yamlCharacters) return problemAt('The file is too long.')
  if (/^\s*[{[]/.test(text)) {
    const root = parseJson(text, limits.depth)
    if (root.type !== 'problem') return checkedJson(root)
  }
  const at = text.search(otherLines)
  if (at >= 0)
    return problemAt(`The character U+${hexOf(text, at)} is not read by all readers in the same way.`, at)
  const directive = text.search(/^%/m)
  if (directive >= 0) return problemAt('A directive changes how the text is read.', directive)
  const roots = readDocuments(text, (document) => new PlainReader().root(document))
  if ('type' in roots) return roots
  const [root, ...more] = roots
  if (root === undefined) return problemAt('The text is empty.')
  return more.length > 0 ? problemAt('The text has more than one document.', more[0]?.start) : root
}

/**
 * Writes a tree as JSON that is YAML 1.1 and 1.2 as well. Characters that one of them reads in another way are escaped;
 * those above U+FFFF are not, because YAML has no pairs of escapes.
 */
export function writtenJson(node: JsonNode): string {
  switch (node.type) {
    case 'string':
      return quoted(node.value)
    case 'scalar':
      return node.raw
    case 'list':
      return `[${node.items.map(writtenJson).join(', ')}]`
    case 'object':
      return `{${node.members.map(({ key, value }) => `${quoted(key.value)}: ${writtenJson(value)}`).join(', ')}}`
  }
}

function quoted(text: string): string {
  return JSON.stringify(text).replace(
    /[\x7f-\ud7ff\ue000-\uffff]/g,
    (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

/**
 * Characters that end a line in YAML 1.1 and not in 1.2 (U+0085, U+2028, U+2029), or in YAML and not elsewhere (a bare
 * carriage return); a byte order mark within the text, and other control characters, which no reader takes.
 */
const otherLines = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029]|\r(?!\n)|(?!^)\ufeff/

function hexOf(text: string, at: number): string {
  return text.charCodeAt(at).toString(16).toUpperCase().padStart(4, '0')
}

/** JSON without a member that is given twice, its numbers as every reader writes them. */
function checkedJson(node: JsonNode): JsonNode | JsonProblem {
  try {
    return plainJson(node)
  } catch (error) {
    if (error instanceof LimitReached) return problemAt(error.message, error.start)
    throw error
  }
}

function plainJson(node: JsonNode): JsonNode {
  switch (node.type) {
    case 'string':
      return node
    case 'scalar':
      return typeof node.value === 'number' ? { ...node, raw: canonical(node.raw, node.start) } : node
    case 'list':
      return { ...node, items: node.items.map(plainJson) }
    case 'object':
      return {
        ...node,
        members: unique(node.members.map(({ key, value }) => ({ key, value: plainJson(value) }))),
      }
  }
}

/** A number as every reader writes it. @throws LimitReached if they differ */
function canonical(raw: string, start: number): string {
  const plain = String(Number(raw))
  if (
    !/^-?\d{1,15}(?:\.\d{1,4})?$/.test(plain) ||
    Math.abs(Number(raw) - Number(plain)) > 0 ||
    /^-?\d{16}/.test(raw)
  )
    throw new LimitReached(
      `Not every reader reads ${raw.slice(0, 40)} as the same number: write it as a text.`,
      start,
    )
  return plain
}

/** @throws LimitReached if a member is given twice: some readers take the first one, and some the last */
function unique(members: readonly JsonMember[]): readonly JsonMember[] {
  const names = new Set<string>()
  for (const { key } of members) {
    if (names.has(key.value))
      throw new LimitReached(`The key ${key.value.slice(0, 100)} is given twice.`, key.start)
    names.add(key.value)
  }
  return members
}

/** Functions of CloudFormation that have a short form. Source: CloudFormation User Guide, intrinsic functions. */
const shortForms =
  /^!(?:And|Base64|Cidr|Condition|Contains|EachMemberEquals|EachMemberIn|Equals|FindInMap|GetAZs|GetAtt|If|ImportValue|Join|Length|Not|Or|Ref|RefAll|Select|Split|Sub|ToJsonString|Transform|ValueOf|ValueOfAll)$/

/** Turns a document of YAML into a tree. @throws LimitReached at what can be read in another way */
class PlainReader {
  root(document: Document.Parsed): JsonNode {
    return this.#node(document.contents, 0, 0)
  }

  #node(node: ParsedNode | null, depth: number, at: number): JsonNode {
    if (depth > limits.depth) throw new LimitReached('The file is nested too deeply.', at)
    if (node === null) return { type: 'scalar', value: null, raw: 'null', start: at, end: at }
    const [start, end] = node.range
    if (isAlias(node)) throw new LimitReached('CloudFormation has no aliases of YAML.', start)
    if (node.anchor !== undefined) throw new LimitReached('CloudFormation has no anchors of YAML.', start)
    const { tag } = node
    if (tag !== undefined && !shortForms.test(tag))
      throw new LimitReached(`The tag ${tag.slice(0, 100)} is read in different ways.`, start)
    if (isScalar(node))
      return called(
        tag,
        tag === undefined ? plainScalar(node) : { type: 'string', value: sourceOf(node), start, end },
      )
    if (isSeq(node)) {
      const items = node.items.map((item) => this.#node(item, depth + 1, start))
      return called(tag, { type: 'list', items, start, end })
    }
    return called(tag, { type: 'object', members: this.#members(node, depth), start, end })
  }

  #members(map: YAMLMap.Parsed, depth: number): readonly JsonMember[] {
    const members = map.items.map(({ key, value }): JsonMember => {
      const start = key?.range[0] ?? map.range[0]
      if (!isScalar(key) || key.tag !== undefined || key.anchor !== undefined)
        throw new LimitReached('A key must be a plain text.', start)
      const read = plainScalar(key)
      if (read.type !== 'string' && (read.type !== 'scalar' || read.value === null))
        throw new LimitReached('A key must be a plain text.', start)
      const name = read.type === 'string' ? read.value : read.raw
      const place = { type: 'string', value: name, start: read.start, end: read.end } as const
      return { key: place, value: this.#node(value, depth + 1, read.end) }
    })
    return unique(members)
  }
}

/** `!GetAtt A.B` is `{ "Fn::GetAtt": ["A", "B"] }`, `!Ref` and `!Condition` have no prefix. */
function called(tag: string | undefined, value: JsonNode): JsonNode {
  if (tag === undefined) return value
  const name = tag === '!Ref' || tag === '!Condition' ? tag.slice(1) : `Fn::${tag.slice(1)}`
  const { start, end } = value
  const argument = tag === '!GetAtt' && value.type === 'string' ? parted(value.value, value) : value
  return {
    type: 'object',
    members: [{ key: { type: 'string', value: name, start, end: start }, value: argument }],
    start,
    end,
  }
}

function parted(text: string, place: JsonNode): JsonNode {
  const dot = text.indexOf('.')
  if (dot < 0) return place
  const items = [text.slice(0, dot), text.slice(dot + 1)].map((part) => textAt(part, place))
  return { type: 'list', items, start: place.start, end: place.end }
}

function sourceOf({ value, source }: Scalar): string {
  return typeof value === 'string' ? value : (source ?? String(value ?? ''))
}

/** Texts without quotes that are a value of another type in YAML 1.1, in 1.2, or in both in different ways. */
const otherValues: readonly RegExp[] = [
  /^(?:yes|Yes|YES|no|No|NO|on|On|ON|off|Off|OFF|=|<<)$/,
  // numbers in another form than that of JSON: 010, 0b10, 0o10, 0x10, 1_000, +1, .5, 5., 1e3
  /^[-+]?0[\dobxOBX_][\da-fA-F_]*(?:\.[\d_]*)?$/,
  /^\+(?:\d|\.\d)[\d_.]*$/,
  /^(?=[^_]*_)[-+]?\d[\d_]*(?:\.[\d_]*)?$/,
  /^[-+]?(?:\d[\d_]*\.|\.[\d_]+)$/,
  /^[-+]?(?:\d[\d_]*(?:\.[\d_]*)?|\.[\d_]+)[eE][-+]?\d+$/,
  /^[-+]?\.(?:inf|Inf|INF)$/,
  /^\.(?:nan|NaN|NAN)$/,
  /^-0(?:\.0*)?$/,
  // sexagesimal
  /^[-+]?\d[\d_]*(?::[0-5]?\d)+(?:\.[\d_]*)?$/,
]

/** A scalar without a tag. @throws LimitReached if YAML 1.1 and 1.2 read it differently */
function plainScalar(node: Scalar.Parsed): JsonNode {
  const [start, end] = node.range
  const text = sourceOf(node)
  if (node.type !== 'PLAIN') return { type: 'string', value: text, start, end }
  if (/^(?:~|null|Null|NULL|)$/.test(text)) return { type: 'scalar', value: null, raw: 'null', start, end }
  if (/^(?:true|True|TRUE|false|False|FALSE)$/.test(text)) {
    const value = /^t/i.test(text)
    return { type: 'scalar', value, raw: String(value), start, end }
  }
  if (otherValues.some((form) => form.test(text)))
    throw new LimitReached(
      `YAML 1.1 and YAML 1.2 read ${text.slice(0, 40)} differently: write it in quotes.`,
      start,
    )
  // what more digits say is an id, such as that of an account; a version such as 3.10 keeps its zero
  const isNumber = /^-?\d{1,11}(?:\.\d{1,4})?$/.test(text) && String(Number(text)) === text
  return isNumber
    ? { type: 'scalar', value: Number(text), raw: text, start, end }
    : { type: 'string', value: text, start, end }
}
