import { parentPort } from 'node:worker_threads'
import { Suite } from './suite.ts'
import type { Asked, Heard } from './together.ts'

const suites = new Map<string, Suite>()
const port = parentPort!
const tell = (heard: Heard) => port.postMessage(heard)

port.on('message', (asked: Asked) => {
  void (asked.kind === 'measure' ? measure(asked.code, asked.mutants) : judge(asked)).then(tell)
})

/** Runs every test of a bundle once: what it takes and which mutants it reaches. */
async function measure(code: string, mutants: number): Promise<Heard> {
  const hits = new Uint8Array(mutants)
  const taken = () => {
    const numbers = [...hits.keys()].filter((number) => hits[number] === 1)
    hits.fill(0)
    return numbers
  }
  try {
    const suite = new Suite(code)
    const count = suite.load(0, hits).length
    const loaded = taken()
    const measured = []
    for (let index = 0; index < count; index++) {
      // What a module computes once is reached by each test that is the first to need it.
      const { name, body } = suite.load(0, hits)[index]!
      taken()
      const first = await timed(body)
      // The first run of much code is compiled meanwhile, so it says little of the later ones.
      const took = first.took < slow ? first.took : Math.min(first.took, (await timed(body)).took)
      measured.push({ name, passed: first.passed, took, reached: taken() })
    }
    return { kind: 'measured', loaded, tests: measured }
  } catch (error) {
    return { kind: 'broken', why: String(error) }
  }
}

/** Milliseconds from which a test is measured twice. */
const slow = 300

/** Runs a test, and measures its milliseconds of processor time. */
async function timed(body: () => unknown): Promise<{ readonly passed: boolean; readonly took: number }> {
  const started = process.threadCpuUsage()
  const passed = await passes(body)
  const { user, system } = process.threadCpuUsage(started)
  return { passed, took: (user + system) / 1_000 }
}

/** Runs tests with a mutant until one fails. */
async function judge({ number, test, code, names }: Extract<Asked, { kind: 'judge' }>): Promise<Heard> {
  let suite = suites.get(test)
  if (suite === undefined) {
    suite = new Suite(code!)
    suites.set(test, suite)
  }
  try {
    const tests = new Map(suite.load(number).map((each) => [each.name, each.body]))
    for (const name of names) {
      const body = tests.get(name)
      // A mutant that changes which tests there are is noticed.
      if (body === undefined || !(await passes(body))) return { kind: 'judged', by: name }
    }
    return { kind: 'judged' }
  } catch {
    return { kind: 'judged', by: 'load' }
  }
}

async function passes(body: () => unknown): Promise<boolean> {
  try {
    await body()
    return true
  } catch {
    return false
  }
}
