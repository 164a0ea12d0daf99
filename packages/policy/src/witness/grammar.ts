import { Remembered } from '../match/remembered.ts'
import type { Grammar } from './question.ts'

/** A set of characters. */
export interface Characters {
  readonly has: (character: string) => boolean
  /** A character of the set that is not in a list: a letter or a digit if possible. */
  readonly without: (excluded: ReadonlySet<string>) => string | undefined
}

/** A grammar that is not a list of values. */
export interface Rule {
  readonly first: Characters
  readonly inner: Characters
  readonly last: Characters
  readonly least: number
  readonly most: number
}

/** The order in which a character is picked, if any will do. */
const readable = 'xyzabcdefghijklmnopqrstuvwABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:=+,@'

/** Reads a grammar that is not a list of values. */
export function ruleOf(grammar: Exclude<Grammar, { readonly values: readonly string[] }>): Rule {
  const { characters, first = characters, last = characters, least = 1, most } = grammar
  return {
    first: charactersOf(first),
    inner: charactersOf(characters),
    last: charactersOf(last),
    least,
    most: most ?? Number.POSITIVE_INFINITY,
  }
}

/** Maximum sets of one generation that are kept. */
const maxRemembered = 1_000
const remembered = new Remembered<Characters>(maxRemembered)

/** Every character if the set is absent. */
function charactersOf(set: string | undefined): Characters {
  if (set === undefined) return anyCharacter
  const known = remembered.get(set)
  if (known !== undefined) return known
  const made = setOf(rangesOf(set))
  remembered.set(set, made)
  return made
}

type Range = readonly [from: number, to: number]

/** `a-z` is a range; a hyphen at either end is a hyphen. */
function rangesOf(set: string): readonly Range[] {
  return Array.from(set.matchAll(/(.)-(.)|./gsu), ([one, from = one, to = one]) => [codeOf(from), codeOf(to)])
}

function setOf(ranges: readonly Range[]): Characters {
  const has = (character: string): boolean => {
    const point = codeOf(character)
    return ranges.some(([from, to]) => from <= point && point <= to)
  }
  return {
    has,
    without: (excluded) => {
      for (const character of readable) if (!excluded.has(character) && has(character)) return character
      for (const [from, to] of ranges) {
        for (let point = from; point <= to; point++) {
          const character = String.fromCodePoint(point)
          if (!excluded.has(character)) return character
        }
      }
      return undefined
    },
  }
}

function codeOf(character: string): number {
  return character.codePointAt(0) ?? 0
}

/** Printable characters come first; the others are all from U+0020 to the end of the plane before the surrogates. */
const all = setOf([[0x20, 0xd7ff]])
const anyCharacter: Characters = { has: () => true, without: all.without }

/** A text of a grammar; empty if it has none. */
export function sampleText(grammar: Grammar): string {
  if ('values' in grammar) return grammar.values[0] ?? ''
  const { first, inner, last, least } = ruleOf(grammar)
  const pick = (set: Characters): string => set.without(nothing) ?? ''
  if (least < 2) return pick(first)
  return pick(first) + pick(inner).repeat(least - 2) + pick(last)
}

const nothing: ReadonlySet<string> = new Set()
