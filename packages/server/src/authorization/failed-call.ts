import type { Fault } from '../base/index.ts'

/** The most failed calls in memory. Anyone can fail, so they are few, and their texts short. */
const kept = 100
const longestText = 256
/** Characters of a request id's first group. */
const shortRequestId = 8

/** A call that ended before any policy was evaluated. */
export interface FailedCall {
  /** Milliseconds since 1970. */
  readonly time: number
  readonly requestId?: string
  /** The service's signing name. */
  readonly service: string
  readonly operation: string
  readonly fault: Fault
  /** The kind of problem of the signature. Absent if the signature was right. */
  readonly problem?: string
  /** The key that the call names; the problem says whether it exists here. */
  readonly accessKeyId?: string
  /** The ARN of the signer, if it is proven, or of the owner of the named key. */
  readonly caller?: string
  readonly sourceIp?: string
}

/** The latest calls that failed before any decision, in memory, for an immediate `why`. */
export class FailedCalls {
  #calls: FailedCall[] = []

  /** Records one; a known fault gets what is new, such as the request's id. */
  note(call: FailedCall): void {
    const place = this.#calls.findIndex(({ fault }) => fault === call.fault)
    const before = this.#calls[place]
    const whole = { ...short(call), ...before, ...(call.requestId && { requestId: call.requestId }) }
    if (place !== -1) this.#calls[place] = whole
    else this.#calls = [...this.#calls.slice(1 - kept), whole]
  }

  /** The newest, or the newest of a caller or its key. */
  last(by?: { readonly arn: string | undefined; readonly key: string | undefined }): FailedCall | undefined {
    return this.#calls.findLast(
      ({ caller, accessKeyId }) =>
        by === undefined ||
        (caller !== undefined && caller === by.arn) ||
        (accessKeyId !== undefined && accessKeyId === by.key),
    )
  }

  /** Returns the call with this request id, or with one that begins so. */
  find(requestId: string): FailedCall | undefined {
    return this.#calls.find((call) => call.requestId !== undefined && isRequest(call.requestId, requestId))
  }

  forgetAll(): void {
    this.#calls = []
  }
}

/** Returns whether an id is a request's, or the first group of it, as narrow terminals show it (behaviour SHL-26). */
export function isRequest(whole: string, id: string): boolean {
  return whole === id || (id.length === shortRequestId && whole.startsWith(`${id}-`))
}

function short(call: FailedCall): FailedCall {
  const { accessKeyId } = call
  return accessKeyId === undefined ? call : { ...call, accessKeyId: accessKeyId.slice(0, longestText) }
}
