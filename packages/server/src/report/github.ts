import type { Level, Result } from './result.ts'

const commands: Readonly<Record<Level, string>> = { error: 'error', warning: 'warning', note: 'notice' }

/**
 * Writes GitHub's workflow commands, one line for each result; GitHub shows them at their lines. Suppressed results
 * are left out.
 */
export function github(results: readonly Result[]): string {
  return results
    .filter(({ suppressed }) => suppressed === undefined)
    .map(annotation)
    .join('')
}

function annotation({ rule, level, message, place }: Result): string {
  const properties: Record<string, string | number> = {}
  if (place !== undefined) {
    properties.file = place.file
    properties.line = place.startLine
    properties.endLine = place.endLine
    // GitHub accepts columns only if the range is within one line
    if (place.startLine === place.endLine) {
      properties.col = place.startColumn
      properties.endColumn = place.endColumn
    }
  }
  properties.title = rule
  const list = Object.entries(properties).map(([name, value]) => `${name}=${property(String(value))}`)
  return `::${commands[level]} ${list.join(',')}::${data(message)}\n`
}

/** Line breaks of a message are written as escapes; other control characters are removed for terminals. */
function data(text: string): string {
  return text
    .replaceAll('%', '%25')
    .replaceAll('\r', '%0D')
    .replaceAll('\n', '%0A')
    .replace(/[\0-\x1f\x7f-\x9f]/g, '\ufffd')
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
