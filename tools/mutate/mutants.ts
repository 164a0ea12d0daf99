import { createHash } from 'node:crypto'
import { parseAst } from 'rolldown/parseAst'

/** One small change of a source file, which a test should notice. */
export interface Mutant {
  /** The path from the repository's root. */
  readonly file: string
  readonly line: number
  /** Offsets in the file, in UTF-16 units; the text between them is replaced. */
  readonly start: number
  readonly end: number
  readonly from: string
  readonly to: string
  /** The same as long as the file, the replaced text and the line around it are. */
  readonly id: string
}

interface Node {
  readonly type: string
  readonly start: number
  readonly end: number
  readonly [field: string]: unknown
}

/** A replacement of the text from `start` to `end`. */
type Change = readonly [start: number, end: number, to: string]

const otherOperators: Readonly<Record<string, readonly string[]>> = {
  '===': ['!=='],
  '!==': ['==='],
  '<': ['<=', '>='],
  '<=': ['<', '>'],
  '>': ['>=', '<='],
  '>=': ['>', '<'],
  '+': ['-'],
  '-': ['+'],
  '*': ['/'],
  '/': ['*'],
  '%': ['*'],
  '&&': ['||'],
  '||': ['&&'],
  '&': ['|'],
  '|': ['&'],
  '<<': ['>>'],
  '>>': ['<<'],
  '>>>': ['<<'],
}

const otherMethods: ReadonlyMap<string, string> = new Map([
  ['some', 'every'],
  ['every', 'some'],
  ['startsWith', 'endsWith'],
  ['endsWith', 'startsWith'],
  ['min', 'max'],
  ['max', 'min'],
  ['indexOf', 'lastIndexOf'],
  ['lastIndexOf', 'indexOf'],
])

/** Methods whose call may be left out: what they are called on is of the type that they return. */
const droppedMethods = new Set(['filter', 'slice', 'sort', 'reverse', 'trim', 'toLowerCase', 'toUpperCase'])

/** Statements that state what cannot happen, or that measure: no test can notice that one is absent. */
const unnoticed = new Set(['assert', 'never'])

/** Every mutant of a file, in the order of its text. Types, imports, and prose (text with a space) stay as they are. */
export function mutantsOf(file: string, source: string): readonly Mutant[] {
  const changes: Change[] = []
  // Every node of an AST has a type and offsets; other fields are looked at by `isNode` first.
  visit(parseAst(source, { lang: 'ts' }) as unknown as Node, source, changes)
  const lineStarts = [0, ...[...source.matchAll(/\n/g)].map((each) => each.index + 1)]
  const seen = new Map<string, number>()
  return changes
    .sort((a, b) => a[0] - b[0] || a[1] - b[1])
    .map(([start, end, to]) => {
      const line = lineStarts.findLastIndex((at) => at <= start)
      const from = source.slice(start, end)
      const text = `${file}\n${source.slice(lineStarts[line], lineStarts[line + 1])}\n${from}\n${to}`
      const nth = seen.get(text) ?? 0
      seen.set(text, nth + 1)
      const id = createHash('sha256').update(`${text}\n${nth}`).digest('hex').slice(0, 12)
      return { file, line: line + 1, start, end, from, to, id }
    })
}

