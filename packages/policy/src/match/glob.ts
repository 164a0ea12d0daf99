import type { Context } from '../evaluate/context.ts'
import {
  ANY_ONE,
  ANY_RUN,
  hasVariables,
  type Part,
  parseTemplate,
  resolve,
  settle,
  type TemplateOptions,
} from './template.ts'

/** Whether a value of the request fits a value of the policy; the context fills in variables. */
export type Matcher = (value: string, context: Context) => boolean

/**
 * Compiles a pattern once into the cheapest test that decides it. Nothing here is a regular expression: no pattern
 * costs more than its length times the value's.
 */
export function compileGlob(text: string, options: TemplateOptions): Matcher {
  return matcherOf(parseTemplate(text, options))
}

export function matcherOf(parts: readonly Part[]): Matcher {
  if (parts.length > 3 || hasVariables(parts))
    return hasVariables(parts) ? filledMatcher(parts) : partsMatcher(parts)
  const [first, second, third] = parts
  if (first === undefined) return isEmpty
  if (second === undefined)
    return first === ANY_RUN ? isAnything : typeof first === 'string' ? equal(first) : partsMatcher(parts)
  if (third === undefined) {
    if (typeof first === 'string' && second === ANY_RUN) return (value) => value.startsWith(first)
    if (first === ANY_RUN && typeof second === 'string') return (value) => value.endsWith(second)
  } else if (typeof first === 'string' && second === ANY_RUN && typeof third === 'string') {
    const least = first.length + third.length
    return (value) => value.length >= least && value.startsWith(first) && value.endsWith(third)
  }
  return partsMatcher(parts)
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
  return (value) => matchParts(parts, value)
}

/** A pattern with variables: they are filled in first, as plain text; one without a value matches nothing. */
function filledMatcher(parts: readonly Part[]): Matcher {
  if (!parts.some((part) => typeof part === 'number'))
    return (value, context) => equalsFilled(parts, value, context)
  return (value, context) => {
    const settled = settle(parts, context)
    return settled !== undefined && matchParts(settled, value)
  }
}

function equalsFilled(parts: readonly Part[], value: string, context: Context): boolean {
  let at = 0
  for (const part of parts) {
    const text = typeof part === 'object' ? resolve(part, context) : part
    if (typeof text !== 'string' || !value.startsWith(text, at)) return false
    at += text.length
  }
  return at === value.length
}

/**
 * Parts (text and wildcards) against a value. When a part fails, only the last run may stretch by one character:
 * stretching an earlier one could not find a match that the last cannot, so the cost stays a product.
 */
function matchParts(parts: readonly Part[], value: string): boolean {
  let part = 0
  let at = 0
  let runPart = -1
  let runAt = 0
  for (;;) {
    const wanted = parts[part]
    if (wanted === undefined) {
      if (at === value.length) return true
    } else if (wanted === ANY_RUN) {
      part++
      if (part === parts.length) return true
      runPart = part
      runAt = at
      continue
    } else if (wanted === ANY_ONE) {
      if (at < value.length) {
        at += characterLength(value, at)
        part++
        continue
      }
    } else if (typeof wanted === 'string' && value.startsWith(wanted, at)) {
      at += wanted.length
      part++
      continue
    }
    if (runPart === -1 || runAt >= value.length) return false
    runAt++
    at = runAt
    part = runPart
  }
}

/** `?` is one character, also where UTF-16 needs two units for it. */
function characterLength(value: string, at: number): number {
  const code = value.charCodeAt(at)
  return code >= 0xd800 && code < 0xdc00 && at + 1 < value.length ? 2 : 1
}
