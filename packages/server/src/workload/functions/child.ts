import { type ChildProcess, spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { constants } from 'node:os'
import { fileURLToPath } from 'node:url'
import type { FunctionRun } from '../../authorization/index.ts'
import { limits } from './limits.ts'
import { LogTail } from './log.ts'

/** Where a function's process finds its files. */
export interface Folders {
  /** The unpacked code, to read. */
  readonly code: string
  /** To read and write. */
  readonly scratch: string
}

/** How a function's process ended. */
export type ChildEnd =
  | { readonly kind: 'answered'; readonly failed: boolean; readonly payload: string }
  | { readonly kind: 'timedOut' | 'answeredTooMuch' }
  | { readonly kind: 'exited'; readonly status: number }
  | { readonly kind: 'killed'; readonly signal: string }

/** A process's end, with what it wrote and the most memory that it was seen to have. */
export interface ChildOutcome {
  readonly end: ChildEnd
  readonly log: LogTail
  readonly megabytes: number
}

/** The runtime's module stands beside this one, as source or as published. */
const runtime = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? './runtime.ts' : './runtime.js', import.meta.url),
)

/**
 * Runs the handler in a process of its own: it sees its two folders and no other file, starts no process and
 * no thread, and is killed when it takes more time or memory than its function has (behaviours LAM-50 to LAM-55).
 * The process is told what to do on its standard input and answers on its fourth stream.
 */
export async function runChild(
  run: FunctionRun,
  folders: Folders,
  environment: Readonly<Record<string, string>>,
  children: Set<ChildProcess>,
): Promise<ChildOutcome> {
  const [command = '', ...args] = commandOf(run, folders)
  const child = spawn(command, args, {
    cwd: folders.code,
    env: environment,
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
    detached: true, // a group of its own, so that all of it can be killed
  })
  children.add(child)
  let stopped: 'timedOut' | 'answeredTooMuch' | undefined
  const stop = (why: typeof stopped) => {
    stopped ??= why
    killGroup(child)
  }
  const timer = setTimeout(() => stop('timedOut'), run.timeoutSeconds * 1_000)
  const memory = watchMemory(child, run.memoryMegabytes, () => killGroup(child))
  const log = new LogTail()
  child.stdout?.on('data', (chunk: Buffer) => log.add(chunk))
  child.stderr?.on('data', (chunk: Buffer) => log.add(chunk))
  const answer = collect(child, () => stop('answeredTooMuch'))
  child.stdin?.on('error', () => {}) // it ended before it was told
  child.stdin?.end(JSON.stringify(orderOf(run)))
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

/** Kills a function's process and whatever it may have started. */
export function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return
  try {
    process.kill(-child.pid, 'SIGKILL')
  } catch {
    // it has ended already, or there are no groups here
    child.kill('SIGKILL')
  }
}

function commandOf(run: FunctionRun, { code, scratch }: Folders): readonly string[] {
  const node = [
    process.execPath,
    '--permission',
    `--allow-fs-read=${code}`,
    `--allow-fs-read=${scratch}`,
    `--allow-fs-read=${runtime}`,
    `--allow-fs-write=${scratch}`,
    `--max-old-space-size=${run.memoryMegabytes}`,
    runtime,
  ]
  if (process.platform === 'win32') return node
  // should the house die, the processor time is what ends its functions; no dump of a crash is left behind
  const processorSeconds = 4 * run.timeoutSeconds + 10
  const bounds = [
    'ulimit -c 0',
    `ulimit -t ${processorSeconds}`,
    `ulimit -f ${run.storageMegabytes * 2_048}`,
    `ulimit -n ${limits.openFiles}`,
  ]
  return ['/bin/sh', '-c', `${bounds.join('; ')}; exec "$@"`, 'sh', ...node]
}

/** What the runtime is told. */
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
}

function orderOf({ zip: _, environment: __, ...order }: FunctionRun): Order {
  return order
}

/** What the process answers, within the limit; `tooMuch` is told where there is more. */
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
    // what it started may hold its streams open; so its end counts, not theirs
    child.once('exit', (status, signal) => {
      const ended = () => resolve({ status, signal })
      child.once('close', ended)
      setTimeout(ended, 1_000).unref()
    })
  })
}

/** The answer's first letter says whether it is one. */
function endFrom(answer: Buffer, status: number | null, signal: NodeJS.Signals | null): ChildEnd {
  const letter = answer.toString('latin1', 0, 1)
  if (letter === 'R' || letter === 'E')
    return { kind: 'answered', failed: letter === 'E', payload: answer.toString('utf8', 1) }
  return signal === null ? { kind: 'exited', status: status ?? 0 } : { kind: 'killed', signal: words(signal) }
}

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

/** Watches the memory that the process really has: V8's own limit knows nothing of buffers. Linux tells it. */
function watchMemory(child: ChildProcess, megabytes: number, tooMuch: () => void) {
  let most = 0
  let ended = false
  const look = async () => {
    const status = await readFile(`/proc/${child.pid}/status`, 'latin1').catch(() => '')
    const kilobytes = Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0)
    most = Math.max(most, Math.ceil(kilobytes / 1_024))
    if (!ended && most > megabytes) tooMuch()
  }
  const timer = process.platform === 'linux' ? setInterval(look, limits.memoryInterval) : undefined
  return {
    most: () => most,
    end() {
      ended = true
      clearInterval(timer)
    },
  }
}
