import * as processes from 'node:child_process'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import * as threads from 'node:worker_threads'

/** Variables for the processes and threads that a test starts, by which they have the mutants too. */
export type Variables = Readonly<Record<string, string>>

const hook = `--import=${pathToFileURL(join(import.meta.dirname, 'active.ts')).href}`

/** Modules whose processes and threads begin with the variables that `given` returns then. */
export function modulesWith(given: () => Variables): Readonly<Record<string, unknown>> {
  const withEnv = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null || !('env' in value)) return value
    const before = typeof value.env === 'object' && value.env !== null ? { ...value.env } : process.env
    return { ...value, env: { ...before, ...variablesFor(before, given()) } }
  }
  const starting =
    (start: (...args: readonly never[]) => unknown) =>
    (...args: readonly unknown[]) =>
      start(...(args.map(withEnv) as never[])) // the arguments that it was called with
  const { spawn, spawnSync, execFile, execFileSync, exec, execSync, fork } = processes
  const started = Object.fromEntries(
    Object.entries({ spawn, spawnSync, execFile, execFileSync, exec, execSync, fork }).map(
      ([name, start]) => [name, starting(start)],
    ),
  )
  for (const [name, start] of Object.entries({ execFile, exec }))
    Object.assign(started[name]!, { [promisify.custom]: starting(promisify(start)) })
  class Worker extends threads.Worker {
    constructor(file: string | URL, options: threads.WorkerOptions = {}) {
      const before = typeof options.env === 'object' ? options.env : process.env
      super(file, {
        ...options,
        env: { ...before, ...given() },
        execArgv: [...(options.execArgv ?? process.execArgv), ...('MUTANT' in given() ? [hook] : [])],
      })
    }
  }
  return {
    'node:child_process': { ...processes, ...started },
    'node:worker_threads': { ...threads, Worker },
  }
}

/** The variables for a process that has others already. */
export function variablesFor(
  before: Readonly<Record<string, string | undefined>>,
  given: Variables,
): Variables {
  if (!('MUTANT' in given)) return given
  const options = before.NODE_OPTIONS?.replaceAll(hook, '').trim() ?? ''
  return { ...given, NODE_OPTIONS: options === '' ? hook : `${options} ${hook}` }
}
