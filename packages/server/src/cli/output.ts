import { oneLine, quotedWord, shellArgument } from '../base/index.ts'
import { badConfiguration } from './failure.ts'

/**
 * Everything that the CLI writes to a terminal or a pipe passes here. Control characters are removed, except the line
 * feed, the tab, and the colors that styleText makes. Values from elsewhere (names, tags, policies) must go through
 * `safe` as well, because a line feed in a value would look like a line of Omen's own.
 */
export function print(text: string, stream: NodeJS.WritableStream = process.stdout): void {
  stream.write(printable(text).replace(ofRunners, written))
}

/** A report in workflow commands, for GitHub. */
export function printReport(text: string, format: string): void {
  if (format === 'github') process.stdout.write(printable(text))
  else print(text)
}

/** The same for progress, hints, warnings and errors: standard error. */
export function printError(text: string): void {
  print(text, process.stderr)
}

/** Shows a line on a terminal in the place of the one before; an empty text removes it. */
export function replaceLine(text: string, stream: NodeJS.WritableStream): void {
  stream.write(`\r\u001b[K${safe(text)}`)
}

/** A value on one line without control characters and without characters that reorder text. */
export function safe(text: string): string {
  return oneLine(text).slice(1, -1).replaceAll('\\"', '"').replaceAll('\\\\', '\\')
}

/** A text of several lines. Lines after the first are indented, so that none looks like a line of Omen's own. */
export function safeLines(text: string): string {
  return text.split('\n').map(safe).join('\n  ')
}

/** A value from elsewhere in which every text, keys included, is `safe`. */
export function safeTexts<T>(value: T): T {
  return safeEach(value) as T // of the same shape: only texts were changed
}

function safeEach(value: unknown): unknown {
  if (typeof value === 'string') return safe(value)
  if (Array.isArray(value)) return value.map(safeEach)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [safe(key), safeEach(each)]))
}

/** Colours and weights, 8 (concealed) is not among them; or any other character that a terminal may act upon. */
const control =
  /\u001b\[(?:[0-79]|[1-9]\d|10[0-7])m|[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g

/** The text with its control characters written as in JSON: `\u001b`. */
function printable(text: string): string {
  return text.replace(control, (sign) => (sign.length > 1 ? sign : written(sign)))
}

/** The first character written as in JSON, the rest as it is. */
function written(text: string): string {
  return `\\u${text.charCodeAt(0).toString(16).padStart(4, '0')}${text.slice(1)}`
}

/**
 * Texts that CI runners execute as commands wherever they are printed: GitHub's `::error::` at the beginning of a line
 * after spaces, and `##[…]` anywhere; Azure's and TeamCity's `##vso[…]` and `##teamcity[…]`. A file's name or a policy
 * under review could contain one.
 */
const ofRunners = /::(?<=^[^\S\n]*::)|##(?=\[|vso\[|teamcity\[)/gim

/**
 * `name = value` for an AWS configuration file. Every client reads such a line in the same way only if the value is
 * printable ASCII without spaces: a line break begins another setting, and some clients read ` #` as a comment.
 * @throws CommandFailure if the value is not
 */
export function settingLine(name: string, value: string): string {
  if (!/^[a-z_]+$/.test(name) || !isPlain(value))
    throw badConfiguration(`${safe(name)} cannot be ${JSON.stringify(safe(value))} in an AWS file`)
  return `${name} = ${value}`
}

/** A header or a comment of an AWS configuration file. @throws CommandFailure if it is more than one line */
export function fileLine(text: string): string {
  if (printable(text) !== text || /[\n\t\u001b]/.test(text))
    throw badConfiguration(`this cannot be a line of an AWS file: ${safe(text)}`)
  return text
}

/** Returns whether a value is printable ASCII without blanks. */
export function isPlain(value: string): boolean {
  return /^[!-~]+$/.test(value)
}

/** A value that no shell reads anything into, as it is. @throws CommandFailure if a shell might */
export function shellWord(value: string): string {
  if (!/^[\w+/=:.,@-]*$/.test(value))
    throw badConfiguration(`${JSON.stringify(safe(value))} cannot be in a shell without quotes`)
  return value
}

/** A value as an argument in a command that is shown: in quotes where a shell would read something into it. */
export function shownArgument(value: string): string {
  return shellArgument(safe(value))
}

/** A value in the quotes of a POSIX shell, line feeds included. @throws CommandFailure if it has other control characters */
export function quotedText(value: string): string {
  for (const line of value.split(/[\n\t]/)) fileLine(line)
  return quotes.sh(value)
}

const quotes = {
  sh: quotedWord,
  fish: (value: string) => `'${value.replace(/[\\']/g, '\\$&')}'`,
  powershell: (value: string) => `'${value.replace(/['\u2018-\u201b]/g, '$&$&')}'`,
} as const

/** A value in the quotes of a shell. @throws CommandFailure if it has control characters */
export function quotedFor(shell: keyof typeof quotes, value: string): string {
  return quotes[shell](fileLine(value))
}
