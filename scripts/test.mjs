// Runs the suites: all of them, or those whose path contains an argument. Some processes share the files (suites/pool.mjs);
// with an option of Node's own runner that runner has a process for each.
//
//   npm test                                       everything
//   npm test -- test/wire policy/src/match         two folders
//   npm test -- --test-name-pattern=boundary       the runner's own options pass through

import { execFile, spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join, relative, sep } from 'node:path'
import { Readable } from 'node:stream'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import reporter from './reporter.mjs'
import { neededNode, root } from './root.mjs'
import { ordered } from './suites/order.mjs'
import { runFiles } from './suites/pool.mjs'
import { startPythons } from './suites/pythons.mjs'
import { say } from './terminal.mjs'

/** A whole file may take this long, in milliseconds: the story calls the AWS CLI hundreds of times; a soak takes hours. */
const fileLimit = process.env.OMEN_SOAK === undefined ? 600_000 : 21_600_000

/**
 * How many files run at a time. They wait for a browser, a database or a server half of their time, so two cores have four.
 */
const concurrency = availableParallelism() + 2

/** Hundreds of processes load the same sources: Node keeps them here by their content, without types and compiled. */
const compiled = join(root, 'node_modules', '.cache', 'compiled')

/** The folders with tests that start the command `omen`, some of them hundreds of times. */
const startsOmen = /^test\/(?:cli|graph|guard|intake|nodes|package|trail)\//

/**
 * Programs beside the tests that compute on all cores (the compiler of TypeScript in Go, the bundler in Rust) wait for each
 * other where the cores are taken, and collect memory on a second core: half of their processor time.
 */
const sparing = { GOGC: 'off', RAYON_NUM_THREADS: '1' }

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
    : await runTests(
        files,
        args.filter((arg) => arg.startsWith('-')),
      )

async function runTests(files, options) {
  if (files.length === 0) throw new Error('there are no test files') // Node would look for its own idea of them
  const [width, own] = widthOf(options)
  const [bundled, pythons] = await Promise.all([
    files.some((file) => startsOmen.test(file)) ? bundledCli() : {},
    own.length === 0 ? startPythons(files) : undefined,
  ])
  const env = { NODE_COMPILE_CACHE: compiled, ...sparing, ...bundled, ...process.env }
  const execArgv = [
    '--conditions=@omen/source',
    `--import=${pathToFileURL(join(root, 'scripts', 'properties.mjs'))}`,
  ]
  if (own.length > 0) return runByNode(files, { execArgv, env, width, own })
  if (pythons !== undefined) env.PYTHON_HOSTS = pythons.folder
  try {
    const events = new Readable({ objectMode: true, read() {} })
    const printed = print(events)
    const counts = await runFiles(ordered(files), { execArgv, env, width, limit: fileLimit }, (event) =>
      events.push(event),
    )
    events.push(null)
    await printed
    return counts.fail + counts.cancelled > 0 ? 1 : 0
  } finally {
    await pythons?.end()
  }
}

async function print(events) {
  for await (const text of reporter(events)) process.stdout.write(text)
}

/** How many processes there are at a time, and the options that are for Node's runner. */
function widthOf(options) {
  const given = options.filter((option) => /^--test-concurrency=\d{1,3}$/.test(option))
  const width = given.length > 0 ? Number(given.at(-1).split('=')[1]) : concurrency
  return [Math.max(1, width), options.filter((option) => !given.includes(option))]
}

/** Runs the files with Node's own runner, which has a process for each. */
function runByNode(files, { execArgv, env, width, own }) {
  const { status, error } = spawnSync(
    process.execPath,
    [
      ...execArgv,
      '--test',
      `--test-reporter=${join(root, 'scripts', 'reporter.mjs')}`,
      '--test-reporter-destination=stdout',
      `--test-concurrency=${width}`,
      `--test-timeout=${fileLimit}`,
      ...own,
      ...files,
    ],
    { cwd: root, stdio: 'inherit', env },
  )
  if (error) throw error
  return status ?? 1
}

/** The module that makes a process run the bundled command: it starts in less than half of the time of the sources. */
async function bundledCli() {
  const args = ['--conditions=@omen/source', join(root, 'tools', 'build-cli.ts')]
  const { stdout } = await promisify(execFile)(process.execPath, args)
  return { BUNDLED_CLI: pathToFileURL(stdout.trim()).href }
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
