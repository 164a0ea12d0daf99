import { relative, sep } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Finding, FindingClass } from '@omen-iam/policy'
import { safe } from './output.ts'
import { version } from './version.ts'

/** What was found in a file. */
export interface FileFindings {
  readonly file: string
  readonly kind: string
  readonly findings: readonly Finding[]
}

export const findingFormats = ['human', 'json', 'sarif', 'github'] as const
export type FindingFormat = (typeof findingFormats)[number]

/** The findings of all files in one of the forms that people and programs read. */
export function findingReport(all: readonly FileFindings[], format: FindingFormat): string {
  switch (format) {
    case 'human':
      return all.map(human).join('')
    case 'json':
      return `${JSON.stringify(all.flatMap(plain), null, 2)}\n`
    case 'sarif':
      return `${JSON.stringify(sarif(all), null, 2)}\n`
    case 'github':
      return all.map(github).join('')
  }
}

const words: Readonly<Record<FindingClass, string>> = {
  error: 'error',
  securityWarning: 'security warning',
  warning: 'warning',
  suggestion: 'suggestion',
}

function human({ file, findings }: FileFindings): string {
  return findings
    .map((finding) => {
      const { line, column } = finding.span.start
      return `${safe(`${file}:${line}:${column}  ${words[finding.class]}  ${finding.message}  ${finding.code}`)}\n`
    })
    .join('')
}

function plain({ file, kind, findings }: FileFindings) {
  return findings.map(({ class: type, code, message, path, span: { start, end } }) => ({
    file,
    kind,
    class: type,
    code,
    message,
    path,
    line: start.line,
    column: start.column,
    endLine: end.line,
    endColumn: end.column,
  }))
}

const levels: Readonly<Record<FindingClass, string>> = {
  error: 'error',
  securityWarning: 'warning',
  warning: 'warning',
  suggestion: 'note',
}

/** SARIF 2.1.0, as code scanning takes it. */
function sarif(all: readonly FileFindings[]) {
  const codes = [...new Set(all.flatMap(({ findings }) => findings.map(({ code }) => code)))].sort()
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'omen policy lint',
            semanticVersion: version(),
            rules: codes.map((id) => ({ id })),
          },
        },
        columnKind: 'utf16CodeUnits',
        results: all.flatMap(({ file, findings }) =>
          findings.map(({ class: type, code, message, span: { start, end } }) => ({
            ruleId: code,
            ruleIndex: codes.indexOf(code),
            level: levels[type],
            message: { text: message },
            locations: [
              {
                physicalLocation: {
                  artifactLocation: { uri: uriOf(file) },
                  region: {
                    startLine: start.line,
                    startColumn: start.column,
                    endLine: end.line,
                    endColumn: end.column,
                  },
                },
              },
            ],
            properties: { class: type },
          })),
        ),
      },
    ],
  }
}

/** Relative to where the command runs, as code scanning wants it; what lies elsewhere keeps its whole path. */
function uriOf(file: string): string {
  if (file === '-') return 'stdin'
  const path = relative(process.cwd(), file)
  return path.startsWith('..') ? pathToFileURL(file).href : path.split(sep).map(encodeURIComponent).join('/')
}

const commands: Readonly<Record<FindingClass, string>> = {
  error: 'error',
  securityWarning: 'warning',
  warning: 'warning',
  suggestion: 'notice',
}

/** Workflow commands, which GitHub shows at their lines. */
function github({ file, findings }: FileFindings): string {
  return findings
    .map(({ class: type, code, message, span: { start, end } }) => {
      const place: Record<string, string | number> = { file, line: start.line, endLine: end.line }
      // GitHub takes columns only of one line
      if (start.line === end.line) Object.assign(place, { col: start.column, endColumn: end.column })
      const properties = Object.entries({ ...place, title: code }).map(
        ([name, value]) => `${name}=${property(String(value))}`,
      )
      return `::${commands[type]} ${properties.join(',')}::${data(message)}\n`
    })
    .join('')
}

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