function visit(node: Node, source: string, changes: Change[]): void {
  if (node.type === 'ImportDeclaration' || node.type === 'ExportAllDeclaration') return
  if (node.type.startsWith('TS') && !isNode(node.expression)) return
  changes.push(...changesOf(node, source))
  for (const [field, value] of Object.entries(node)) {
    if (field === 'typeAnnotation' || field === 'typeArguments' || field === 'returnType') continue
    if (field === 'key' && node.computed !== true) continue
    // A bundle takes in a module that is imported later only where its name is a literal.
    if (field === 'source' && (node.type === 'ExportNamedDeclaration' || node.type === 'ImportExpression'))
      continue
    for (const each of Array.isArray(value) ? value : [value]) if (isNode(each)) visit(each, source, changes)
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value
}

function changesOf(node: Node, source: string): readonly Change[] {
  const { start, end } = node
  switch (node.type) {
    case 'IfStatement':
    case 'ConditionalExpression':
      return conditionChanges(node.test, ['true', 'false'])
    case 'WhileStatement':
      return conditionChanges(node.test, ['false'])
    case 'LogicalExpression':
    case 'BinaryExpression':
      return operatorChanges(node, source)
    case 'UnaryExpression':
      return node.operator === '!' ? [[start, end, source.slice(start + 1, end)]] : []
    case 'Literal':
      return literalChanges(node)
    case 'TemplateLiteral': {
      const text = source.slice(start, end)
      return text === '``' || text.replace(/\$\{.*?\}/gs, '').includes(' ') ? [] : [[start, end, '``']]
    }
    case 'ArrayExpression':
      return Array.isArray(node.elements) && node.elements.length > 0 ? [[start, end, '[]']] : []
    case 'ThrowStatement':
      return [[start, end, ';']]
    case 'ExpressionStatement':
      return isDroppable(node.expression) ? [[start, end, ';']] : []
    case 'CallExpression':
      return callChanges(node, source)
    default:
      return []
  }
}

function conditionChanges(test: unknown, values: readonly string[]): readonly Change[] {
  return isNode(test) ? values.map((to): Change => [test.start, test.end, to]) : []
}

function operatorChanges({ start, end, left, right, operator }: Node, source: string): readonly Change[] {
  if (!isNode(left) || !isNode(right) || typeof operator !== 'string') return []
  // The operator is the one text between its sides that is no comment and no parenthesis.
  const at = source.indexOf(operator, left.end)
  if (operator === '??') return [[start, end, source.slice(start, at).trimEnd()]]
  return (otherOperators[operator] ?? []).map((to): Change => [at, at + operator.length, to])
}

function literalChanges({ start, end, value, regex, raw }: Node): readonly Change[] {
  if (typeof value === 'boolean') return [[start, end, String(!value)]]
  if (typeof value === 'number') return [[start, end, String(value + 1)]]
  if (typeof value === 'string') {
    if (value === '') return [[start, end, "'mutant'"]]
    return value.includes(' ') ? [] : [[start, end, "''"]]
  }
  if (regex === undefined || typeof raw !== 'string') return []
  const close = raw.lastIndexOf('/')
  const changes: Change[] = []
  if (raw.startsWith('/^')) changes.push([start, end, `/${raw.slice(2)}`])
  if (raw[close - 1] === '$' && raw[close - 2] !== '\\')
    changes.push([start, end, raw.slice(0, close - 1) + raw.slice(close)])
  return changes.filter(([, , to]) => !to.startsWith('//'))
}

function callChanges({ start, end, callee }: Node, source: string): readonly Change[] {
  if (!isNode(callee) || callee.type !== 'MemberExpression' || callee.computed === true) return []
  const { property, object } = callee
  if (!isNode(property) || !isNode(object) || typeof property.name !== 'string') return []
  const other = otherMethods.get(property.name)
  if (other !== undefined) return [[property.start, property.end, other]]
  // Up to the point before its name, with the parentheses around what it is called on.
  const before = source
    .slice(start, property.start)
    .replace(/\??\.\s*$/, '')
    .trimEnd()
  return droppedMethods.has(property.name) ? [[start, end, before]] : []
}

function isDroppable(expression: unknown): boolean {
  if (!isNode(expression)) return false
  if (expression.type === 'AssignmentExpression') return true
  if (expression.type === 'AwaitExpression') return isDroppable(expression.argument)
  if (expression.type !== 'CallExpression' || !isNode(expression.callee)) return false
  return !(typeof expression.callee.name === 'string' && unnoticed.has(expression.callee.name))
}
