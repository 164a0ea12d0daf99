import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'

/** Prints where a thread looks for compiled code. */
const program = `
  const { enableCompileCache, getCompileCacheDir } = await import('node:module')
  const { Worker } = await import('node:worker_threads')
  const { threadEnvironment } = await import('${new URL('thread-environment.ts', import.meta.url)}')
  if (process.argv[1] !== undefined) enableCompileCache(process.argv[1])
  const module = (name) => "process.getBuiltinModule('" + name + "')"
  const says = module('worker_threads') + '.parentPort.postMessage(' + module('module') + '.getCompileCacheDir())'
  const thread = new Worker(says, { eval: true, env: threadEnvironment() })
  thread.once('message', (folder) => console.log(folder === getCompileCacheDir(), folder !== undefined))
`

test('a thread reads the compile cache of its process, and none if the process has none', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'omen-compiled-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const { NODE_COMPILE_CACHE: _, ...env } = process.env
  const said = [[folder], []].map((args) =>
    execFileSync(
      process.execPath,
      ['--conditions=@omen/source', '--input-type=module', '-e', program, ...args],
      { encoding: 'utf8', env },
    ).trim(),
  )
  assert.deepEqual(said, ['true true', 'true false'])
})
