import { parseAst } from 'rolldown/parseAst'
import type { Mutant } from './mutants.ts'

/** A mutant with the number by which `$mutant` chooses it. */
export interface Numbered {
  readonly number: number
  readonly mutant: Mutant
}

interface Node {
  readonly type: string
  readonly start: number
  readonly end: number
  readonly [field: string]: unknown
}

/** A piece of text that is written once as it is and once for each of its mutants. */
interface Host {
  readonly start: number
  readonly end: number
  readonly isStatement: boolean
  readonly mutants: Numbered[]
}

/**
 * The source with all of its mutants: each changed expression becomes a choice by the variable `$mutant`. If `measuring`, it sets
 * its mutants' places in the array `$hits` instead. Without a chosen number the code does what the source does.
 */
export function withMutants(source: string, mutants: readonly Numbered[], measuring: boolean): string {
  // Every node of an AST has a type and offsets.
  const program = parseAst(source, { lang: 'ts' }) as unknown as Node
  const hosts = new Map<string, Host>()
  for (const each of mutants) {
    const { start, end, isStatement } = hostOf(program, each.mutant)
    const key = `${start} ${end} ${isStatement}`
    const host = hosts.get(key) ?? { start, end, isStatement, mutants: [] }
    hosts.set(key, host)
    host.mutants.push(each)
  }
  for (const { start, end } of statementsIn(program)) {
    const begins = [...hosts.values()].some((host) => host.start === start)
    // What begins with a parenthesis would be a call of the line before, as no semicolon ends that one.
    const key = `${start} ${end} true`
    if (begins && !hosts.has(key)) hosts.set(key, { start, end, isStatement: true, mutants: [] })
  }
  const ordered = [...hosts.values()].sort(
    (a, b) => a.start - b.start || b.end - a.end || Number(b.isStatement) - Number(a.isStatement),
  )
  let next = 0
  const write = (start: number, end: number): string => {
    let text = ''
    let at = start
    for (let host = ordered[next]; host !== undefined && host.start < end; host = ordered[next]) {
      next++
      text += source.slice(at, host.start) + choice(source, host, write(host.start, host.end), measuring)
      at = host.end
    }
    return text + source.slice(at, end)
  }
  return write(0, source.length)
}

function choice(
  source: string,
  { start, end, isStatement, mutants }: Host,
  text: string,
  measuring: boolean,
) {
  const numbers = mutants.map(({ number }) => number)
  const hits = numbers.map((number) => `$hits[${number}]=`).join('')
  // A block begins no call or index of the line before it.
  if (isStatement) {
    if (mutants.length === 0) return `{${text}}`
    return measuring
      ? `{${hits}1;${text}}`
      : `{if(${numbers.map((number) => `$mutant!==${number}`).join('&&')}){${text}}}`
  }
  if (measuring) return `(${hits}1,(${text}))`
  const others = mutants.map(({ number, mutant }) => {
    const changed = source.slice(start, mutant.start) + mutant.to + source.slice(mutant.end, end)
    return `$mutant===${number}?(${changed}):`
  })
  return `(${others.join('')}(${text}))`
}

function hostOf(program: Node, { start, end, to }: Mutant): Omit<Host, 'mutants'> {
  const path = pathTo(program, start, end)
  let at = path.length - 1
  const node = () => path[at]!
  const parent = () => path[at - 1]
  if (to === ';') {
    while (node().type !== 'ThrowStatement' && node().type !== 'ExpressionStatement') at--
    return { start: node().start, end: node().end, isStatement: true }
  }
  // What is called, or the name of a member, is no value by itself.
  for (let above = parent(); above !== undefined; above = parent()) {
    const isMember = above.type === 'MemberExpression' && above.property === node() && above.computed !== true
    const isCalled =
      above.type === 'CallExpression' && above.callee === node() && node().type !== 'CallExpression'
    const isQuasi = above.type === 'TaggedTemplateExpression' && above.quasi === node()
    const isPart = isOperation(above) && isOperation(node())
    if (!isMember && !isCalled && !isQuasi && !isPart) break
    at--
  }
  // A part of a chain `a?.b.c` ends all of it where `a` is absent.
  for (let link = at; link > 0; link--) {
    const above = path[link - 1]!
    if (above.type === 'ChainExpression') at = link - 1
    if (above.object !== path[link] && above.callee !== path[link] && above.type !== 'TSNonNullExpression')
      break
  }
  return { start: node().start, end: node().end, isStatement: false }
}

function statementsIn(node: Node): readonly Node[] {
  const own = node.type === 'ExpressionStatement' ? [node] : []
  return [...own, ...childrenOf(node).flatMap(statementsIn)]
}

function isOperation({ type }: Node): boolean {
  return type === 'BinaryExpression' || type === 'LogicalExpression'
}

/** The nodes that contain a range, from the outermost to the innermost. */
function pathTo(program: Node, start: number, end: number): readonly Node[] {
  const path = [program]
  for (let node: Node | undefined = program; node !== undefined; ) {
    // The one text of a template has the range of the template, and is no value.
    node = childrenOf(node).find(
      (child) => child.start <= start && end <= child.end && child.type !== 'TemplateElement',
    )
    if (node !== undefined) path.push(node)
  }
  return path
}

function childrenOf(node: Node): readonly Node[] {
  return Object.values(node).flat().filter(isNode)
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value
}
