import type { Fault } from '../base/index.ts'

/** A call that begins. */
export interface CallStart {
  /** The request id. */
  readonly id: string
  /** The API's id and the operation's name, as the model has them; undefined if the request is no known call. */
  readonly service: string | undefined
  readonly operation: string | undefined
  readonly request: {
    readonly headers: Readonly<Record<string, string>>
    readonly remoteAddress: string
  }
}

/** How a call ended. */
export interface CallEnd {
  readonly status: number
  readonly fault: Fault | undefined
  /** The id of the decision, if one was made. */
  readonly decision: string | undefined
  /** The caller's ARN, if the signature proved it. */
  readonly caller: string | undefined
}

/** A call while it is measured, logged and traced. */
export interface WatchedCall {
  /** Runs the call in its span. */
  within<T>(work: () => Promise<T>): Promise<T>
  /** Runs a request to another endpoint in a span of its own. `headers` continue the trace there. */
  onward<T>(work: (headers: Readonly<Record<string, string>>) => Promise<T>): Promise<T>
  ended(end: CallEnd): void
}

/** Begins to watch a call. */
export type Watch = (call: CallStart) => WatchedCall
