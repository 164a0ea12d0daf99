/** How one package is built. */
export interface Built {
  /** Files of dist/ by the module that each is made of. They share what more than one of them needs. */
  readonly entries: Readonly<Record<string, string>>
  /** The same for files that must not need another: each is one file. */
  readonly alone: Readonly<Record<string, string>>
  /** Modules by the name of a file that has all they load with them, but for what an earlier one has. */
  readonly layers?: Readonly<Record<string, string>>
  /** Modules whose declarations are published. */
  readonly types: readonly string[]
  /** What is copied into the package, from the root's folder to the package's. */
  readonly copies: readonly (readonly [from: string, to: string])[]
}

const licence = [['LICENSE', 'LICENSE'] as const, ['NOTICE', 'NOTICE'] as const]

/** Every package that is published, by its folder. */
export const packages: Readonly<Record<string, Built>> = {
  policy: { entries: { index: 'src/index.ts' }, alone: {}, types: ['index'], copies: licence },
  server: {
    entries: {
      index: 'src/index.ts',
      testing: 'src/without-port.ts',
      cli: 'src/cli/main.ts',
      'argon2-thread': 'src/directory/argon2-thread.ts',
      'graph-thread': 'src/services/omen/search/thread-module.ts',
      'template-thread': 'src/stacks/reading/thread-module.ts',
      'practice-thread': 'src/learn/practice/thread-module.ts',
    },
    // a function's process may read this file and no other of the package
    alone: { runtime: 'src/workload/functions/runtime.ts', thread: 'src/store/sqlite/thread.ts' },
    layers: {
      program: 'src/cli/program.ts',
      opening: 'src/cli/commands/start.ts',
      floors: 'src/services/omen/index.ts',
      serving: 'src/cli/serving.ts',
    },
    types: ['index', 'without-port'],
    copies: [...licence, ['packages/console/dist', 'console']],
  },
}
