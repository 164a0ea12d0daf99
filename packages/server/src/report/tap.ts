import type { TestOutcome } from './result.ts'

/** Writes the Test Anything Protocol, version 14: one line for each test, and a YAML block for each failure. */
export function tap(tests: readonly TestOutcome[]): string {
  const lines = ['TAP version 14', `1..${tests.length}`]
  for (const [index, test] of tests.entries()) {
    const { name, suite, status, message = '', details = [], place } = test
    const title = escaped(`${suite}: ${name}`)
    if (status === 'passed') {
      lines.push(`ok ${index + 1} - ${title}`)
      continue
    }
    lines.push(`not ok ${index + 1} - ${title}`, '  ---', `  message: ${JSON.stringify(message)}`)
    lines.push(`  severity: ${status === 'failed' ? 'fail' : 'error'}`)
    if (place !== undefined)
      lines.push(
        `  at: {file: ${JSON.stringify(place.file)}, line: ${place.startLine}, column: ${place.startColumn}}`,
      )
    if (details.length > 0)
      lines.push('  details:', ...details.map((line) => `    - ${JSON.stringify(line)}`))
    lines.push('  ...')
  }
  return `${lines.join('\n')}\n`
}

/** A `#` would begin a directive, a line break another line. */
function escaped(text: string): string {
  return text
    .replaceAll('\\', '\\\\')
    .replaceAll('#', '\\#')
    .replace(/[\0-\x1f\x7f-\x9f]/g, ' ')
}
