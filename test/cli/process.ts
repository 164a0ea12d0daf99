import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { FirstKeys } from '../../packages/server/src/gate/index.ts'
import { type Ended, omenWithin } from './within.ts'

const bin = fileURLToPath(new URL('../../packages/server/bin/omen.mjs', import.meta.url))
const patience = 60_000
const { NODE_COMPILE_CACHE, BUNDLED_CLI, PATH: machinePath = '' } = process.env
/** Where Node keeps compiled sources, if the runner says: it halves the time of a short command. */
const compiled = NODE_COMPILE_CACHE === undefined ? {} : { NODE_COMPILE_CACHE }

const fromSources: readonly string[] = ['--conditions=@omen/source', bin]

/**
 * What Node runs as `omen`: the sources, or what scripts/test.mjs has bundled of them, which starts in less than half of
 * the time.
 */
export const omenArguments: readonly string[] =
  BUNDLED_CLI === undefined ? fromSources : [`--import=${BUNDLED_CLI}`, ...fromSources]

export type { Ended }

/** Commands that start programs on their own streams, hear signals, or end when nothing is left to do. */
const ownProcess = new Set(['console', 'exec', 'guard', 'start', 'tour'])

/**
 * Runs `omen …` to its end, with nothing of the machine's environment but what is given, in a folder. Most commands run in the
 * process of the tests, which has their modules.
 */
export async function omen(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  folder?: string,
): Promise<Ended> {
  const needsProcess = ownProcess.has(args[0] ?? '') || environment.NODE_OPTIONS !== undefined
  if (needsProcess) return omenProcess(args, environment, folder)
  return omenWithin(args, { env: variablesOf(environment), bin, ...(folder !== undefined && { folder }) })
}

/** The same in a process of its own. */
export function omenProcess(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  folder?: string,
): Promise<Ended> {
  return ended(spawnOmen(args, environment, folder))
}

/** Starts `omen …`, which runs until it is stopped. */
export function start(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): ChildProcess {
  return spawnOmen(args, environment)
}

/** A server served by a process of its own. */
export interface Served {
  readonly child: ChildProcess
  readonly url: string
  readonly keys: FirstKeys
  /** What it prints first on standard output; never resolves if it prints nothing. */
  readonly firstLine: Promise<string>
  /** Sends a signal and waits for the end. */
  stop(signal: NodeJS.Signals): Promise<Ended>
}

/** `omen start` on a free port, once it answers. */
export async function serve(
  home: string,
  args: readonly string[] = [],
  environment: Readonly<Record<string, string>> = {},
): Promise<Served> {
  const child = spawnOmen(['start', '--port', '0', '--home', home, ...args], environment)
  const end = ended(child)
  const firstLine = new Promise<string>((resolve) =>
    child.stdout?.once('data', (text: string) => resolve(text.split('\n')[0]!)),
  )
  let failed: Ended | undefined
  void end.then((how) => {
    failed = how
  })
  for (const until = performance.now() + patience; performance.now() < until; await sleep(10)) {
    if (failed !== undefined) throw new Error(`omen start ended with ${failed.status}: ${failed.stderr}`)
    const note = noteOf(home, child.pid)
    if (note === undefined) continue
    return {
      child,
      ...note,
      firstLine,
      stop(signal) {
        child.kill(signal)
        return end
      },
    }
  }
  child.kill('SIGKILL')
  throw new Error('omen start did not answer')
}

/** A folder that is gone after the test. */
export function temporaryHome(t: { after(done: () => void): void }): string {
  const home = mkdtempSync(join(tmpdir(), 'omen-home-'))
  t.after(() => rmSync(home, { recursive: true, force: true }))
  return home
}

function noteOf(home: string, pid: number | undefined): { url: string; keys: FirstKeys } | undefined {
  try {
    const note = JSON.parse(readFileSync(join(home, 'server.json'), 'utf8')) as {
      pid: number
      url: string
      keys: FirstKeys
    } // what omen start writes
    return note.pid === pid ? { url: note.url, keys: note.keys } : undefined
  } catch {
    return undefined
  }
}

function spawnOmen(
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  folder?: string,
): ChildProcess {
  const env = variablesOf(environment)
  // what is loaded before Omen may read some of its sources otherwise: a bundle has none
  const own = environment.NODE_OPTIONS?.includes('--import') ? fromSources : omenArguments
  const child = spawn(process.execPath, [...own, ...args], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    cwd: folder,
  })
  running.add(child)
  child.once('exit', () => running.delete(child))
  return child
}

function variablesOf(environment: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return { PATH: machinePath, HOME: tmpdir(), ...compiled, ...environment }
}

/** Commands that run. A test that fails may leave some: they end with the process of the tests. */
const running = new Set<ChildProcess>()
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

function ended(child: ChildProcess): Promise<Ended> {
  let stdout = ''
  let stderr = ''
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  return new Promise((resolve) => child.once('close', (status) => resolve({ status, stdout, stderr })))
}
