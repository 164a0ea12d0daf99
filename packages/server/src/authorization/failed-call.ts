import type { Fault } from '../base/index.ts'

/** How many are kept. Anybody can fail: they are few, and their texts short. */
const kept = 100
const longestText = 256

/** A call that ended before any policy was asked about it. */
export interface FailedCall {
  /** Milliseconds since 1970. */
  readonly time: number
  readonly requestId?: string
  /** The service's signing name. */
  readonly service: string
  readonly operation: string
  readonly fault: Fault
  /** What was wrong with the signature: the kind of problem. Absent: the signature was right. */
  readonly problem?: string
  /** The key that the call names; whether it is one of this house's is what the problem says. */
  readonly accessKeyId?: string
  /** The ARN of who signed, if that is proven, or whose key was named. */
  readonly caller?: string
  readonly sourceIp?: string
}

/** The latest calls that failed before any decision, in memory: for those who ask at once why. */
export class FailedCalls {
  #calls: FailedCall[] = []

  /** Keeps one; a fault that is known already gets what is new, such as the request's id. */
  note(call: FailedCall): void {
    const known = this.#calls.findIndex(({ fault }) => fault === call.fault)
    const before = known === -1 ? undefined : this.#calls[known]
    const whole = { ...short(call), ...before, ...(call.requestId && { requestId: call.requestId }) }
    if (known !== -1) this.#calls[known] = whole
    else this.#calls = [...this.#calls.slice(1 - kept), whole]
  }

  /** The newest. */
  last(): FailedCall | undefined {
    return this.#calls.at(-1)
  }

  /** The call with this request id. */
  find(requestId: string): FailedCall | undefined {
    return this.#calls.find((call) => call.requestId === requestId)
  }

  forgetAll(): void {
    this.#calls = []
  }
}

function short(call: FailedCall): FailedCall {
  const { accessKeyId } = call
  return accessKeyId === undefined ? call : { ...call, accessKeyId: accessKeyId.slice(0, longestText) }
}
