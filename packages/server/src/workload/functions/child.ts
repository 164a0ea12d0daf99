import { type ChildProcess, spawn } from 'node:child_process'
import { constants } from 'node:os'
import type { FunctionRun } from '../../authorization/index.ts'
import { streams } from './descriptors.ts'
import { launcherEnvironment } from './inside.ts'
import { limits } from './limits.ts'
import { LogTail } from './log.ts'
import { watchMemory } from './memory.ts'

/** How a function's process ended. */
export type ChildEnd =
  | { readonly kind: 'answered'; readonly failed: boolean; readonly payload: string }
  | { readonly kind: 'timedOut' | 'answeredTooMuch' }
  | { readonly kind: 'exited'; readonly status: number }
  | { readonly kind: 'killed'; readonly signal: string }

/** The end of a process, its output, and the most memory that it was observed to use. */
export interface ChildOutcome {
  readonly end: ChildEnd
  readonly log: LogTail
  readonly megabytes: number
}

/**
 * Runs the command, which starts the runtime, and kills it if it exceeds its function's time or memory (behaviours
 * LAM-35, LAM-53). The runtime reads the invocation from standard input and answers on its fourth stream. The
 * function's environment is part of the invocation: no shell, loader or launcher sees it.
 */
export async function runChild(
  run: FunctionRun,
  [command = '', ...args]: readonly string[],
  order: Order,
  children: Set<ChildProcess>,
): Promise<ChildOutcome> {
  const child = spawn(command, args, {
    cwd: '/',
    env: launcherEnvironment,
    stdio: streams(),
    detached: true, // a group of its own, so that all of it can be killed
  })
  children.add(child)
  let stopped: 'timedOut' | 'answeredTooMuch' | undefined
  const stop = (why: typeof stopped) => {
    stopped ??= why
    killGroup(child)
  }
  const timer = setTimeout(() => stop('timedOut'), run.timeoutSeconds * 1_000)
  const memory = watchMemory(child, run, () => killGroup(child))
  const log = new LogTail()
  child.stdout?.on('data', (chunk: Buffer) => log.add(chunk))
  child.stderr?.on('data', (chunk: Buffer) => log.add(chunk))
  const answer = collect(child, () => stop('answeredTooMuch'))
  child.stdin?.on('error', () => {}) // it ended before it read the invocation
  child.stdin?.end(JSON.stringify(order))
  try {
    const { status, signal } = await endOf(child)
    const end = stopped === undefined ? endFrom(answer(), status, signal) : ({ kind: stopped } as const)
    return { end, log, megabytes: memory.most() }
  } finally {
    clearTimeout(timer)
    memory.end()
    children.delete(child)
    killGroup(child)
  }
}

/** Kills a function's process and its descendants. */
export function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return
  try {
    process.kill(-child.pid, 'SIGKILL')
  } catch {
    // it has ended already, or the system has no process groups
    child.kill('SIGKILL')
  }
}

/** The invocation that the runtime receives. */
export interface Order {
  readonly requestId: string
  readonly name: string
  readonly arn: string
  readonly version: string
  readonly handler: string
  readonly memoryMegabytes: number
  readonly timeoutSeconds: number
  readonly event: string
  readonly clientContext?: string
  readonly environment: Readonly<Record<string, string>>
  /** The folder of the code, as seen inside the fence. */
  readonly task: string
  /** The user that the runtime becomes before it loads any code, if it starts as root. */
  readonly uid?: number
  /** The socket of the server, and the loopback port at which programs expect it. */
  readonly way?: { readonly path: string; readonly port: number }
}

/** Reads the process's answer up to the limit; calls `tooMuch` if there is more. */
function collect(child: ChildProcess, tooMuch: () => void): () => Buffer {
  const chunks: Buffer[] = []
  let length = 0
  child.stdio[3]?.on('data', (chunk: Buffer) => {
    length += chunk.length
    if (length > limits.payloadBytes + 1) tooMuch()
    else chunks.push(chunk)
  })
  return () => Buffer.concat(chunks)
}

function endOf(child: ChildProcess): Promise<{ status: number | null; signal: NodeJS.Signals | null }> {
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    // its descendants may keep its streams open, so its own end counts
    child.once('exit', (status, signal) => {
      const ended = () => resolve({ status, signal })
      child.once('close', ended)
      setTimeout(ended, 1_000).unref()
    })
  })
}

/** The first character of the answer marks it as one. */
function endFrom(answer: Buffer, status: number | null, signal: NodeJS.Signals | null): ChildEnd {
  const letter = answer.toString('latin1', 0, 1)
  if (letter === 'R' || letter === 'E')
    return { kind: 'answered', failed: letter === 'E', payload: answer.toString('utf8', 1) }
  // launchers end with 128 and the number of the signal that ended their child
  const ended = signal ?? signalNames.get((status ?? 0) - 128)
  return ended === undefined
    ? { kind: 'exited', status: status ?? 0 }
    : { kind: 'killed', signal: words(ended) }
}

/** By number; if two names have one number, the first. */
const signalNames = new Map(
  Object.entries(constants.signals)
    .map(([name, number]) => [number, name as NodeJS.Signals] as const) // Node's own names
    .reverse(),
)

/** Signals as Lambda's own supervisor names them. */
const signalWords: Readonly<Record<string, string>> = {
  SIGKILL: 'killed',
  SIGABRT: 'aborted',
  SIGSEGV: 'segmentation fault',
  SIGBUS: 'bus error',
  SIGTERM: 'terminated',
  SIGXCPU: 'cpu time limit exceeded',
  SIGXFSZ: 'file size limit exceeded',
}

function words(signal: NodeJS.Signals): string {
  return signalWords[signal] ?? `signal ${constants.signals[signal]}`
}
