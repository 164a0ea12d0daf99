// Runs test files one after the other in one process, as scripts/suites/pool.mjs sends their names; it sends null after each.
//
// A file is a suite of its tests, so what it opens is closed by its own hooks before the next
// file begins. Environment variables and the working folder are then as before. The pool hears of the tests through the
// reporter (events.mjs).

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe } from 'node:test'
import { pathToFileURL } from 'node:url'
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

process.on('message', (file) => {
  if (file !== null) {
    before = processorTime()
    // a suite runs its tests when all of the file is read, as Node does with a file
    describe(file, () => import(pathToFileURL(join(root, file)).href))
    return
  }
  restore()
  const data = { cpu: processorTime() - before, memory: process.memoryUsage.rss() }
  process.send({ type: 'rested', data })
})
process.on('disconnect', () => process.exit())
