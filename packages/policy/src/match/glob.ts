import type { Context } from '../request/context.ts'
import { spend } from './meter.ts'
import { compileRuns, matchRuns } from './runs.ts'
import {
  anyRun,
  hasVariables,
  type Part,
  parseTemplate,
  resolve,
  settle,
  type TemplateOptions,
} from './template.ts'

/** Whether a value of the request matches a value of the policy. The context fills in variables. */
export type Matcher = (value: string, context: Context) => boolean

/**
 * Compiles a pattern into the cheapest test that decides it, without regular expressions. Text between wildcards is
 * found by search. Only patterns that mix `*` and `?` take more than linear time; the evaluation's budget limits
 * them.
 */
export function compileGlob(text: string, options: TemplateOptions): Matcher {
  return matcherOf(parseTemplate(text, options))
}

export function matcherOf(parts: readonly Part[]): Matcher {
  if (hasVariables(parts)) return filledMatcher(parts)
  if (parts.length > 3 || parts.some(isLong)) return partsMatcher(parts)
  const [first, second, third] = parts
  if (first === undefined) return isEmpty
  if (second === undefined)
    return first === anyRun ? isAnything : typeof first === 'string' ? equal(first) : partsMatcher(parts)
  if (third === undefined) {
    if (typeof first === 'string' && second === anyRun) return (value) => value.startsWith(first)
    if (first === anyRun && typeof second === 'string') return (value) => value.endsWith(second)
  } else if (typeof first === 'string' && second === anyRun && typeof third === 'string') {
    const least = first.length + third.length
    return (value) => value.length >= least && value.startsWith(first) && value.endsWith(third)
  }
  return partsMatcher(parts)
}

/** Comparisons with texts up to this length are paid for with the statement or value that they belong to. */
const unpaid = 64

function isLong(part: Part): boolean {
  return typeof part === 'string' && part.length > unpaid
}

function isEmpty(value: string): boolean {
  return value === ''
}

function isAnything(): boolean {
  return true
}

function equal(text: string): Matcher {
  return (value) => value === text
}

function partsMatcher(parts: readonly Part[]): Matcher {
  const runs = compileRuns(parts.filter((part) => typeof part !== 'object'))
  return (value) => matchRuns(runs, value)
}

/** A pattern with variables. They are filled in first, as plain text. A variable without a value matches nothing. */
function filledMatcher(parts: readonly Part[]): Matcher {
  const wildcards = parts.filter((part) => typeof part === 'number').length
  if (wildcards === 0)
    return (value, context) => endOfFilled(parts, parts.length, value, context) === value.length
  const first = parts.findIndex((part) => typeof part === 'number')
  // Most patterns start with variables and end in `*`.
  if (wildcards === 1 && first === parts.length - 1 && parts[first] === anyRun)
    return (value, context) => endOfFilled(parts, first, value, context) !== -1
  return (value, context) => {
    if (endOfFilled(parts, first, value, context) === -1) return false
    const settled = settle(parts, context)
    return settled !== undefined && spend(parts.length << 3) && matchRuns(compileRuns(settled), value)
  }
}

/** Where the first `count` parts, all of them text, end in a value that starts with them; -1 if it does not. */
function endOfFilled(parts: readonly Part[], count: number, value: string, context: Context): number {
  let at = 0
  for (let index = 0; index < count; index++) {
    const part = parts[index]
    const text = typeof part === 'object' ? resolve(part, context) : part
    if (typeof text !== 'string') return -1
    spend(1 + (text.length >> 3))
    if (!value.startsWith(text, at)) return -1
    at += text.length
  }
  return at
}
