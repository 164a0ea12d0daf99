import { oneLine } from '../trail/index.ts'

/** A text that a terminal cannot take for a command, or for another line. */
export function safe(text: string): string {
  return oneLine(text).slice(1, -1).replaceAll('\\"', '"').replaceAll('\\\\', '\\')
}

/** A text of lines, those after the first moved in: what callers had a hand in cannot pass for a line of its own. */
export function safeLines(text: string): string {
  return text.split('\n').map(safe).join('\n  ')
}

/** A value from elsewhere with every text in it safe to be shown. */
export function safeTexts<T>(value: T): T {
  const made: unknown = JSON.parse(JSON.stringify(value), (_, each: unknown) =>
    typeof each === 'string' ? safe(each) : each,
  )
  return made as T // of the same shape: only texts were changed
}
