// Runs test files one after the other in one process, as scripts/suites/pool.mjs sends their names; it sends null after each.
//
// A file is a suite of its tests, so what it opens is closed by its own hooks before the next
// file begins. Environment variables and the working folder are then as before. The pool hears of the tests through the
// reporter (events.mjs).

import { createHook } from 'node:async_hooks'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { before as beforeAll, describe } from 'node:test'
import { pathToFileURL } from 'node:url'
import { inspect } from 'node:util'
import { root } from '../root.mjs'

const variables = { ...process.env }

/** What a file has changed of the process and of what the next one begins with. */
function restore() {
  for (const name of Object.keys(process.env)) if (!(name in variables)) delete process.env[name]
  Object.assign(process.env, variables)
  process.chdir(root)
  process.exitCode = undefined // the tests of commands set it; the pool knows by itself what failed
}

/** The processor time in milliseconds that this process has taken, with the processes that it started and that have ended. */
function processorTime() {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1_000 + childrenTime()
}

/** That of the ended processes alone: Linux says it in hundredths of a second, in the 16th and 17th field. */
function childrenTime() {
  if (process.platform !== 'linux') return 0
  const stat = readFileSync('/proc/self/stat', 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ') // the name of the process may have spaces
  return (Number(fields[13]) + Number(fields[14])) * 10
}

/** What the process has taken at the beginning of the file. */
let before

/**
 * Node's runner follows every promise to know which test it belongs to, which takes a tenth of the time of all tests. It must
 * only while a file is read, for the suites of its tests; an error outside of a test fails the file that runs (`stray`).
 */
let following
const prototype = Object.getPrototypeOf(createHook({}))
const { enable } = prototype
prototype.enable = function () {
  following = this // the first hook of the process is the runner's, made with the first suite
  prototype.enable = enable
  return enable.call(this)
}

/** A suite that awaits something before it names its tests: the runner has to follow it to its end. */
const namesLater = /\bdescribe(?:\.\w+)?\((?:[^{]*|[^\n]*)\basync\b/

function stray(error) {
  process.send({ type: 'stray', data: { text: inspect(error, { colors: false, breakLength: 110 }) } })
}
process.on('uncaughtException', stray)
process.on('unhandledRejection', stray)

process.on('message', (file) => {
  if (file !== null) {
    before = processorTime()
    // a suite runs its tests when all of the file is read, as Node does with a file
    const path = join(root, file)
    following?.enable()
    describe(file, () => {
      if (!namesLater.test(readFileSync(path, 'utf8'))) beforeAll(() => following.disable())
      return import(pathToFileURL(path).href)
    })
    return
  }
  restore()
  const data = { cpu: processorTime() - before, memory: process.memoryUsage.rss() }
  process.send({ type: 'rested', data })
})
process.on('disconnect', () => process.exit())
