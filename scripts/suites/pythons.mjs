// The AWS CLI and boto3 for tests that call them: most of a call is loading them, so one process loads each of them once and
// runs every command in a copy of itself (host.py). What tests start looks and ends as the program does.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from '../root.mjs'
import { findTool } from '../tools.mjs'

/** What names them in a test file. */
const used = /\b(?:awsCli|boto\w*|moto|python\w*)\b/i

/**
 * Starts them if a file names them. `folder` is that of the programs; `end` ends them with what they run.
 *
 * @param files their paths in the checkout
 */
export async function startPythons(files) {
  if (!files.some((file) => used.test(readFileSync(join(root, file), 'utf8')))) return undefined
  const folder = mkdtempSync(join(tmpdir(), 'omen-pythons-'))
  const hosts = [...hostOf('awsCli', 'aws'), ...hostOf('boto3', 'python3')].map(([python, ...args]) =>
    spawn(python, [join(root, 'scripts', 'suites', 'host.py'), folder, ...args], {
      stdio: ['pipe', 'pipe', 'ignore'],
      env: { PATH: process.env.PATH ?? '', HOME: tmpdir(), LC_ALL: 'C.UTF-8' },
    }),
  )
  const ended = hosts.map((host) => once(host, 'close'))
  // one that cannot load them ends without a word: tests then call the program itself
  await Promise.all(hosts.map((host, index) => Promise.race([once(host.stdout, 'data'), ended[index]])))
  return {
    folder,
    async end() {
      for (const host of hosts) host.stdin.end()
      await Promise.all(ended)
      rmSync(folder, { recursive: true })
    },
  }
}

/** The interpreter of a tool with the arguments of its host; none where the tool is missing or is no script of Python. */
function hostOf(tool, name) {
  const path = findTool(tool)
  if (path === undefined) return []
  if (tool === 'boto3') return [[path, name]]
  const python = /^#!\s*(\/\S*python[\d.]*)\s/.exec(readFileSync(path, 'latin1').slice(0, 200))?.[1]
  return python === undefined ? [] : [[python, name, path]]
}
