import { styleText } from 'node:util'
import { github, junit, type Place, type Result, sarif, type TestOutcome, tap } from '../../report/index.ts'
import { safe } from '../output.ts'
import { version } from '../version.ts'
import type { Coverage } from './coverage.ts'
import type { Tested } from './types.ts'

export const testFormats = ['human', 'json', 'junit', 'sarif', 'github', 'tap'] as const
export type TestFormat = (typeof testFormats)[number]

/** The results in one of the forms that people and programs read. */
export function testReport(
  tested: readonly Tested[],
  coverage: readonly Coverage[] | undefined,
  format: TestFormat,
): string {
  switch (format) {
    case 'human':
      return tested.map(human).join('') + (coverage ?? []).map(humanCoverage).join('')
    case 'json':
      return [
        ...tested.map(plain),
        ...(coverage === undefined ? [] : [{ coverage: coverage.map(plainCoverage) }]),
      ]
        .map((each) => `${JSON.stringify(each)}\n`)
        .join('')
    case 'junit':
      return junit(tested.map(outcome))
    case 'tap':
      return tap(tested.map(outcome))
    case 'github':
      return github(results(tested))
    case 'sarif':
      return sarif({ name: 'omen test', version: version(), rules }, results(tested), process.cwd())
  }
}

const rules = {
  'case-failed': 'A decision case does not have the expected answer.',
  'case-error': 'A decision case cannot be asked.',
}

function human(tested: Tested): string {
  if (tested.status === 'passed') return ''
  const { file, startLine, startColumn } = tested.place()
  const place = `${file}:${startLine}:${startColumn}`
  const head = `${styleText('red', '✗', { stream: process.stdout })} ${safe(place)}: ${safe(tested.name)}\n`
  return head + [messageOf(tested), ...detailsOf(tested)].map((line) => `    ${safe(line)}\n`).join('')
}

function messageOf({ status, expect, got, because, wanted }: Tested): string {
  if (status === 'error') return `cannot be asked: ${because}`
  if (isAboutPaths(expect)) return `expected ${pathWords[expect]}, got ${got}: ${because}`
  const reason = wanted === undefined ? '' : ` because of ${wanted}`
  return `expected ${expect}${reason}, got ${got} because of ${because}`
}

const pathWords = {
  none: 'no path that is proven or conditional',
  conditional: 'no path that is proven',
  proven: 'proven paths',
} as const

function isAboutPaths(expect: Tested['expect']): expect is keyof typeof pathWords {
  return Object.hasOwn(pathWords, expect)
}

function detailsOf({ statements, change }: Tested): readonly string[] {
  return [
    ...statements.map(({ words, place }) => `${words}${place === undefined ? '' : `, ${placeText(place)}`}`),
    ...change.map((line, index) => `${index === 0 ? 'smallest change' : 'and'}: ${line}`),
  ]
}

function placeText({ file, startLine, startColumn }: Place): string {
  return `${file}:${startLine}:${startColumn}`
}

function plain(tested: Tested) {
  const { name, status, expect, got, because, wanted, statements, change } = tested
  const { file, startLine: line, startColumn: column } = tested.place()
  return {
    name,
    status,
    expect,
    ...(wanted === undefined ? {} : { wanted }),
    got: got ?? 'bad',
    because,
    file,
    line,
    column,
    ...(statements.length === 0
      ? {}
      : {
          statements: statements.map(({ words, sid, place }) => ({
            ...(sid === undefined ? {} : { sid }),
            text: words,
            ...(place === undefined
              ? {}
              : { file: place.file, line: place.startLine, column: place.startColumn }),
          })),
        }),
    ...(change.length === 0 ? {} : { change }),
  }
}

function outcome(tested: Tested): TestOutcome {
  const { name, file, status } = tested
  if (status === 'passed') return { name, suite: file, status }
  return {
    name,
    suite: file,
    status,
    message: messageOf(tested),
    details: detailsOf(tested),
    place: tested.place(),
  }
}

/** A failed case at its own place, and the statements behind it as further places. */
function results(tested: readonly Tested[]): readonly Result[] {
  return tested
    .filter(({ status }) => status !== 'passed')
    .map((each) => ({
      rule: each.status === 'failed' ? 'case-failed' : 'case-error',
      level: 'error',
      message: [`${each.name}: ${messageOf(each)}`, ...detailsOf(each)].join('\n'),
      place: each.place(),
      related: each.statements.flatMap(({ words, place }) =>
        place === undefined ? [] : [{ place, message: words }],
      ),
      fingerprint: `${each.file}\n${each.name}`,
    }))
}

function humanCoverage({ file, statements, never }: Coverage): string {
  const decided = `${statements - never.length} of ${statements} statements decided a case`
  const lines = never.map(({ words, place }) => `    never: ${safe(words)}, ${safe(placeText(place))}\n`)
  return `${safe(file)}: ${decided}\n${lines.join('')}`
}

function plainCoverage({ file, statements, never }: Coverage) {
  return {
    file,
    statements,
    never: never.map(({ words, sid, place }) => ({
      ...(sid === undefined ? {} : { sid }),
      text: words,
      line: place.startLine,
      column: place.startColumn,
    })),
  }
}
