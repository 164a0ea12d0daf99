import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { type CaseResult, parseCases, runCase } from '@omen-iam/policy'
import { type Command, Option } from 'commander'
import { badSyntax, exitCodes } from '../failure.ts'
import { messageOf } from '../home.ts'
import { print, printError, safe } from '../output.ts'

const formats = ['human', 'json', 'junit'] as const
type Format = (typeof formats)[number]

/** One case's end, and the file that it stands in. */
interface Tested {
  readonly file: string
  readonly result: CaseResult
}

/** `omen test`: asks the policy engine decision cases from files. */
export function addTest(program: Command): void {
  program
    .command('test')
    .description('ask the policy engine decision cases; exit 1 when any fails, 252 on a bad file')
    .argument('<path...>', 'JSON files, or folders of them')
    .addOption(new Option('--output <format>', 'how to write it').choices(formats).default('human'))
    .action((paths: readonly string[], options: { readonly output: Format }) => {
      const tested = paths.flatMap(filesOf).flatMap(testFile)
      const failed = tested.filter(({ result }) => result.status !== 'passed')
      print(written(tested, options.output))
      const closing = `${tested.length - failed.length} passed, ${failed.length} failed\n`
      if (options.output === 'human') print(closing)
      else printError(closing)
      if (failed.length > 0) process.exitCode = exitCodes.no
    })
}

/** The JSON files of a path, in the order of their names. @throws CommandFailure where there is none */
function filesOf(path: string): readonly string[] {
  let files: readonly string[]
  try {
    files = statSync(path).isDirectory() ? jsonFilesUnder(path) : [path]
  } catch (error) {
    throw badSyntax(messageOf(error))
  }
  if (files.length === 0) throw badSyntax(`${path} holds no JSON files`)
  return files
}

function jsonFilesUnder(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => join(folder, name))
}

/** @throws CommandFailure where the file is no case and no list of cases, or a case cannot be asked */
function testFile(file: string): readonly Tested[] {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    throw badSyntax(messageOf(error))
  }
  const parsed = parseCases(text)
  if (!parsed.ok) throw badSyntax(`${file}: ${parsed.message}`)
  return parsed.cases.map((each) => {
    const result = runCase(each)
    if (result.status === 'bad') throw badSyntax(`${file}: ${result.name}: ${result.message}`)
    return { file, result }
  })
}

function written(tested: readonly Tested[], format: Format): string {
  switch (format) {
    case 'human':
      return tested.map(human).join('')
    case 'json':
      return tested.map(({ result }) => `${JSON.stringify(answerOf(result))}\n`).join('')
    case 'junit':
      return junit(tested)
  }
}

function human({ file, result }: Tested): string {
  if (result.status === 'passed') return ''
  const { name, expect, got, because } = answerOf(result)
  const story = result.status === 'failed' ? result.story : []
  const lines = [
    `✗ ${file}: ${name}`,
    `    expected ${expect}, got ${got} because of ${because}`,
    ...story.map((line) => `    ${line}`),
  ]
  return lines.map((line) => `${safe(line)}\n`).join('')
}

function answerOf(result: CaseResult) {
  const { name, expect } = result
  return result.status === 'bad'
    ? { name, expect, got: 'bad', because: result.message }
    : { name, expect, got: result.got, because: result.because }
}

/** One suite a file, as CI servers read it. */
function junit(tested: readonly Tested[]): string {
  const failures = (list: readonly Tested[]) => list.filter(({ result }) => result.status !== 'passed').length
  const suites = [...Map.groupBy(tested, ({ file }) => file)].map(([file, list]) => {
    const cases = list.map((each) => {
      const { name, expect, got, because } = answerOf(each.result)
      const open = `    <testcase name="${escaped(name)}" classname="${escaped(file)}"`
      if (each.result.status === 'passed') return `${open}/>\n`
      const message = `expected ${expect}, got ${got} because of ${because}`
      return `${open}>\n      <failure message="${escaped(message)}"/>\n    </testcase>\n`
    })
    return `  <testsuite name="${escaped(file)}" tests="${list.length}" failures="${failures(list)}">\n${cases.join('')}  </testsuite>\n`
  })
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites tests="${tested.length}" failures="${failures(tested)}">\n${suites.join('')}</testsuites>\n`
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\n': '&#10;',
}

/** Characters that XML cannot hold become U+FFFD. */
function escaped(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, '\ufffd')
    .replace(/[&<>"\n]/g, (character) => entities[character] ?? character)
}
