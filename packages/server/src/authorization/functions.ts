/** One invocation of a function, with all that its process is given. */
export interface FunctionRun {
  readonly requestId: string
  readonly name: string
  readonly arn: string
  readonly version: string
  /** The deployment package. */
  readonly zip: Uint8Array
  /** `file.export`. */
  readonly handler: string
  readonly timeoutSeconds: number
  readonly memoryMegabytes: number
  readonly storageMegabytes: number
  /** The process's environment: the role's credentials are in it, and nothing of the house's own. */
  readonly environment: Readonly<Record<string, string>>
  /** JSON. */
  readonly event: string
  /** JSON, as the invoker's client gave it. */
  readonly clientContext?: string
}

/** How an invocation ended. */
export interface FunctionEnd {
  /** JSON: what the handler returned, or what went wrong in Lambda's own form. */
  readonly payload: string
  readonly failed: boolean
  /** The end of what the function and its platform wrote. */
  readonly log: Uint8Array
}

/** `fenced`: behind the operating system's fence or not at all; `unconfined`: with the rights of the server. */
export type FunctionConfinement = 'fenced' | 'unconfined'

/** How functions run on this machine. */
export type FunctionsRun =
  | { readonly how: 'bubblewrap' | 'unshare'; readonly controlGroups: boolean }
  | { readonly how: 'unconfined' }
  | { readonly how: 'not run'; readonly because: string }

/** What runs functions (workload/functions). */
export interface FunctionRunner {
  /** What is wrong with a deployment package; undefined where nothing is. Only its list of files is read. */
  check(zip: Uint8Array): Promise<string | undefined>
  /** How functions run here. The first call tries the fence, which takes about a tenth of a second. */
  how(): Promise<FunctionsRun>
  /** @throws Fault InvalidRuntimeException where functions are kept and not run, with the reason */
  assertRuns(): Promise<void>
  /**
   * Runs a function to its end.
   * @throws Fault where too many run, or the package cannot be unpacked
   */
  run(run: FunctionRun): Promise<FunctionEnd>
  /**
   * Runs it behind the caller's back.
   * @throws Fault where too many run
   */
  start(run: FunctionRun): void
}
