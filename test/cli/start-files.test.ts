import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { test } from 'node:test'
import { serve } from './process.ts'

/** Notes each module of dist/ that the process and its threads load. */
const noting = `const { appendFileSync } = require('node:fs')
const { registerHooks } = require('node:module')
registerHooks({
  load(url, context, next) {
    if (url.includes('/dist/')) appendFileSync(process.env.LOADED, url + '\\n')
    return next(url, context)
  },
})
`

const { BUNDLED_CLI } = process.env

/** The layers that tools/build/packages.ts names, the entry, what hands two layers on, and the store's thread. */
const files = ['cli', 'program', 'start', 'opening', 'serving', 'serving', 'floors', 'thread']

test('a start of the packed command reads a file for each of its layers, and one for the thread of its store', {
  skip: BUNDLED_CLI === undefined && 'scripts/test.mjs bundles the command',
}, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'omen-start-files-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const hook = join(folder, 'noting.cjs')
  const loaded = join(folder, 'loaded.txt')
  writeFileSync(hook, noting)
  const served = await serve(join(folder, 'home'), [], {
    NODE_OPTIONS: `--require=${hook}`,
    LOADED: loaded,
  })
  const { status } = await fetch(`${served.url}/_omen/health`)
  const urls = readFileSync(loaded, 'utf8').trim().split('\n')
  await served.stop('SIGTERM')
  assert.equal(status, 200)
  const own = urls.filter((url) => url.startsWith(new URL('dist/', BUNDLED_CLI).href))
  const names = own.map((url) => basename(url).replace(/(?:-[\w-]{8})?\.js$/, ''))
  assert.deepEqual(names.sort(), files.toSorted())
})
