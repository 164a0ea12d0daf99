#!/usr/bin/env node
// Makes a checkout ready: npm's pre-scripts call it, so that `npm start` and `npm test` are all anyone types.
// It runs before anything is installed, on the machine's own Node (18 or newer): plain JavaScript, no dependency.
//
//   --test    also get what the suites need beyond npm (scripts/tools.mjs lists it)
//   --quiet   say nothing unless something has to be done; standard output stays empty either way

import { buildConsole } from './console.mjs'
import { installDependencies } from './dependencies.mjs'
import { SetupFailure, say } from './terminal.mjs'

const options = new Set(process.argv.slice(2))

try {
  for (const option of options) {
    if (option !== '--test' && option !== '--quiet') throw new SetupFailure(`unknown option ${option}`)
  }
  installDependencies()
  buildConsole()
  if (options.has('--test')) {
    const { getTools } = await import('./tools.mjs')
    getTools({ quiet: options.has('--quiet') })
  }
} catch (error) {
  if (!(error instanceof SetupFailure)) throw error
  say(error.message)
  process.exitCode = 1
}
