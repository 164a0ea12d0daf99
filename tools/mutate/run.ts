import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Mutant } from './mutants.ts'

export const root = join(import.meta.dirname, '..', '..')

/** How a test file ended: `passed`, `failed` (stopped at its first failure) or `late` (stopped at its limit). */
export type Ended = 'passed' | 'failed' | 'late'

/** What ran, and how long it took in milliseconds. */
export interface Run {
  readonly ended: Ended
  readonly took: number
}

/** Runs one test file by itself, with a mutant or with further variables and options, for at most `limit` milliseconds. */
export function runTest(
  test: string,
  limit: number,
  {
    mutant,
    env,
    options = [],
  }: {
    readonly mutant?: Mutant
    readonly env?: Record<string, string>
    readonly options?: readonly string[]
  } = {},
): Promise<Run> {
  const started = performance.now()
  const active = pathToFileURL(join(import.meta.dirname, 'active.ts')).href
  const forMutant =
    mutant === undefined
      ? {}
      : {
          NODE_OPTIONS: `--import=${active}`,
          NODE_COMPILE_CACHE: join(root, 'node_modules', '.cache', 'compile'),
          MUTANT: JSON.stringify({
            url: pathToFileURL(join(root, mutant.file)).href,
            start: mutant.start,
            end: mutant.end,
            to: mutant.to,
          }),
        }
  const child = spawn(
    process.execPath,
    ['--conditions=@omen/source', '--test-reporter=tap', ...options, test],
    // A group of its own, so that what the test started ends with it.
    {
      cwd: root,
      detached: true,
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { ...process.env, ...forMutant, ...env },
    },
  )
  return new Promise((done) => {
    let ended: Ended | undefined
    const stop = (how: Ended) => {
      ended ??= how
      kill(child.pid)
    }
    const timer = setTimeout(() => stop('late'), limit)
    let rest = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      rest += text
      if (/^ *not ok /m.test(rest)) stop('failed')
      rest = rest.slice(rest.lastIndexOf('\n') + 1)
    })
    child.on('error', () => stop('failed'))
    child.on('close', (code) => {
      clearTimeout(timer)
      kill(child.pid)
      done({ ended: ended ?? (code === 0 ? 'passed' : 'failed'), took: performance.now() - started })
    })
  })
}

function kill(pid: number | undefined): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // The group has ended.
  }
}

/** Does a piece of work for each item, as many at a time as `width`. */
export async function each<Item>(
  items: Iterable<Item>,
  width: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const waiting = items[Symbol.iterator]()
  const worker = async () => {
    for (let next = waiting.next(); next.done !== true; next = waiting.next()) await work(next.value)
  }
  await Promise.all(Array.from({ length: width }, worker))
}
