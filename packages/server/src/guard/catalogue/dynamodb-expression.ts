import { asRecord, Unreadable } from './input.ts'

/** Bytes of one expression: as DynamoDB has it. */
const longestExpression = 4_096
/** A name or placeholder is all between the marks of the language; readers differ in which characters it may have. */
const token = /[#:]?[^\s#:()[\],.=<>+-]+|\S/g
const clauseWord = /^(?:SET|REMOVE|ADD|DELETE|AND|OR|NOT|BETWEEN|IN)$/i
/** Matches the text behind a name, and never a word of a clause. */
const behindName = /^(?:[=<>,.[)]|undefined)$/
const plainPlaceholder = /^#\w+$/

/** Two sides of an equality. */
export interface Equality {
  readonly name: unknown
  readonly value: unknown
}

/** An expression of DynamoDB in tokens. @throws Unreadable if it is longer than DynamoDB accepts */
export function expressionTokens(text: string): readonly string[] {
  if (text.length > longestExpression)
    throw new Unreadable(`An expression is longer than ${longestExpression} bytes`)
  return text.match(token) ?? []
}

/** The top-level attributes that an expression names. */
export function attributesNamed(
  tokens: readonly string[],
  names: Readonly<Record<string, unknown>>,
): readonly string[] {
  return tokens.flatMap((text, index) => {
    const [before, after] = [tokens[index - 1], tokens[index + 1]]
    if (!/^#?[^\s#:()[\],.=<>+-]/.test(text) || before === '.' || before === '[' || after === '(') return []
    if (clauseWord.test(text) && !behindName.test(String(after))) return []
    return [nameOf(text, names)]
  })
}

/** Attributes behind placeholders that not every reader finds in an expression: `#-`, `#é`, `name`. Any of them counts as named. */
export function oddlyNamed(names: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.entries(names).flatMap(([placeholder, name]) =>
    plainPlaceholder.test(placeholder) || typeof name !== 'string' ? [] : [name],
  )
}

/**
 * The equalities of a key condition, in either order. @throws Unreadable if one side of an equality is no name, or the
 * other one no value
 */
export function equalities(
  text: string,
  names: Readonly<Record<string, unknown>>,
  values: unknown,
): readonly Equality[] {
  const tokens = expressionTokens(text)
  const known = asRecord(values) ?? {}
  return tokens.flatMap((sign, at) => {
    if (sign !== '=' || /^[<>]$/.test(tokens[at - 1] ?? '')) return []
    const sides = [tokens[at - 1] ?? '', tokens[at + 1] ?? '']
    const value = sides.find((side) => side.length > 1 && side.startsWith(':'))
    const name = sides.find((side) => /^#?[^\s#:()[\],.=<>+-]/.test(side))
    if (value === undefined || name === undefined) throw new Unreadable('A key condition cannot be read')
    return [{ name: nameOf(name, names), value: Object.hasOwn(known, value) ? known[value] : undefined }]
  })
}

function nameOf(text: string, names: Readonly<Record<string, unknown>>): string {
  const meant = text.startsWith('#') && Object.hasOwn(names, text) ? names[text] : undefined
  return typeof meant === 'string' ? meant : text
}
