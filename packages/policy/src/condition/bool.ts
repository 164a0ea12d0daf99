/** `true` in any case is true. Every other text is false (behaviour POL-203). */
export function parseBool(text: string): boolean {
  return text.length === 4 && text.toLowerCase() === 'true'
}

/** Whether a text is written as a boolean is, in any case. */
export function isBool(text: string): boolean {
  return parseBool(text) || (text.length === 5 && text.toLowerCase() === 'false')
}
