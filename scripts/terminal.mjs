// What the scripts say, and the programs they run. Everything goes to standard error: the output of
// `npm run -s omen -- env` is evaluated by shells, and the set-up may run before it.

import { spawnSync } from 'node:child_process'

/** One line for whoever started the script; not a defect of ours, so it is shown without a stack. */
export class SetupFailure extends Error {}

/** Prints one line to standard error. */
export function say(line) {
  process.stderr.write(`omen: ${line}\n`)
}

/** Runs a program to its end; its output is shown, on standard error, only where it failed. True where it ended well. */
export function runQuietly(program, args, { cwd, env }) {
  const { status, stdout, stderr } = spawnSync(program, args, {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 64 * 1024 * 1024,
  })
  if (status !== 0) process.stderr.write(`${stdout ?? ''}${stderr ?? ''}`)
  return status === 0
}
