#!/usr/bin/env node
// Plain JavaScript that any Node reads: on one that is too old it says so in a line. It also turns the compile
// cache on before the first module is read: what was compiled once is not compiled again, which halves the start.
//
// No signal may open Node's inspector: whoever can send one could otherwise run code in the server. A listener sees to
// it from here on. The flag for it would be in the first line, but Node 20 ends there with an error of its own.
//
// Importing a module of Node's as a module reads all that it exports, of node:fs its streams: `require` does not.
import module from 'node:module'

const require = module.createRequire(import.meta.url)

process.on('SIGUSR1', () => {})

const [lowestMajor, lowestMinor] = [22, 18] // "engines" in package.json says the same; a test compares them

const isCheckout = require('node:fs').existsSync(new URL('../src', import.meta.url))
if (isCheckout && !process.execArgv.includes('--conditions=@omen/source')) await runFromSources()
else if (isTooOld(process.versions.node)) {
  process.stderr.write(
    `omen: Node ${lowestMajor}.${lowestMinor} or newer is needed, and this is ${process.versions.node}: ` +
      'get one from https://nodejs.org, or run npx -p node@24 -p omen-iam omen\n',
  )
  process.exitCode = 253
} else {
  module.enableCompileCache()
  await import('omen-iam/cli')
}

function isTooOld(version) {
  const [major, minor] = version.split('.').map(Number)
  return major < lowestMajor || (major === lowestMajor && minor < lowestMinor)
}

/** In a checkout nothing is built: its own Node runs the sources. */
async function runFromSources() {
  const { spawn } = await import('node:child_process')
  const script = require('node:url').fileURLToPath(new URL('../../../bin/omen', import.meta.url))
  const child = spawn('/bin/sh', [script, ...process.argv.slice(2)], { stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal))
  child.once('error', (error) => {
    process.stderr.write(`omen: ${script} cannot be run: ${error.message}; npm run omen does the same\n`)
    process.exitCode = 253
  })
  child.once('exit', (code, signal) => {
    process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 143)
  })
}
