import { AsyncLocalStorage } from 'node:async_hooks'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { mock } from 'node:test'
import { root } from './run.ts'

type Body = (context?: unknown) => unknown

/** What runs around the tests of a group. */
class Group {
  readonly before: Body[] = []
  readonly beforeEach: Body[] = []
  readonly after: Body[] = []
  readonly afterEach: Body[] = []
  hasBegun = false

  get hasHooks(): boolean {
    return this.before.length + this.beforeEach.length + this.after.length + this.afterEach.length > 0
  }
}

/** A test of a file: its names from the outermost group to itself, its body, and its groups. */
export interface Test {
  readonly name: string
  readonly body: Body
  readonly groups: readonly Group[]
}

/** Where a test is named: inside which groups. */
interface Place {
  readonly names: readonly string[]
  readonly groups: readonly Group[]
}

const places = new AsyncLocalStorage<Place>()

const require = createRequire(join(root, 'package.json'))

/** A bundled test file, which can be run again and again: each time all of its modules begin anew. */
export class Suite {
  readonly #compiled: (...values: readonly unknown[]) => unknown
  readonly #replaced: Readonly<Record<string, unknown>>

  /** `replaced` are modules that stand for those of the same name. */
  constructor(code: string, replaced: Readonly<Record<string, unknown>> = {}) {
    // Function makes a function of its last argument, with the names of the others.
    this.#compiled = new Function('require', 'exports', '$mutant', '$hits', code) as (
      ...values: readonly unknown[]
    ) => unknown
    this.#replaced = replaced
  }

  /** Loads the file with a mutant. An error while it loads is thrown. */
  async load(mutant: number, hits?: Uint8Array): Promise<Loaded> {
    const tests: Test[] = []
    const later: unknown[] = []
    const outermost: Place = { names: [], groups: [new Group()] }
    const place = () => places.getStore() ?? outermost
    const test = (name: string, ...rest: readonly unknown[]): void => {
      if (isSkipped(rest[0])) return
      const { names, groups } = place()
      tests.push({ name: [...names, name].join(' > '), body: bodyOf(name, rest.at(-1)), groups })
    }
    const describe = (name: string, ...rest: readonly unknown[]): void => {
      if (isSkipped(rest[0])) return
      const { names, groups } = place()
      const inner = { names: [...names, name], groups: [...groups, new Group()] }
      later.push(places.run(inner, bodyOf(name, rest.at(-1))))
    }
    const hook = (kind: 'before' | 'beforeEach' | 'after' | 'afterEach') => (body: Body) => {
      place().groups.at(-1)![kind].push(body)
    }
    const hooks = { before: hook('before'), beforeEach: hook('beforeEach') }
    const others = { after: hook('after'), afterEach: hook('afterEach'), mock }
    const skip = { skip: () => {} }
    const named = { test: Object.assign(test, skip), describe: Object.assign(describe, skip) }
    const runner = {
      ...named,
      it: named.test,
      suite: named.describe,
      ...hooks,
      ...others,
      default: named.test,
    }
    const replaced: Readonly<Record<string, unknown>> = { ...this.#replaced, 'node:test': runner }
    await this.#compiled((name: string) => replaced[name] ?? require(name), {}, mutant, hits)
    for (const each of later) await each
    return new Loaded(tests)
  }
}

/** The tests of a file that was loaded. */
export class Loaded {
  readonly tests: readonly Test[]
  readonly #begun: Group[] = []
  /** The error of the last test that failed. */
  why = ''

  constructor(tests: readonly Test[]) {
    this.tests = tests
  }

  /** Whether something runs before or after some tests: then each alone may take long. */
  get hasHooks(): boolean {
    return this.tests.some(({ groups }) => groups.some((group) => group.hasHooks))
  }

  /** Runs a test, after what its groups run before it. Returns whether it passes. */
  async passes({ name, body, groups }: Test): Promise<boolean> {
    const context = new Context(name)
    try {
      for (const group of groups.filter(({ hasBegun }) => !hasBegun)) {
        group.hasBegun = true
        this.#begun.push(group)
        for (const each of group.before) await each(context)
      }
      for (const { beforeEach } of groups) for (const each of beforeEach) await each(context)
      await body(context)
      return true
    } catch (error) {
      this.why = String(error).slice(0, 300)
      return false
    } finally {
      await quietly([...context.ends, ...groups.toReversed().flatMap(({ afterEach }) => afterEach)])
      mock.reset()
    }
  }

  /** Runs what the groups run after their tests. */
  async end(): Promise<void> {
    await quietly(this.#begun.toReversed().flatMap(({ after }) => after))
  }
}

/** What a test gets of Node's runner. */
class Context {
  readonly ends: Body[] = []
  readonly mock = mock
  readonly name: string
  readonly signal = new AbortController().signal

  constructor(name: string) {
    this.name = name
  }

  after(body: Body): void {
    this.ends.push(body)
  }

  diagnostic(): void {}

  async test(name: string, ...rest: readonly unknown[]): Promise<void> {
    if (isSkipped(rest[0])) return
    const context = new Context(name)
    try {
      await bodyOf(name, rest.at(-1))(context)
    } finally {
      await quietly(context.ends)
    }
  }
}

/** Closes what tests have opened. After a mutant some of it may fail. */
async function quietly(bodies: readonly Body[]): Promise<void> {
  for (const body of bodies) {
    try {
      await body()
    } catch {
      // The test says it better.
    }
  }
}

function isSkipped(options: unknown): boolean {
  if (typeof options !== 'object' || options === null) return false
  return ('skip' in options && options.skip !== false && options.skip !== undefined) || 'todo' in options
}

function bodyOf(name: string, body: unknown): Body {
  if (typeof body !== 'function' || body.length > 1) throw new Error(`${name} needs Node's own runner`)
  return (context) => body(context)
}
