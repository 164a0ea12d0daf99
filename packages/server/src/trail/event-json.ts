/**
 * What JSON may hold as it is and a terminal, a pager or a reader of lines may still take for the end of a line,
 * for a command, or for another order of letters (behaviour TRL-7).
 */
const misleading = /[\u007f-\u009f\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/
const allMisleading = /[\u007f-\u009f\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g
/** Half of a character, as JSON.stringify writes it. A backslash and the same letters look so too: then it is made anew for nothing. */
const halfCharacter = /\\ud[89a-f][0-9a-f]{2}/

/** One line of JSON, whatever the texts in it hold: every value reads back as it was, but for halves of characters. */
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
