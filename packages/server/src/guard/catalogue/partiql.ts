import { Unreadable } from './input.ts'

const token = /'(?:[^']|'')*'|"(?:[^"]|"")*"|[\w-]+|\S/g

/**
 * Texts that could hide a table from one reader and show it to another: comments, quotes that are not closed or
 * escaped by backslashes, literals of another language, a second statement (behaviour GRD-23).
 */
const hiding = /^(?:['"`;\\]|--.*)$/

/** Matches the text that may follow the table: nothing, or a clause; an EXISTS ends in a parenthesis. */
const behindTable = /^(?:|WHERE|ORDER|SET|REMOVE|VALUE|RETURNING|\))$/i

/** A quoted text that a reader without regard to quotes takes for the table, if it is before the table. */
const quotedTable = /^['"].*\b(?:FROM|INTO|UPDATE|JOIN)\b/is

/**
 * The table of a DynamoDB PartiQL statement, or `table/index/name`. @throws Unreadable if the statement has none of
 * the forms that DynamoDB accepts
 */
export function partiqlTable(statement: string): string {
  const tokens = tokensOf(statement)
  const comment = tokens.some((text, i) => text === '/' && tokens[i + 1] === '*')
  if (comment || tokens.some((text) => hiding.test(text) || /\\$/.test(text.slice(1, -1))))
    throw new Unreadable('A PartiQL statement cannot be read')
  const at = tableAt(tokens)
  const table = at === undefined ? undefined : nameOf(tokens[at])
  if (at === undefined || table === undefined) throw new Unreadable('A PartiQL statement names no table')
  const froms = tokens.filter((text) => /^(?:FROM|JOIN)$/i.test(text))
  if (froms.length > 1 || tokens[at + 1] === ',')
    throw new Unreadable('A PartiQL statement names more than one table')
  const index = tokens[at + 1] === '.' ? nameOf(tokens[at + 2]) : undefined
  const next = tokens[index === undefined ? at + 1 : at + 3] ?? ''
  // an alias, and whatever else some readers take for the beginning of another table
  if (!behindTable.test(next)) throw new Unreadable('A PartiQL statement has more than its table behind FROM')
  if (tokens.slice(0, at).some((text) => quotedTable.test(text)))
    throw new Unreadable('A PartiQL statement cannot be read')
  return index === undefined ? table : `${table}/index/${index}`
}

function tokensOf(statement: string): readonly string[] {
  return [...statement.matchAll(token)].map(([text]) => text)
}

function tableAt(tokens: readonly string[]): number | undefined {
  const verb = tokens[0]?.toUpperCase()
  switch (verb) {
    case 'SELECT':
    case 'EXISTS': {
      const from = tokens.findIndex((text) => text.toUpperCase() === 'FROM')
      return from < 0 ? undefined : from + 1
    }
    case 'UPDATE':
      return 1
    case 'INSERT':
      return tokens[1]?.toUpperCase() === 'INTO' ? 2 : undefined
    case 'DELETE':
      return tokens[1]?.toUpperCase() === 'FROM' ? 2 : undefined
    default:
      return undefined
  }
}

function nameOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  if (text.startsWith('"')) return text.slice(1, -1).replaceAll('""', '"')
  return /^[\w-]+$/.test(text) ? text : undefined
}
