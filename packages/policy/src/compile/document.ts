import type { Policy } from '../document/policy.ts'
import { compileAction, isWild, vendorOf } from '../match/action.ts'
import type { Matcher } from '../match/glob.ts'
import { emptyContext } from '../request/context.ts'
import { anyMatches, type CompiledStatement, compileStatement } from './statement.ts'

/**
 * One document, compiled once for all sets that it is part of. Statements are found by action: literal actions by
 * name, patterns under their service, what fits no service (`*`, NotAction) by trying.
 */
export class CompiledDocument {
  readonly statements: readonly CompiledStatement[]
  /** The index of a statement, or of several. Most actions are in one statement. */
  readonly #literal = new Map<string, number | number[]>()
  readonly #patterns = new Map<string, Pattern[]>()
  readonly #everywhere: Pattern[] = []
  /** The services that its actions name. */
  readonly #vendors = new Set<string>()

  constructor(policy: Policy) {
    this.statements = policy.statements.map((statement) => compileStatement(policy, statement))
    for (const { index, action } of policy.statements) {
      const values = action.values.map(({ value }) => value)
      if (action.negated) this.#everywhere.push({ index, fits: nonePatterns(values) })
      else for (const value of values) this.#add(value, index)
    }
  }

  /** Whether some action of a service may be covered. */
  mayCover(vendor: string): boolean {
    return this.#everywhere.length > 0 || this.#vendors.has(vendor)
  }

  /** The statements whose Action or NotAction covers an action (in lower case), in the document's order. */
  covering(action: string): readonly CompiledStatement[] {
    return this.indexes(action).map((index) => this.statements[index]!)
  }

  /** The places of these statements. */
  indexes(action: string): readonly number[] {
    const literal = this.#literal.get(action)
    const patterns = this.#patterns.get(vendorOf(action) ?? '')
    const found: number[] = []
    if (typeof literal === 'number') found.push(literal)
    else if (literal !== undefined) found.push(...literal)
    collect(patterns, action, found)
    collect(this.#everywhere, action, found)
    if (found.length < 2) return found
    found.sort((a, b) => a - b)
    return found.filter((index, at) => index !== found[at - 1])
  }

  #add(value: string, index: number): void {
    const pattern = value.toLowerCase()
    const vendor = vendorOf(pattern)
    if (vendor !== undefined) this.#vendors.add(vendor)
    if (!isWild(pattern)) this.#addLiteral(pattern, index)
    else if (vendor === undefined) this.#everywhere.push({ index, fits: compileAction(pattern) })
    else this.#addPattern(vendor, { index, fits: compileAction(pattern) })
  }

  #addLiteral(action: string, index: number): void {
    const before = this.#literal.get(action)
    if (before === undefined) this.#literal.set(action, index)
    else if (typeof before === 'number') this.#literal.set(action, [before, index])
    else before.push(index)
  }

  #addPattern(vendor: string, pattern: Pattern): void {
    const before = this.#patterns.get(vendor)
    if (before === undefined) this.#patterns.set(vendor, [pattern])
    else before.push(pattern)
  }
}

interface Pattern {
  readonly index: number
  readonly fits: Matcher
}

function collect(patterns: readonly Pattern[] | undefined, action: string, found: number[]): void {
  if (patterns === undefined) return
  for (const { index, fits } of patterns) if (fits(action, emptyContext)) found.push(index)
}

function nonePatterns(values: readonly string[]): Matcher {
  const matchers = values.map(compileAction)
  return (action, context) => !anyMatches(matchers, action, context)
}

/** By the statements, which equal documents may share. */
const documents = new WeakMap<Policy['statements'], CompiledDocument>()

/** The compiled form of a policy, built on first use and cached as long as its statements live. */
export function compileDocument(policy: Policy): CompiledDocument {
  let document = documents.get(policy.statements)
  if (document === undefined) {
    document = new CompiledDocument(policy)
    documents.set(policy.statements, document)
  }
  return document
}
