import type { AccountId } from '../base/index.ts'

/** An invocation of a function: everything that its process receives. */
export interface FunctionRun {
  readonly requestId: string
  readonly name: string
  readonly arn: string
  /**
   * The function without a version, and the principal that invoked it: each has a share of what may run at once, all
   * versions and all sessions together.
   */
  readonly holder: { readonly function: string; readonly caller: string }
  readonly version: string
  /** The deployment package. */
  readonly zip: Uint8Array
  /** `file.export`. */
  readonly handler: string
  readonly timeoutSeconds: number
  readonly memoryMegabytes: number
  readonly storageMegabytes: number
  /** The process's environment: it contains the role's credentials and nothing of the server's own. */
  readonly environment: Readonly<Record<string, string>>
  /** JSON. */
  readonly event: string
  /** JSON, as the invoker's client sent it. */
  readonly clientContext?: string
}

/** The outcome of an invocation. */
export interface FunctionEnd {
  /** JSON: what the handler returned, or the error in Lambda's own form. */
  readonly payload: string
  readonly failed: boolean
  /** The end of the function's and its platform's output. */
  readonly log: Uint8Array
}

/** `fenced`: inside the operating system's fence or not at all; `unconfined`: with the rights of the server. */
export type FunctionConfinement = 'fenced' | 'unconfined'

/** How functions run on this machine. */
export type FunctionsRun =
  | { readonly how: 'bubblewrap' | 'unshare'; readonly controlGroups: boolean }
  | { readonly how: 'unconfined' }
  | { readonly how: 'not run'; readonly because: string }

/** Runs functions (workload/functions). */
export interface FunctionRunner {
  /** Returns what is wrong with a deployment package, or undefined. Only its list of files is read. */
  check(zip: Uint8Array): Promise<string | undefined>
  /** Returns how functions run here. The first call tests the fence, which takes about a tenth of a second. */
  how(): Promise<FunctionsRun>
  /** @throws Fault InvalidRuntimeException if functions are stored but not run, with the reason */
  assertRuns(): Promise<void>
  /** Runs a function to its end. @throws Fault if too many run, or the package cannot be unpacked */
  run(run: FunctionRun): Promise<FunctionEnd>
}

/** An invocation that no caller waits for. */
export interface Invocation {
  /** The id of the request that asked for it. */
  readonly id: string
  /** The principal that asked for it, a role without its session's name; absent in older records. */
  readonly by?: string
  readonly partition: string
  readonly account: AccountId
  readonly region: string
  /** The function's name. */
  readonly name: string
  readonly qualifier?: string
  /** JSON. */
  readonly event: string
  /** JSON. */
  readonly clientContext?: string
  /** When it was accepted, in milliseconds since the epoch. */
  readonly at: number
}

/** Runs invocations that no caller waits for, at least once each: the store keeps them until they have ended. */
export interface InvocationQueue {
  /** Accepts an invocation; durable when resolved. @throws Fault TooManyRequestsException if too many wait */
  add(invocation: Invocation): Promise<void>
}
