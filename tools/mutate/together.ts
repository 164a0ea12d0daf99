import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'
import { type Bundle, bundleTest } from './bundle.ts'
import { cacheFolder, hashOf } from './coverage.ts'
import type { Judged } from './judge.ts'
import type { Mutant } from './mutants.ts'
import { each, root } from './run.ts'
import { type Numbered, withMutants } from './schema.ts'

/** What a worker is asked. */
export type Asked =
  | {
      readonly kind: 'measure'
      readonly code: string
      readonly mutants: number
      /** The file that names the instrumented texts, for processes that a test starts. */
      readonly texts: string
    }
  | {
      readonly kind: 'judge'
      readonly number: number
      readonly test: string
      /** Absent if the worker has it. */
      readonly code?: string
      readonly names: readonly string[]
      /** The mutant for the processes that a test starts. */
      readonly replaced?: { url: string; start: number; end: number; to: string }
    }

/** What a worker answers. */
export type Heard =
  | {
      readonly kind: 'measured'
      readonly inOrder: boolean
      readonly loaded: readonly number[]
      readonly tests: readonly {
        readonly name: string
        readonly passed: boolean
        readonly why?: string
        readonly took: number
        readonly lasted: number
        readonly reached: readonly number[]
      }[]
    }
  | { readonly kind: 'broken'; readonly why: string }
  | { readonly kind: 'judged'; readonly by?: string }

/** What a test of a file takes in milliseconds of processor time, and the ids of the mutants that it reaches. */
interface Measured {
  readonly name: string
  readonly took: number
  /** The milliseconds that pass: more if processes do the work. */
  readonly lasted: number
  readonly reached: readonly string[]
}

