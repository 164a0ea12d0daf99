import { createRequire } from 'node:module'
import { join } from 'node:path'
import { root } from './run.ts'

/** A test of a file: its names from the outermost group to itself, and its body. */
export interface Test {
  readonly name: string
  readonly body: () => unknown
}

const require = createRequire(join(root, 'package.json'))

/** A bundled test file, which can be run again and again: each time all of its modules begin anew. */
export class Suite {
  readonly #compiled: (...values: readonly unknown[]) => void

  constructor(code: string) {
    // Function makes a function of its last argument, with the names of the others.
    this.#compiled = new Function('require', 'exports', '$mutant', '$hits', code) as (
      ...values: readonly unknown[]
    ) => void
  }

  /** Loads the file with a mutant and returns its tests. An error while it loads is thrown. */
  load(mutant: number, hits?: Uint8Array): readonly Test[] {
    const tests: Test[] = []
    const groups: string[] = []
    const test = (name: string, ...rest: readonly unknown[]): void => {
      const body = rest.at(-1)
      if (typeof body !== 'function' || body.length > 0) throw new Error(`${name} needs Node's own runner`)
      tests.push({ name: [...groups, name].join(' > '), body: () => body() })
    }
    const describe = (name: string, body: () => void): void => {
      groups.push(name)
      body()
      groups.pop()
    }
    const runner = { test, it: test, describe, default: test }
    this.#compiled((name: string) => (name === 'node:test' ? runner : require(name)), {}, mutant, hits)
    return tests
  }
}
