import { watch } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { Statement } from '@omen-iam/policy'
import { type Command, Option } from 'commander'
import { coverageOf } from '../cases/coverage.ts'
import { PolicyFiles } from '../cases/policies.ts'
import { CaseFile } from '../cases/read.ts'
import { runPrepared } from '../cases/run.ts'
import type { SeedServer } from '../cases/seed-server.ts'
import type { Tested } from '../cases/types.ts'
import { type TestFormat, testFormats, testReport } from '../cases/write.ts'
import { badSyntax, CommandFailure, exitCodes } from '../failure.ts'
import { orFailureReport } from '../failure-report.ts'
import { LeftOut } from '../left-out.ts'
import { lintFiles } from '../lint/files.ts'
import { print, printError, printReport, safeLines } from '../output.ts'
import { type Unread, unreadLines } from '../unread.ts'

interface TestOptions {
  readonly output: TestFormat
  readonly coverage?: boolean
  readonly watch?: boolean
}

/** `omen test`: evaluates decision cases beside the policies. */
export function addTest(program: Command): void {
  program
    .command('test')
    .description(
      'run decision cases; exit 1 if one fails, 3 if only facts of paths are missing, 252 if a file is invalid',
    )
    .argument('<path...>', 'case files (JSON or YAML), or folders of them')
    .addOption(
      new Option('--output <format>', 'the format of the output').choices(testFormats).default('human'),
    )
    .option('--coverage', 'also list the statements of policy files that decide no case')
    .option('--watch', 'run again whenever a file changes')
    .action(async (paths: readonly string[], options: TestOptions) => {
      if (options.watch) await testAndWatch(paths, options)
      else {
        process.exitCode = exitOf(await testOnce(paths, options))
      }
    })
}

function exitOf({ tested, leftOut }: Round): number {
  const failed = tested.filter(({ status }) => status !== 'passed')
  if (failed.length === 0) return leftOut.length === 0 ? 0 : exitCodes.undecided
  return failed.every(({ got }) => got === 'undecided') ? exitCodes.undecided : exitCodes.no
}

interface Round {
  readonly tested: readonly Tested[]
  /** Files and links of folders that could not be opened: they may be cases. */
  readonly leftOut: readonly Unread[]
  /** Absolute names of the files behind the cases. */
  readonly files: readonly string[]
}

/** @throws CommandFailure if a file is no case file, or a case cannot be evaluated */
async function testOnce(paths: readonly string[], { output, coverage }: TestOptions): Promise<Round> {
  const policies = new PolicyFiles()
  const names: string[] = []
  const leftOut = new LeftOut()
  const prepared = orFailureReport('omen test', output, () => {
    const all = [...lintFiles(paths, leftOut)].flatMap(({ name, text, isFound }) => {
      const cases = CaseFile.read(name, text, policies, !isFound) ?? []
      if (cases.length > 0) names.push(name)
      return cases
    })
    if (all.length === 0) throw badSyntax(`${paths.join(', ')}: there are no cases`)
    return all
  })
  const servers = new Map<string, Promise<SeedServer>>()
  const serverOf = (seed: string) => {
    const server = servers.get(seed) ?? openServer(seed)
    servers.set(seed, server)
    return server
  }
  const decided = new Set<Statement>()
  const tested: Tested[] = []
  try {
    const note = coverage ? (statement: Statement) => decided.add(statement) : undefined
    for (const each of prepared) tested.push(await runPrepared(each, policies, serverOf, note))
  } finally {
    for (const server of servers.values()) await server.then((opened) => opened.close()).catch(() => {})
  }
  const bad = tested.find(({ status }) => status === 'error')
  const failed = tested.filter(({ status }) => status !== 'passed').length
  printError(unreadLines(leftOut.unopened))
  printReport(testReport(tested, coverage ? coverageOf(policies, decided) : undefined, output), output)
  const closing = `${tested.length - failed} passed, ${failed} failed\n`
  if (output === 'human') print(closing)
  else printError(closing)
  if (bad !== undefined) {
    const { file, startLine, startColumn } = bad.place()
    throw badSyntax(`${file}:${startLine}:${startColumn}: ${bad.name}: ${bad.because}`)
  }
  return {
    tested,
    leftOut: leftOut.unopened,
    files: [...names, ...policies.names, ...servers.keys()].map((name) => resolve(name)),
  }
}

/** The server's code is loaded only if a case needs it. */
async function openServer(seed: string): Promise<SeedServer> {
  const { SeedServer } = await import('../cases/seed-server.ts')
  return SeedServer.open(seed)
}

/** Changes of several files within this time, in milliseconds, are one change. */
const pause = 100

/** Evaluates again whenever a file of the paths, or one that the cases name, changes. Ends with the process. */
async function testAndWatch(paths: readonly string[], options: TestOptions): Promise<never> {
  for (;;) {
    const { files } = await round(paths, options)
    printError('waiting for changes; end with Ctrl-C\n')
    await changed(new Set([...paths.map((path) => resolve(path)), ...files.map(dirname)]))
  }
}

/** An unreadable file while someone edits it does not end the command. */
async function round(paths: readonly string[], options: TestOptions): Promise<Round> {
  try {
    return await testOnce(paths, options)
  } catch (error) {
    if (!(error instanceof CommandFailure)) throw error
    printError(`omen: ${safeLines(error.message)}\n`)
    return { tested: [], leftOut: [], files: [] }
  }
}

/** Resolves when something in one of the folders or files has changed. */
function changed(paths: ReadonlySet<string>): Promise<void> {
  return new Promise((done) => {
    const watchers = [...paths].map((path) =>
      watch(path, { recursive: true }, () => {
        for (const watcher of watchers) watcher.close()
        setTimeout(done, pause)
      }),
    )
  })
}