/** What is kept of a test file. */
interface Covered {
  /** The hashes of all files of its bundle. */
  readonly files: Readonly<Record<string, string>>
  /** Whether the tests run in the order of the file, as one may need those before it. */
  readonly inOrder: boolean
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
  const workers = new Workers()
  const texts = writeTexts(everyNumbered)
  await each(testFiles, width, async (test) => {
    const found = await coveredBy(test, { all, numbered: everyNumbered, inQuestion, texts, workers })
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
  const checked = new Map<string, Promise<readonly string[]>>()
  /**
   * The tests that pass without a mutant, as others would seem to kill every one: those of the names or, where one needs those
   * before it, all of the file; none where these fail too.
   */
  const check = (test: string, code: string, names: readonly string[]): Promise<readonly string[]> => {
    const key = JSON.stringify([test, ...names])
    const check = checked.get(key) ?? passing(test, code, names)
    checked.set(key, check)
    return check
  }
  const passing = async (test: string, code: string, names: readonly string[]) => {
    const every = covered.get(test)!.tests.map(({ name }) => name)
    let why: string | undefined
    for (const some of [names, every]) {
      const heard = await workers.ask({ kind: 'judge', number: 0, test, code, names: some }, 300_000)
      if (heard?.kind === 'judged' && heard.by === undefined) return some
      why = JSON.stringify(heard)
    }
    process.stdout.write(`  ${test} fails though no mutant is chosen, and is left out: ${why}\n`)
    return []
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
    const { start, end, to } = mutant
    const replaced = { url: pathToFileURL(join(root, mutant.file)).href, start, end, to }
    for (const { test, names, took, lasted } of plan) {
      // Another limit of a test's time takes other tests of the file.
      const hash = createHash('sha256')
        .update(JSON.stringify([own.get(test), ...names]))
        .digest('hex')
        .slice(0, 24)
      if (kept.survived[test] !== hash) {
        const { code } = await bundleOf(test)
        const passing = await check(test, code, names)
        const limit = took * 8 + 600
        const asked: Asked = { kind: 'judge', number, test, code, names: passing, replaced }
        const heard = await workers.ask(asked, passing === names ? limit : limit * 8, lasted * 8 + 20_000)
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
  const plans = new Map<string, { test: string; names: string[]; took: number; lasted: number }[]>()
  const add = (id: string, test: string, { name, took, lasted }: Measured) => {
    const plan = plans.get(id) ?? []
    plans.set(id, plan)
    const last = plan.find((one) => one.test === test) ?? { test, names: [], took: 0, lasted: 0 }
    if (!plan.includes(last)) plan.push(last)
    if (last.names.includes(name)) return
    last.names.push(name)
    last.took += took
    last.lasted += lasted
  }
  for (const [test, { loaded, tests, inOrder }] of covered) {
    for (const one of inOrder ? tests : tests.toSorted((a, b) => a.took - b.took)) {
      if (one.took > longest || one.lasted > longest * 3) {
        process.stdout.write(
          `  ${test}: "${one.name}" takes ${Math.round(Math.max(one.took, one.lasted) / 1_000)} s and is left out\n`,
        )
        continue
      }
      for (const id of new Set([...loaded, ...one.reached])) add(id, test, one)
    }
  }
  for (const plan of plans.values()) plan.sort((a, b) => a.lasted - b.lasted)
  return plans
}

interface Measuring {
  readonly all: readonly Mutant[]
  readonly numbered: ReadonlyMap<string, readonly Numbered[]>
  readonly inQuestion: ReadonlySet<string>
  readonly texts: { readonly room: string; readonly file: string }
  readonly workers: Workers
}

/** Writes the texts that say what they reach, for processes that tests start: a list of them by the address of the source. */
function writeTexts(numbered: ReadonlyMap<string, readonly Numbered[]>): Measuring['texts'] {
  const room = createHash('sha256')
    .update([...numbered.keys()].join())
    .digest('hex')
    .slice(0, 8)
  const folder = join(cacheFolder, `texts-${room}`)
  mkdirSync(folder, { recursive: true })
  const files = [...numbered].map(([path, mutants], index) => {
    const file = join(folder, `${index}.ts`)
    writeFileSync(file, withMutants(readFileSync(join(root, path), 'utf8'), mutants, true))
    return [pathToFileURL(join(root, path)).href, file]
  })
  const file = join(folder, 'texts.json')
  writeFileSync(file, JSON.stringify(Object.fromEntries(files)))
  return { room, file }
}

/** What a test file takes and reaches; undefined if it has none of the files in question or cannot be run here. */
async function coveredBy(
  test: string,
  { all, numbered, inQuestion, texts, workers }: Measuring,
): Promise<Covered | undefined> {
  const path = join(cacheFolder, `together-${hashOf([test])}-${texts.room}.json`)
  const kept = readJson<Covered>(path)
  // Another file may have changed: what is reached elsewhere is the same, or nearly.
  if (kept !== undefined) {
    const changed = Object.entries(kept.files).filter(([file, hash]) => hashIfThere(file) !== hash)
    if (changed.every(([file]) => file.endsWith('.ts') && !inQuestion.has(file))) return kept
  }
  const bundle = await bundleTest(test, numbered, true).catch((error) => String(error).split('\n')[0])
  if (typeof bundle !== 'object') {
    process.stdout.write(`  ${test} is left out: ${bundle}\n`)
    return undefined
  }
  const { code, files } = bundle
  if (!files.some((file) => inQuestion.has(file)) && !code.includes('node:child_process')) return undefined
  const asked: Asked = { kind: 'measure', code, mutants: all.length, texts: texts.file }
  const heard = await workers.ask(asked, 300_000)
  if (heard?.kind !== 'measured') {
    process.stdout.write(
      `  ${test} is left out: ${heard?.kind === 'broken' ? heard.why : 'it does not end'}\n`,
    )
    return undefined
  }
  for (const { name, passed, why } of heard.tests)
    if (!passed) process.stdout.write(`  ${test}: "${name}" fails without a mutant and is left out: ${why}\n`)
  const ids = (numbers: readonly number[]) => numbers.map((number) => all[number]!.id)
  const found: Covered = {
    files: Object.fromEntries([...files, ...dataBeside(test)].map((file) => [file, hashOf([file])])),
    inOrder: heard.inOrder,
    loaded: ids(heard.loaded),
    tests: heard.tests
      .filter(({ passed }) => passed)
      .map(({ reached, ...one }) => ({ ...one, reached: ids(reached) })),
  }
  keep(path, found)
  return found
}

/** Files that a test may read: they are beside it, or in a folder of its name. */
function dataBeside(test: string): readonly string[] {
  const own = test.replace(/\.test\.ts$/, '')
  return [dirname(test), own].flatMap((folder) =>
    (existsSync(join(root, folder)) ? readdirSync(join(root, folder)) : [])
      .filter((name) => !name.endsWith('.ts') && name.includes('.'))
      .map((name) => join(folder, name)),
  )
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

/** A thread is asked this many questions, then another begins. */
const most = 60

/** Threads that answer one question at a time. One that does not end or dies is replaced. */
class Workers {
  readonly #idle: Worker[] = []
  readonly #known = new WeakMap<Worker, Set<string>>()
  readonly #asked = new WeakMap<Worker, number>()

  /**
   * Asks; undefined if there is no answer within `limit` milliseconds of processor time or `patience` milliseconds, or the
   * thread dies.
   */
  async ask(asked: Asked, limit: number, patience = limit * 2): Promise<Heard | undefined> {
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
      const began = performance.now()
      const timer = setInterval(async () => {
        if (performance.now() - began > patience) return finish()
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
    } else if (this.#tired(worker)) void worker.terminate()
    else this.#idle.push(worker)
    return heard
  }

  /** What tests leave behind ends with their thread. */
  #tired(worker: Worker): boolean {
    const count = (this.#asked.get(worker) ?? 0) + 1
    this.#asked.set(worker, count)
    return count >= most
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
