import type { TestOutcome } from './result.ts'

/** Writes JUnit XML as CI servers read it (Jenkins's schema): one suite for each `suite` of the tests. */
export function junit(tests: readonly TestOutcome[]): string {
  const suites = [...Map.groupBy(tests, ({ suite }) => suite)].map(([suite, list]) => {
    const name = escaped(suite)
    const cases = list.map((each) => testCase(each, name)).join('')
    return `  <testsuite name="${name}" ${counts(list)}>\n${cases}  </testsuite>\n`
  })
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites ${counts(tests)}>\n${suites.join('')}</testsuites>\n`
}

function counts(tests: readonly TestOutcome[]): string {
  const count = (status: TestOutcome['status']) => tests.filter((each) => each.status === status).length
  return `tests="${tests.length}" failures="${count('failed')}" errors="${count('error')}"`
}

function testCase({ name, status, message = '', details = [] }: TestOutcome, suite: string): string {
  const open = `    <testcase name="${escaped(name)}" classname="${suite}"`
  if (status === 'passed') return `${open}/>\n`
  const element = status === 'failed' ? 'failure' : 'error'
  const text = escaped(details.join('\n'), { lines: true })
  return `${open}>\n      <${element} message="${escaped(message)}">${text}</${element}>\n    </testcase>\n`
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\n': '&#10;',
  '\r': '&#13;',
  '\t': '&#9;',
}

/** Characters that XML cannot represent become U+FFFD. Line breaks in an attribute are written as references. */
function escaped(text: string, { lines = false } = {}): string {
  return text
    .toWellFormed()
    .replace(/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, '\ufffd')
    .replace(lines ? /[&<>"]/g : /[&<>"\n\r\t]/g, (character) => entities[character] ?? character)
}
