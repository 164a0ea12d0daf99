// The web console's bundle: built when its sources are newer, absent while there is no console.

import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './root.mjs'
import { runQuietly, SetupFailure, say } from './terminal.mjs'

const folder = join(root, 'packages', 'console')
const bundle = join(folder, 'dist', 'index.html')
const generated = new Set(['dist', 'node_modules'])

/** Builds the bundle where it is missing or older than a source of it. */
export function buildConsole() {
  if (changedAt(join(folder, 'package.json')) === 0) return
  if (newest(folder) < changedAt(bundle)) return
  say('building the console (about half a minute)')
  const build = ['run', 'build', '--workspace', 'packages/console']
  if (!runQuietly('npm', build, { cwd: root, env: process.env })) {
    throw new SetupFailure('the console could not be built; the reason stands above')
  }
}

/** When anything in the folder last changed; folders count, so a deleted file is noticed. */
function newest(path) {
  let time = 0
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    if (generated.has(entry.name)) continue
    const inside = join(path, entry.name)
    time = Math.max(time, changedAt(inside), entry.isDirectory() ? newest(inside) : 0)
  }
  return time
}

function changedAt(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0
}
