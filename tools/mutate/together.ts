import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { type Bundle, bundleTest } from './bundle.ts'
import { cacheFolder, hashOf } from './coverage.ts'
import type { Judged } from './judge.ts'
import type { Mutant } from './mutants.ts'
import { each, root } from './run.ts'
import type { Numbered } from './schema.ts'

/** What a worker is asked. */
export type Asked =
  | { readonly kind: 'measure'; readonly code: string; readonly mutants: number }
  | {
      readonly kind: 'judge'
      readonly number: number
      readonly test: string
      /** Absent if the worker has it. */
      readonly code?: string
      readonly names: readonly string[]
    }

/** What a worker answers. */
export type Heard =
  | {
      readonly kind: 'measured'
      readonly loaded: readonly number[]
      readonly tests: readonly {
        readonly name: string
        readonly passed: boolean
        readonly took: number
        readonly reached: readonly number[]
      }[]
    }
  | { readonly kind: 'broken'; readonly why: string }
  | { readonly kind: 'judged'; readonly by?: string }

/** What a test of a file takes in milliseconds of processor time, and the ids of the mutants that it reaches. */
interface Measured {
  readonly name: string
  readonly took: number
  readonly reached: readonly string[]
}

/** What is kept of a test file. */
interface Covered {
  /** The hashes of all files of its bundle. */
  readonly files: Readonly<Record<string, string>>
  /** What its modules reach while they load: then all of its tests do. */
  readonly loaded: readonly string[]
  readonly tests: readonly Measured[]
}

/** What is kept of a mutant: the test file that killed it, or those that it survived, each with the hash of its own files. */
interface Kept {
  readonly file: string
  readonly by?: readonly [test: string, hash: string]
  readonly survived: Readonly<Record<string, string>>
}

interface Options {
  readonly testFiles: readonly string[]
  /** All mutants of the room: what a test reaches is measured once for all. */
  readonly all: readonly Mutant[]
  /** A single test that takes longer, in milliseconds of processor time, is left out. */
  readonly longest: number
  readonly width: number
}

/**
 * Judges mutants in a few threads: each test file is bundled with all of the mutants in it, and a number chooses one. Only the
 * tests that reach a mutant are run, the quickest first.
 */
export async function judgeTogether(
  chosen: readonly Mutant[],
  { testFiles, all, longest, width }: Options,
  judged: (one: Judged) => void,
): Promise<void> {
  const inQuestion = new Set(chosen.map(({ file }) => file))
  const covered = new Map<string, Covered>()
  const everyNumbered = byFile(all.map((mutant, number): Numbered => ({ number, mutant })))
  await each(testFiles, width, async (test) => {
    const found = await coveredBy(test, all, everyNumbered, inQuestion)
    if (found !== undefined) covered.set(test, found)
  })

  const numbered = chosen.map((mutant, index): Numbered => ({ number: index + 1, mutant }))
  const bundles = new Map<string, Promise<Bundle>>()
  const chosenByFile = byFile(numbered)
  const bundleOf = (test: string) => {
    const bundle = bundles.get(test) ?? bundleTest(test, chosenByFile, false)
    bundles.set(test, bundle)
    return bundle
  }
  const plans = plansOf(covered, longest)
  const own = new Map([...covered].map(([test, { files }]) => [test, ownHash(files, all)]))
  const workers = new Workers()
  const checked = new Map<string, Promise<void>>()
  /** Tests that fail without a mutant, as one that needs those before it may do, would seem to kill every one. */
  const check = (test: string, code: string, names: readonly string[]): Promise<void> => {
    const key = JSON.stringify([test, ...names])
    const check = checked.get(key) ?? passWithout(test, code, names)
    checked.set(key, check)
    return check
  }
  const passWithout = async (test: string, code: string, names: readonly string[]): Promise<void> => {
    const heard = await workers.ask({ kind: 'judge', number: 0, test, code, names }, 300_000)
    if (heard?.kind !== 'judged' || heard.by !== undefined)
      throw new Error(
        `${test} fails with mutants compiled in, though none is chosen: ${JSON.stringify(heard)}`,
      )
  }
  await each(numbered, width, async ({ number, mutant }) => {
    const plan = plans.get(mutant.id)
    if (plan === undefined) return judged({ mutant, verdict: 'unrun' })
    const path = join(cacheFolder, `together-${mutant.id}.json`)
    const file = hashOf([mutant.file])
    const before = readJson<Kept>(path)
    const kept = before?.file === file ? before : { file, survived: {} }
    if (kept.by !== undefined && own.get(kept.by[0]) === kept.by[1])
      return judged({ mutant, verdict: 'killed' })
    const survived: Record<string, string> = {}
    for (const { test, names, took } of plan) {
      // Another limit of a test's time takes other tests of the file.
      const hash = createHash('sha256')
        .update(JSON.stringify([own.get(test), ...names]))
        .digest('hex')
        .slice(0, 24)
      if (kept.survived[test] !== hash) {
        const { code } = await bundleOf(test)
        await check(test, code, names)
        const limit = took * 8 + 600
        const heard = await workers.ask({ kind: 'judge', number, test, code, names }, limit)
        if (heard?.kind !== 'judged' || heard.by !== undefined) {
          keep(path, { file, by: [test, own.get(test)!], survived })
          return judged({ mutant, verdict: 'killed' })
        }
      }
      survived[test] = hash
    }
    keep(path, { file, survived })
    judged({ mutant, verdict: 'survived' })
  })
  workers.close()
}

