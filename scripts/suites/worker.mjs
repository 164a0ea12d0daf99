// Runs test files one after the other in one process, as scripts/suites/pool.mjs sends their names; it sends null after each.
//
// A file is a suite of its tests, so what it opens is closed by its own hooks before the next
// file begins. Environment variables and the working folder are then as before. The pool hears of the tests through the
// reporter (events.mjs).

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

/** What the process has taken at the beginning of the file. */
let before

process.on('message', (file) => {
  if (file !== null) {
    before = process.cpuUsage()
    // a suite runs its tests when all of the file is read, as Node does with a file
    describe(file, () => import(pathToFileURL(join(root, file)).href))
    return
  }
  restore()
  const { user, system } = process.cpuUsage(before)
  process.send({ type: 'rested', data: { cpu: (user + system) / 1_000, memory: process.memoryUsage.rss() } })
})
process.on('disconnect', () => process.exit())
