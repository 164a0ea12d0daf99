import type { World } from '../case.ts'
import { contextOf } from './context.ts'

export const star = Symbol('*')
const any = Symbol('?')
/** POL-211: one unit of UTF-16 as itself, or a wildcard. */
export type Piece = string | typeof star | typeof any

export function glob(pieces: readonly Piece[], text: string): boolean {
  const [first, ...rest] = pieces
  if (first === undefined) return text === ''
  if (first === star) return glob(rest, text) || (text !== '' && glob(pieces, text.slice(1)))
  return text !== '' && (first === any || first === text[0]) && glob(rest, text.slice(1))
}

export function pattern(text: string): Piece[] {
  return text.split('').map((each) => (each === '*' ? star : each === '?' ? any : each))
}

export function literal(text: string): Piece[] {
  return text.split('')
}

/** Replaces `${…}`; undefined when one of them has no value. POL-088, POL-089, POL-090 */
export function expand(text: string, world: World, wildcards: boolean): Piece[] | undefined {
  const read = wildcards ? pattern : literal
  const pieces: Piece[] = []
  let rest = text
  for (;;) {
    const found = /\$\{([^}]*)\}/.exec(rest)
    if (found === null) return [...pieces, ...read(rest)]
    pieces.push(...read(rest.slice(0, found.index)))
    rest = rest.slice(found.index + found[0].length)
    const value = variable(found[1] ?? '', world)
    if (value === undefined) return undefined
    pieces.push(...literal(value))
  }
}

function variable(name: string, world: World): string | undefined {
  if (['*', '?', '$'].includes(name)) return name
  const [, key = '', , fallback] = /^([^,]*)(, +'([^']*)' *)?$/.exec(name) ?? []
  const seen = contextOf(world, key.trim())
  if (seen === undefined) return fallback
  return seen.isList ? undefined : seen.values[0] // POL-090: a list is no value, nor is its default
}

/** POL-182: a variable without its brace, or with a comma, but no blank and quoted default behind it. */
export function isUnclear(text: string): boolean {
  if (/\$\{[^}]*$/.test(text)) return true
  return [...text.matchAll(/\$\{([^}]*)\}/g)].some(
    ([, name = '']) => name.includes(',') && !/^[^,]*, +'[^']*' *$/.test(name),
  )
}

/** The five parts before the fifth colon and all the rest; undefined when there are not that many. */
export function arnParts(text: string): string[] | undefined {
  const parts = text.split(':')
  return parts.length < 6 ? undefined : [...parts.slice(0, 5), parts.slice(5).join(':')]
}
