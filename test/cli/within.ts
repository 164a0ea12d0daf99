import { runProgram } from '../../packages/server/src/cli/index.ts'

/** What a command finds around it. */
export interface Around {
  /** All its variables. */
  readonly env: Readonly<Record<string, string>>
  readonly folder?: string
  /** The file that Node would run as `omen`. */
  readonly bin: string
}

/** How a command ended: its exit code, and what it wrote. */
export interface Ended {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Events of a process for which a command may leave listeners. */
const heard = ['exit', 'SIGINT', 'SIGTERM'] as const

/** The end of the last command: the next one begins when it is reached, as a process has only one surroundings. */
const line = { end: Promise.resolve() as Promise<unknown> }

/** Runs `omen …` in this process, which has for that time the variables, the folder and the streams of the command. */
export function omenWithin(words: readonly string[], around: Around): Promise<Ended> {
  const run = line.end.then(() => alone(words, around))
  line.end = run.catch(() => {})
  return run
}

async function alone(words: readonly string[], { env, folder, bin }: Around): Promise<Ended> {
  const { argv, exitCode } = process
  const before = { ...process.env }
  const cwd = process.cwd()
  const listeners = heard.map((event) => [event, new Set(process.listeners(event as 'exit'))] as const)
  const streams = [captured(process.stdout), captured(process.stderr)] as const
  try {
    become(env)
    if (folder !== undefined) process.chdir(folder)
    process.argv = [argv[0]!, bin, ...words]
    process.exitCode = undefined
    await runProgram()
    for (const [event, known] of listeners)
      for (const listener of process.listeners(event as 'exit').filter((each) => !known.has(each))) {
        process.off(event, listener)
        if (event === 'exit') listener.call(process, Number(process.exitCode ?? 0))
      }
    const [stdout, stderr] = streams.map(({ text }) => text())
    return { status: Number(process.exitCode ?? 0), stdout: stdout!, stderr: stderr! }
  } finally {
    for (const { restore } of streams) restore()
    process.exitCode = exitCode
    process.argv = argv
    // a thread of the mutation tests has no folder of its own
    if (folder !== undefined) process.chdir(cwd)
    become(before)
  }
}

function become(env: Readonly<Record<string, string | undefined>>): void {
  for (const name of Object.keys(process.env)) if (!(name in env)) delete process.env[name]
  Object.assign(process.env, env)
}

/** Keeps the texts that are written to a stream; what the runner of the tests writes are bytes. */
function captured(stream: NodeJS.WriteStream) {
  const { write } = stream
  let text = ''
  stream.write = (chunk: string | Uint8Array, ...more: readonly unknown[]) => {
    if (typeof chunk !== 'string') return write.call(stream, chunk, ...(more as []))
    text += chunk
    const done = more.at(-1)
    if (typeof done === 'function') queueMicrotask(() => done())
    return true
  }
  return {
    text: () => text,
    restore() {
      stream.write = write
    },
  }
}
