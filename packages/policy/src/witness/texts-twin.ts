/** Compares the search of texts with trying every text, on random patterns. Only tests and the soak import this. */

import { matcherOf } from '../match/glob.ts'
import { type Part, parseTemplate } from '../match/template.ts'
import { emptyContext } from '../request/context.ts'
import { globAutomaton } from './automaton.ts'
import type { TextConstraint } from './constraint.ts'
import type { Grammar, Shape, ShapeVariable } from './question.ts'
import { filled } from './shape.ts'
import { Steps } from './steps.ts'
import { solveTexts } from './texts.ts'

/** A small generator of numbers, the same from each seed (mulberry32). */
export function chance(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

interface Problem {
  readonly shapes: readonly Shape[]
  readonly constraints: readonly {
    readonly slot: number
    readonly patterns: readonly string[]
    readonly want: boolean
  }[]
}

/** @returns how many problems have an answer, and how many have none. Throws at the first difference. */
export function texts(count: number, seed: number): { found: number; none: number } {
  let found = 0
  for (let each = 0; each < count; each++) if (compare(problemOf(chance(seed * 1_000_003 + each)))) found++
  return { found, none: count - found }
}

function compare(problem: Problem): boolean {
  const { shapes } = problem
  const steps = new Steps(1_000_000)
  const constraints: TextConstraint[] = problem.constraints.map(({ slot, patterns, want }) => ({
    slot,
    want,
    patterns: patterns.map((pattern) => globAutomaton(partsOf(pattern))),
  }))
  const solved = solveTexts(shapes, constraints, steps)
  if (steps.isIncomplete) throw new Error(`undecided: ${JSON.stringify(problem)}`)
  const fits = testOf(problem)
  if (solved !== undefined) {
    const isText = shapes
      .flatMap((shape) => shape.filter((part) => typeof part === 'object'))
      .every(({ variable, grammar }) => textsOf(grammar).includes(solved.get(variable) ?? '-'))
    if (isText && fits(solved)) return true
    throw new Error(`wrong: ${JSON.stringify([...solved])} for ${JSON.stringify(problem)}`)
  }
  for (const tried of every(shapes))
    if (fits(tried)) throw new Error(`missed: ${JSON.stringify([...tried])} for ${JSON.stringify(problem)}`)
  return false
}

function testOf({ shapes, constraints }: Problem): (tried: ReadonlyMap<string, string>) => boolean {
  const tests = constraints.map(({ slot, patterns, want }) => {
    const matchers = patterns.map((pattern) => matcherOf(partsOf(pattern)))
    return (tried: ReadonlyMap<string, string>) => {
      const text = filled(shapes[slot] ?? [], tried)
      return matchers.some((matches) => matches(text, emptyContext)) === want
    }
  })
  return (tried) => tests.every((test) => test(tried))
}

function partsOf(pattern: string): readonly Exclude<Part, object>[] {
  return parseTemplate(pattern, { wildcards: true, variables: false }).filter(
    (part) => typeof part !== 'object',
  )
}

function* every(shapes: readonly Shape[]): Generator<ReadonlyMap<string, string>> {
  const variables = new Map<string, ShapeVariable>()
  for (const part of shapes.flat()) if (typeof part === 'object') variables.set(part.variable, part)
  yield* combined([...variables.values()], new Map())
}

function* combined(
  [first, ...rest]: readonly ShapeVariable[],
  tried: ReadonlyMap<string, string>,
): Generator<ReadonlyMap<string, string>> {
  if (first === undefined) yield tried
  else
    for (const text of textsOf(first.grammar))
      yield* combined(rest, new Map([...tried, [first.variable, text]]))
}

const known = new Map<Grammar, readonly string[]>()

/** All texts of a grammar. Its sets have no ranges here. */
function textsOf(grammar: Grammar): readonly string[] {
  if ('values' in grammar) return grammar.values
  const before = known.get(grammar)
  if (before !== undefined) return before
  const { characters = '', first = characters, last = characters, least = 1, most = 0 } = grammar
  const found: string[] = least === 0 ? [''] : []
  let level = ['']
  for (let length = 1; length <= most; length++) {
    const isFirst = length === 1
    const set = isFirst ? first : characters
    if (length >= least)
      for (const text of level)
        for (const character of last) if (!isFirst || set.includes(character)) found.push(text + character)
    level = level.flatMap((text) => Array.from(set, (character) => text + character))
  }
  known.set(grammar, found)
  return found
}

const grammars: readonly Grammar[] = [
  { characters: 'ab', most: 4 },
  { characters: 'abc', most: 3, least: 0 },
  { characters: 'abc', most: 4, least: 2 },
  { characters: 'abc', first: 'a', last: 'bc', most: 4 },
  { characters: 'ac', last: 'b', most: 3 },
  { values: ['a', 'abc', '', 'cab'] },
]

function problemOf(next: (below: number) => number): Problem {
  const text = (letters: string, most: number): string =>
    Array.from({ length: next(most + 1) }, () => letters.charAt(next(letters.length))).join('')
  const x: ShapeVariable = { variable: 'x', grammar: grammars[next(grammars.length)] ?? { values: [] } }
  const y: ShapeVariable = { variable: 'y', grammar: grammars[next(grammars.length)] ?? { values: [] } }
  const one: Shape =
    next(3) === 0 ? [text('abc', 2), x, text('abc', 2), y] : [text('ab', 1), x, text('abc', 1)]
  const other: Shape = next(2) === 0 ? [x, text('abc', 2)] : [x, text('ab', 1), y, text('c', 1)]
  const shapes = next(2) === 0 ? [one] : [one, other]
  const constraints = Array.from({ length: 1 + next(5) }, () => ({
    slot: next(shapes.length),
    want: next(2) === 0,
    patterns: Array.from({ length: 1 + next(3) }, () => text('aabbc**??', 5)),
  }))
  return { shapes, constraints }
}
