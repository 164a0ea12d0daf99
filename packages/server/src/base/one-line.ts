/**
 * Characters that JSON permits and that a terminal, a pager or a line reader may take for a line end, for a command,
 * or for another text direction (behaviour TRL-7).
 */
const misleading = /[\u007f-\u009f\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/
const allMisleading = /[\u007f-\u009f\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g
/**
 * A lone surrogate, as JSON.stringify writes it. An escaped backslash before the same letters matches too; the text is
 * then rewritten without effect.
 */
const halfCharacter = /\\ud[89a-f][0-9a-f]{2}/

/** Returns one line of JSON. Every value reads back unchanged, except for lone surrogates. */
export function oneLine(record: unknown): string {
  let json = JSON.stringify(record)
  if (halfCharacter.test(json)) json = JSON.stringify(wellFormed(record))
  if (!misleading.test(json)) return json
  return json.replace(allMisleading, (each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

function wellFormed(value: unknown): unknown {
  if (typeof value === 'string') return value.toWellFormed()
  if (Array.isArray(value)) return value.map(wellFormed)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key.toWellFormed(), wellFormed(each)]),
  )
}
