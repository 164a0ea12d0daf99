/** An event of Node's test runner. */
export interface TestEvent {
  readonly type: string
  readonly data: {
    readonly name?: string
    readonly nesting?: number
    readonly file?: string
    readonly message?: string
    readonly success?: boolean
    readonly details?: { readonly error?: { readonly failureType?: string; readonly cause?: unknown } }
  }
}

export interface PoolOptions {
  readonly execArgv: readonly string[]
  readonly env: NodeJS.ProcessEnv
  readonly width: number
  readonly limit: number
}

export type Count = 'tests' | 'suites' | 'pass' | 'fail' | 'cancelled' | 'skipped' | 'todo'

export function runFiles(
  files: readonly string[],
  options: PoolOptions,
  report: (event: TestEvent) => void,
): Promise<Readonly<Record<Count, number>>>
