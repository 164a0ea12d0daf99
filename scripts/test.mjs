// Runs the suites with Node's own runner: all of them, or those whose path contains an argument.
//
//   npm test                                       everything
//   npm test -- test/wire policy/src/match         two folders
//   npm test -- --test-name-pattern=boundary       the runner's own options pass through

import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join, relative, sep } from 'node:path'
import { pathToFileURL } from 'node:url'
import { neededNode, root } from './root.mjs'
import { say } from './terminal.mjs'

/** A whole file may take this long, in milliseconds: the story calls the AWS CLI hundreds of times; a soak takes hours. */
const fileLimit = process.env.OMEN_SOAK === undefined ? 600_000 : 21_600_000

/** Hundreds of processes load the same sources: Node keeps them here by their content, without types and compiled. */
const compiled = join(root, 'node_modules', '.cache', 'compiled')

const args = process.argv.slice(2)

if (Number.parseInt(process.versions.node, 10) < neededNode) {
  // npm skips pre-scripts too where ignore-scripts is set.
  say(
    `Node ${process.versions.node} cannot run the suites: get Node ${neededNode} with node scripts/setup.mjs --test`,
  )
  process.exit(1)
}

const files = select(args.filter((arg) => !arg.startsWith('-')))
process.exitCode =
  files === undefined
    ? 1
    : runTests(
        files,
        args.filter((arg) => arg.startsWith('-')),
      )

function runTests(files, options) {
  if (files.length === 0) throw new Error('there are no test files') // Node would look for its own idea of them
  const reporter = process.env.CI === 'true' ? 'spec' : join(root, 'scripts', 'reporter.mjs')
  const { status, error } = spawnSync(
    process.execPath,
    [
      '--conditions=@omen/source',
      `--import=${pathToFileURL(join(root, 'scripts', 'properties.mjs'))}`,
      '--test',
      `--test-reporter=${reporter}`,
      '--test-reporter-destination=stdout',
      `--test-concurrency=${Math.max(2, availableParallelism() - 1)}`,
      `--test-timeout=${fileLimit}`,
      ...options,
      ...files,
    ],
    { cwd: root, stdio: 'inherit', env: { NODE_COMPILE_CACHE: compiled, ...process.env } },
  )
  if (error) throw error
  return status ?? 1
}

/** The test files that the patterns name, or undefined where a pattern names none. */
function select(patterns) {
  const all = testFiles()
  if (patterns.length === 0) return all
  const chosen = new Set()
  for (const pattern of patterns) {
    const wanted = pattern.replace(/^\.\//, '').replace(/\/$/, '')
    const matching = all.filter((file) => file.includes(wanted))
    if (matching.length === 0) {
      say(`no test file's path contains ${pattern}`)
      return undefined
    }
    for (const file of matching) chosen.add(file)
  }
  return all.filter((file) => chosen.has(file))
}

function testFiles() {
  const packages = readdirSync(join(root, 'packages')).map((name) => join('packages', name, 'src'))
  return [...packages, 'test'].flatMap((folder) => [...walk(join(root, folder))]).sort()
}

function* walk(folder) {
  let entries
  try {
    entries = readdirSync(folder, { withFileTypes: true })
  } catch {
    return
  }
  for (const entry of entries) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) yield* walk(path)
    else if (/\.test\.tsx?$/.test(entry.name)) yield relative(root, path).split(sep).join('/')
  }
}