/** By the id of a mutant: the test files that reach it with the names of the tests, the quickest first. */
function plansOf(covered: ReadonlyMap<string, Covered>, longest: number) {
  const plans = new Map<string, { test: string; names: string[]; took: number }[]>()
  const add = (id: string, test: string, { name, took }: Measured) => {
    const plan = plans.get(id) ?? []
    plans.set(id, plan)
    const last = plan.find((one) => one.test === test) ?? { test, names: [], took: 0 }
    if (!plan.includes(last)) plan.push(last)
    if (last.names.includes(name)) return
    last.names.push(name)
    last.took += took
  }
  for (const [test, { loaded, tests }] of covered) {
    for (const one of tests.toSorted((a, b) => a.took - b.took)) {
      if (one.took > longest) {
        process.stdout.write(
          `  ${test}: "${one.name}" takes ${Math.round(one.took / 1_000)} s and is left out\n`,
        )
        continue
      }
      for (const id of new Set([...loaded, ...one.reached])) add(id, test, one)
    }
  }
  for (const plan of plans.values()) plan.sort((a, b) => a.took - b.took)
  return plans
}

/** What a test file takes and reaches; undefined if it has none of the files in question or cannot be run here. */
async function coveredBy(
  test: string,
  all: readonly Mutant[],
  numbered: ReadonlyMap<string, readonly Numbered[]>,
  inQuestion: ReadonlySet<string>,
): Promise<Covered | undefined> {
  const path = join(cacheFolder, `together-${hashOf([test])}.json`)
  const kept = readJson<Covered>(path)
  const mutated = new Set(all.map(({ file }) => file))
  if (kept !== undefined) {
    const changed = Object.entries(kept.files).filter(([file, hash]) => hashIfThere(file) !== hash)
    // Another file of the room may have changed: what is reached elsewhere is the same, or nearly.
    if (changed.every(([file]) => mutated.has(file) && !inQuestion.has(file))) return kept
  }
  const { code, files } = await bundleTest(test, numbered, true)
  if (!files.some((file) => inQuestion.has(file))) return undefined
  const workers = new Workers()
  const heard = await workers.ask({ kind: 'measure', code, mutants: all.length }, 300_000)
  workers.close()
  if (heard?.kind !== 'measured') {
    process.stdout.write(
      `  ${test} is left out: ${heard?.kind === 'broken' ? heard.why : 'it does not end'}\n`,
    )
    return undefined
  }
  for (const { name, passed } of heard.tests)
    if (!passed) process.stdout.write(`  ${test}: "${name}" fails without a mutant and is left out\n`)
  const ids = (numbers: readonly number[]) => numbers.map((number) => all[number]!.id)
  const found: Covered = {
    files: Object.fromEntries([...files, ...dataBeside(test)].map((file) => [file, hashOf([file])])),
    loaded: ids(heard.loaded),
    tests: heard.tests
      .filter(({ passed }) => passed)
      .map(({ name, took, reached }) => ({ name, took, reached: ids(reached) })),
  }
  keep(path, found)
  return found
}

