import type { Context } from '../request/context.ts'

/** A piece of a policy value: text, a wildcard, or a variable that the request fills in. */
export type Part = string | Wildcard | Variable

/** `?` is any one unit of UTF-16 (behaviour POL-211), `*` any run of them. */
export type Wildcard = typeof anyOne | typeof anyRun
export const anyOne = 1
export const anyRun = 2

export interface Variable {
  /** In lower case: the names of condition keys ignore case. */
  readonly key: string
  /** As in `${aws:username, 'nobody'}`. */
  readonly fallback: string | undefined
  /** It has no end, or a comma but no default in the documented form: its value is unknowable (behaviour POL-182). */
  readonly isMalformed?: true
}

export interface TemplateOptions {
  readonly wildcards: boolean
  readonly variables: boolean
}

/**
 * Splits a policy value into parts. `${*}`, `${?}` and `${$}` are the characters themselves; with `variables` off
 * (Version 2008-10-17, or an operator that takes none) `${…}` is plain text (behaviours POL-086 and POL-088).
 */
export function parseTemplate(text: string, options: TemplateOptions): readonly Part[] {
  const parts: Part[] = []
  let literal = ''
  let from = 0
  const push = (part: Part): void => {
    if (literal !== '') parts.push(literal)
    literal = ''
    parts.push(part)
  }
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (options.wildcards && (code === star || code === question)) {
      literal += text.slice(from, at)
      from = at + 1
      // Two runs in a row are one.
      if (code === question) push(anyOne)
      else if (literal !== '' || parts.at(-1) !== anyRun) push(anyRun)
    } else if (options.variables && code === dollar && text.charCodeAt(at + 1) === brace) {
      const close = text.indexOf('}', at)
      literal += text.slice(from, at)
      if (close === -1) {
        push({ key: '', fallback: undefined, isMalformed: true })
        return parts
      }
      from = close + 1
      const filled = parseVariable(text.slice(at + 2, close))
      if (typeof filled === 'string') literal += filled
      else push(filled)
      at = close
    }
  }
  literal += text.slice(from)
  if (literal !== '') parts.push(literal)
  return parts
}

const dollar = 36
const star = 42
const question = 63
const brace = 123

function parseVariable(inside: string): string | Variable {
  if (inside === '*' || inside === '?' || inside === '$') return inside
  if (!inside.includes(',')) return { key: inside.trim().toLowerCase(), fallback: undefined }
  const [, key = '', fallback] = defaulted.exec(inside) ?? []
  return {
    key: key.trim().toLowerCase(),
    fallback,
    ...(fallback === undefined ? { isMalformed: true } : {}),
  }
}

/** A key, a comma and a blank, and a text in single quotes (behaviour POL-088). */
const defaulted = /^([^,]*), +'([^']*)' *$/

/** Whether some variable cannot be read. */
export function isMalformed(parts: readonly Part[]): boolean {
  return parts.some((part) => typeof part === 'object' && part.isMalformed)
}

/** The value of a variable. A key with a list of values has none (behaviours POL-089 and POL-090). */
export function resolve(variable: Variable, context: Context): string | undefined {
  if (variable.isMalformed) return undefined
  const value = context.lookup(variable.key)
  if (value === undefined) return variable.fallback
  return typeof value === 'string' ? value : undefined
}

/** Parts with their variables filled in as plain text; undefined when one has no value. */
export function settle(parts: readonly Part[], context: Context): (string | Wildcard)[] | undefined {
  const settled: (string | Wildcard)[] = []
  for (const part of parts) {
    const text = typeof part === 'object' ? resolve(part, context) : part
    if (text === undefined) return undefined
    settled.push(text)
  }
  return settled
}

/** Parts as text again, wildcards as themselves; undefined when a variable has no value. */
export function fill(parts: readonly Part[], context: Context): string | undefined {
  return settle(parts, context)
    ?.map((part) => (typeof part === 'string' ? part : part === anyRun ? '*' : '?'))
    .join('')
}

export function hasVariables(parts: readonly Part[]): boolean {
  return parts.some((part) => typeof part === 'object')
}
