import { Unreadable } from './input.ts'

/** The names of a table's or an index's key attributes. */
export interface KeyNames {
  readonly hash: string
  readonly range?: string | undefined
}

/** The facts about a PartiQL statement that policies can ask about (behaviour GRD-15). */
export interface StatementFacts {
  /** The partition keys that it names; undefined if it may be about others. */
  readonly leading: readonly string[] | undefined
  /** Whether a SELECT reads the whole table; undefined of other statements, and where it sorts without a usable key. */
  readonly scans: boolean | undefined
  /** The top-level attributes that it names. */
  readonly attributes: readonly string[]
  /** Whether it selects all attributes. */
  readonly all: boolean
}

/** Characters of a statement: as DynamoDB has it. */
const longestStatement = 8_192
/** Parentheses within each other that are looked into; what is deeper is one condition. */
const deepest = 20

interface Token {
  readonly text: string
  /** The value of a literal or a question mark, if it is a scalar. */
  readonly value?: string
  /** The name of an attribute: bare, or in double quotes. */
  readonly name?: string
}

/** A word is all between the marks of the language; readers differ in which characters a bare name may have. */
const forms =
  /'(?:[^']|'')*'|"(?:[^"]|"")*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w-])|[^\s'"()[\]{},.=<>!|*+/?:-][^\s'"()[\]{},.=<>!|*+/?:]*|<>|<=|>=|!=|\|\||\S/g