/** Files that a test may read: they are kept beside it. */
function dataBeside(test: string): readonly string[] {
  const folder = dirname(test)
  return readdirSync(join(root, folder))
    .filter((name) => !name.endsWith('.ts') && name.includes('.'))
    .map((name) => join(folder, name))
}

/** A hash of what belongs to a test file alone: all of its bundle but the mutated files. */
function ownHash(files: Readonly<Record<string, string>>, all: readonly Mutant[]): string {
  const mutated = new Set(all.map(({ file }) => file))
  const own = Object.entries(files).filter(([file]) => !mutated.has(file))
  return createHash('sha256').update(JSON.stringify(own)).digest('hex').slice(0, 24)
}

function byFile(numbered: readonly Numbered[]): ReadonlyMap<string, readonly Numbered[]> {
  return Map.groupBy(numbered, ({ mutant }) => mutant.file)
}

/** Threads that answer one question at a time. One that does not end or dies is replaced. */
class Workers {
  readonly #idle: Worker[] = []
  readonly #known = new WeakMap<Worker, Set<string>>()

  /** Asks; undefined if there is no answer within `limit` milliseconds of processor time, or the thread dies. */
  async ask(asked: Asked, limit: number): Promise<Heard | undefined> {
    const worker =
      this.#idle.pop() ??
      new Worker(new URL('together-worker.ts', import.meta.url), {
        resourceLimits: { maxOldGenerationSizeMb: 1_500 },
        stdout: true,
        stderr: true,
        env: { WORLDS: '2000', ...process.env },
      })
    const heard = await new Promise<Heard | undefined>((done) => {
      let before: number | undefined
      const died = () => finish()
      const finish = (answer?: Heard) => {
        clearInterval(timer)
        worker.off('message', finish).off('error', died).off('exit', died)
        done(answer)
      }
      const timer = setInterval(async () => {
        const usage = await worker.cpuUsage().catch(() => undefined)
        if (usage === undefined) return
        const used = (usage.user + usage.system) / 1_000
        before ??= used
        if (used - before > limit) finish()
      }, 300)
      worker.on('message', finish).on('error', died).on('exit', died)
      worker.postMessage(this.#shortened(worker, asked))
    })
    if (heard === undefined) {
      worker.on('error', () => {})
      void worker.terminate()
    } else this.#idle.push(worker)
    return heard
  }

  /** A worker keeps the bundles that it was sent. */
  #shortened(worker: Worker, asked: Asked): Asked {
    if (asked.kind !== 'judge') return asked
    const known = this.#known.get(worker) ?? new Set()
    this.#known.set(worker, known)
    if (!known.has(asked.test)) {
      known.add(asked.test)
      return asked
    }
    const { code: _, ...rest } = asked
    return rest
  }

  close(): void {
    for (const worker of this.#idle) void worker.terminate()
  }
}

function readJson<T>(path: string): T | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return undefined
  }
}

function keep(path: string, value: Kept | Covered): void {
  mkdirSync(cacheFolder, { recursive: true })
  writeFileSync(path, JSON.stringify(value))
}

function hashIfThere(file: string): string | undefined {
  try {
    return hashOf([file])
  } catch {
    return undefined
  }
}
