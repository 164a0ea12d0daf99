import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { parentPort } from 'node:worker_threads'
import { modulesWith, type Variables, variablesFor } from './children.ts'
import { type Loaded, Suite, type Test } from './suite.ts'
import type { Asked, Heard } from './together.ts'

const suites = new Map<string, Suite>()
const port = parentPort!
const before = { ...process.env }
/** What processes and threads of the current test are given. */
let given: Variables = {}
const modules = modulesWith(() => given)

port.on('message', (asked: Asked) => {
  void (asked.kind === 'measure' ? measure(asked) : judge(asked)).then((heard) => port.postMessage(heard))
})
// What a closed server still does fails no other test.
process.on('unhandledRejection', () => {})

/** Runs every test of a bundle once: what it takes and which mutants it reaches. */
async function measure({ code, mutants, texts }: Extract<Asked, { kind: 'measure' }>): Promise<Heard> {
  const hits = new Uint8Array(mutants)
  const reached = join(texts, '..', `reached-${crypto.randomUUID()}`)
  mkdirSync(reached)
  give({ MUTANT: JSON.stringify({ texts, mutants, reached }) })
  const taken = () => {
    for (const file of readdirSync(reached))
      for (const number of readFileSync(join(reached, file), 'utf8').split(' ')) hits[Number(number)] = 1
    for (const file of readdirSync(reached)) rmSync(join(reached, file), { force: true })
    const numbers = [...hits.keys()].filter((number) => hits[number] === 1)
    hits.fill(0)
    return numbers
  }
  try {
    const suite = new Suite(code, modules)
    const whole = await suite.load(0, hits)
    const loaded = taken()
    const measured = []
    for (const [index, test] of whole.tests.entries()) {
      // What a module computes once is reached by each test that is the first to need it.
      const fresh = whole.hasHooks ? whole : await suite.load(0, hits)
      if (!whole.hasHooks) taken()
      const one = whole.hasHooks ? test : fresh.tests[index]!
      const first = await timed(fresh, one)
      // The first run of much code is compiled meanwhile, so it says little of the later ones.
      const isSlow = first.took > slow && !whole.hasHooks
      const took = isSlow ? Math.min(first.took, (await timed(fresh, one)).took) : first.took
      const { passed, lasted } = first
      measured.push({
        name: one.name,
        passed,
        took,
        lasted,
        reached: taken(),
        ...(passed ? {} : { why: fresh.why }),
      })
    }
    await whole.end()
    return { kind: 'measured', inOrder: whole.hasHooks, loaded, tests: measured }
  } catch (error) {
    return { kind: 'broken', why: String(error) }
  } finally {
    rmSync(reached, { recursive: true, force: true })
  }
}

/** Milliseconds from which a test is measured twice. */
const slow = 300

/** Runs a test, and measures its milliseconds: those of the processor and those that pass. */
async function timed(loaded: Loaded, test: Test) {
  const started = process.threadCpuUsage()
  const began = performance.now()
  const passed = await loaded.passes(test)
  const { user, system } = process.threadCpuUsage(started)
  return { passed, took: (user + system) / 1_000, lasted: performance.now() - began }
}

/** Runs tests with a mutant until one fails. */
async function judge({
  number,
  test,
  code,
  names,
  replaced,
}: Extract<Asked, { kind: 'judge' }>): Promise<Heard> {
  let suite = suites.get(test)
  if (suite === undefined) {
    suite = new Suite(code!, modules)
    suites.set(test, suite)
  }
  give(replaced === undefined ? {} : { MUTANT: JSON.stringify(replaced) })
  try {
    const loaded = await suite.load(number)
    const tests = new Map(loaded.tests.map((each) => [each.name, each]))
    let by: string | undefined
    for (const name of names) {
      const one = tests.get(name)
      // A mutant that changes which tests there are is noticed.
      if (one === undefined || !(await loaded.passes(one))) by ??= name
      if (by !== undefined) break
    }
    await loaded.end()
    return by === undefined ? { kind: 'judged' } : { kind: 'judged', by }
  } catch {
    return { kind: 'judged', by: 'load' }
  }
}

/** Begins with the environment as it was, and with what processes and threads are given. */
function give(variables: Variables): void {
  for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name]
  given = variables
  Object.assign(process.env, before, variablesFor(before, variables))
}