/** Words of conditions; any other word is a name, for not every reader reserves what DynamoDB does. */
const conditionWord = /^(?:AND|OR|NOT|IN|BETWEEN|IS|MISSING|NULL|EXISTS|TRUE|FALSE)$/i
/** Matches the text behind the name of an attribute, and never a word. */
const behindName = /^(?:=|<|>|<=|>=|<>|!=|,|\.)$/
const word = /^[^\s'"()[\]{},.=<>!|*+/?:-]/

/**
 * Reads a statement. @param keys undefined if they are not known @param parameters the values of its question marks
 * @throws Unreadable if it is longer than DynamoDB accepts
 */
export function statementFacts(
  statement: string,
  keys: KeyNames | undefined,
  parameters: readonly (string | undefined)[],
): StatementFacts {
  if (statement.length > longestStatement)
    throw new Unreadable(`A statement is longer than ${longestStatement} characters`)
  const tokens = tokensOf(statement, parameters)
  const clauses = clausesOf(tokens)
  if (verbOf(tokens) === 'INSERT') return ofInsert(clauses.VALUE ?? [], keys)
  const where = conjunctsOf(clauses.WHERE ?? [])
  const selects = clauses.SELECT !== undefined
  const named = [clauses.SET, clauses.REMOVE, clauses.WHERE].flatMap((each) => each ?? [])
  const selected = clauses.SELECT ?? []
  const leading = keys === undefined ? undefined : leadingIn(where, keys.hash)
  const usable = leading !== undefined && keys !== undefined && boundsOn(where, keys.range) <= 1
  const sorts = clauses.ORDER !== undefined
  return {
    leading: usable || !selects ? leading : undefined,
    scans: !selects || (sorts && keys !== undefined && !usable) ? undefined : !usable,
    attributes: [...new Set([...attributesIn(selected, /^$/), ...attributesIn(named, conditionWord)])],
    all: selected.some(({ text }) => text === '*'),
  }
}

function tokensOf(statement: string, parameters: readonly (string | undefined)[]): readonly Token[] {
  let asked = 0
  return [...statement.matchAll(forms)].map(([text], index): Token => {
    if (text === '?') {
      const value = parameters[asked++]
      return { text, ...(value !== undefined && { value }) }
    }
    if (text.startsWith("'")) return { text, value: text.slice(1, -1).replaceAll("''", "'") }
    if (text.startsWith('"')) return { text, name: text.slice(1, -1).replaceAll('""', '"') }
    if (/^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(text)) return { text, value: text }
    return word.test(text) && index > 0 ? { text, name: text } : { text }
  })
}

type Clause = 'SELECT' | 'FROM' | 'WHERE' | 'ORDER' | 'SET' | 'REMOVE' | 'VALUE' | 'RETURNING'

/** The clauses of each kind of statement: in any other, their words are names. */
const clausesBy: Readonly<Record<string, readonly Clause[]>> = {
  SELECT: ['SELECT', 'FROM', 'WHERE', 'ORDER'],
  EXISTS: ['SELECT', 'FROM', 'WHERE', 'ORDER'],
  INSERT: ['VALUE'],
  UPDATE: ['SET', 'REMOVE', 'WHERE', 'RETURNING'],
  DELETE: ['FROM', 'WHERE', 'RETURNING'],
}

function verbOf([first]: readonly Token[]): string {
  return first?.text.toUpperCase() ?? ''
}

/** The tokens behind each clause's word, up to the next one. */
function clausesOf(tokens: readonly Token[]): Readonly<Partial<Record<Clause, readonly Token[]>>> {
  const known = clausesBy[verbOf(tokens)] ?? []
  const clauses: Partial<Record<Clause, Token[]>> = {}
  let current: Token[] = []
  for (const [index, token] of tokens.entries()) {
    const clause = known.find((each) => each === token.text.toUpperCase())
    if (clause !== undefined && !behindName.test(tokens[index + 1]?.text ?? '')) {
      current = clauses[clause] ?? []
      clauses[clause] = current
    } else current.push(token)
  }
  return clauses
}

/** Splits at a word that is in no parentheses; an AND of a BETWEEN is none. */
function splitAt(tokens: readonly Token[], word: 'AND' | 'OR'): readonly (readonly Token[])[] {
  const parts: Token[][] = [[]]
  let depth = 0
  let between = false
  for (const token of tokens) {
    if (/^[([{]$/.test(token.text)) depth++
    if (/^[)\]}]$/.test(token.text)) depth--
    const text = token.text.toUpperCase()
    if (depth === 0 && text === 'BETWEEN') between = true
    if (depth === 0 && text === word && !(word === 'AND' && between)) parts.push([])
    else parts.at(-1)!.push(token)
    if (depth === 0 && text === 'AND') between = false
  }
  return parts
}

/** Takes off parentheses around the whole. */
function bare(tokens: readonly Token[]): readonly Token[] {
  let inner = tokens
  for (let level = 0; level < deepest && wraps(inner); level++) inner = inner.slice(1, -1)
  return inner
}

function wraps(tokens: readonly Token[]): boolean {
  if (tokens[0]?.text !== '(' || tokens.at(-1)?.text !== ')') return false
  let depth = 0
  return tokens.every(({ text }, index) => {
    if (text === '(') depth++
    if (text === ')') depth--
    return depth > 0 || index === tokens.length - 1
  })
}

/** The conditions that must all hold. */
function conjunctsOf(where: readonly Token[], level = 0): readonly (readonly Token[])[] {
  const inner = bare(where)
  if (inner.length === 0) return []
  if (splitAt(inner, 'OR').length > 1) return [inner]
  const parts = splitAt(inner, 'AND')
  if (parts.length === 1 || level >= deepest) return [inner]
  return parts.flatMap((part) => conjunctsOf(part, level + 1))
}

/** The values of the partition key, if exactly one condition sets it equal to them. */
function leadingIn(where: readonly (readonly Token[])[], hash: string): readonly string[] | undefined {
  const isUnknown = ([first, second]: readonly Token[]) => first?.name === hash && second?.text === '='
  if (where.some((condition) => isUnknown(condition) && valuesOf(condition, hash) === undefined))
    return undefined
  const found = where.flatMap((condition) => {
    const values = valuesOf(condition, hash)
    return values === undefined ? [] : [values]
  })
  const [first] = found
  const isOne = found.every(
    (values) => values.length === first!.length && values.every((v) => first!.includes(v)),
  )
  return first !== undefined && isOne ? first : undefined
}

/** `key = value`, `key IN [value, …]`, or such conditions joined by OR. */
function valuesOf(condition: readonly Token[], key: string): readonly string[] | undefined {
  const either = splitAt(condition, 'OR')
  if (either.length > 1) {
    const each = either.map((part) => valuesOf(bare(part), key))
    return each.some((values) => values === undefined) ? undefined : each.flatMap((values) => values ?? [])
  }
  const [first, second, third, ...rest] = condition
  if (second?.text === '=' && rest.length === 0) {
    if (first?.name === key) return third?.value === undefined ? undefined : [third.value]
    return third?.name === key && first?.value !== undefined ? [first.value] : undefined
  }
  if (first?.name !== key || second?.text.toUpperCase() !== 'IN' || !/^[([]$/.test(third?.text ?? ''))
    return undefined
  const values = rest.slice(0, -1).filter((_, index) => index % 2 === 0)
  return values.some(({ value }) => value === undefined) ? undefined : values.map(({ value }) => value!)
}

/** The number of conditions that bound the sort key: two of them cannot be one range. */
function boundsOn(where: readonly (readonly Token[])[], range: string | undefined): number {
  if (range === undefined) return 0
  const bounds = where.flatMap((condition) => {
    const [first, second, third] = condition
    const isFunction = /^begins_with$/i.test(first?.text ?? '') && third?.name === range
    const isComparison = /^(?:=|<|<=|>|>=|BETWEEN)$/i.test(second?.text ?? '')
    const isReversed = isComparison && condition.length === 3 && third?.name === range
    if (!isFunction && !isReversed && !(isComparison && first?.name === range)) return []
    const value = isReversed ? first?.value : third?.value
    return [
      second?.text === '=' && value !== undefined
        ? `= ${plainNumber(value)}`
        : condition.map(({ text }) => text).join(' '),
    ]
  })
  return new Set(bounds).size
}

function plainNumber(value: string): string {
  return /^-?\d+(?:\.\d+)?$/.test(value) ? String(Number(value)) : value
}

/** Names that are no functions, no members of other attributes, and no words of a clause. */
function attributesIn(tokens: readonly Token[], words: RegExp): readonly string[] {
  return tokens.flatMap(({ text, name }, index) => {
    const after = tokens[index + 1]?.text ?? ''
    if (name === undefined || tokens[index - 1]?.text === '.' || after === '(') return []
    if (words.test(text) && !behindName.test(after)) return []
    return [name]
  })
}

/** The members of the tuple of an INSERT: what is before colons; a key that is given twice is unknown. */
function ofInsert(tuple: readonly Token[], keys: KeyNames | undefined): StatementFacts {
  const attributes: string[] = []
  let leading: readonly string[] | undefined
  let depth = 0
  for (const [index, { text, value, name }] of tuple.entries()) {
    if (/^[[{(]$/.test(text)) depth++
    if (/^[\]})]$/.test(text)) depth--
    const member = name ?? value
    if (depth !== 1 || member === undefined || tuple[index + 1]?.text !== ':') continue
    if (member === keys?.hash) {
      const given = tuple[index + 2]?.value
      const isAlone = /^[,}]$/.test(tuple[index + 3]?.text ?? '') && !attributes.includes(member)
      leading = given !== undefined && isAlone ? [given] : undefined
    }
    attributes.push(member)
  }
  return { leading, scans: undefined, attributes, all: false }
}
