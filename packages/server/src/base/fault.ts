/** Why a call was refused, by a name of its own; the words are the reader's. */
export interface FaultReason {
  readonly kind: string
  readonly names: Readonly<Record<string, string>>
}

/**
 * An AWS error on its way to the wire. Code that refuses a call throws it, and `wire` turns it into the protocol's
 * bytes. It is not an `Error`: a refusal is an answer and needs no stack.
 */
export class Fault {
  /** AWS's error code as the query protocols write it, for example `NoSuchEntity`. */
  readonly code: string
  /** AWS's sentence; empty if AWS has none. */
  readonly message: string
  /** The HTTP status for errors without one in the model (common errors). The model's status takes precedence. */
  readonly status: number | undefined
  /** Further members of the error's shape, as the protocol writes them. */
  readonly members: Readonly<Record<string, unknown>>
  /** For `omen why`: the reason that the answer does not say. It is never sent. */
  readonly because: FaultReason | undefined

  constructor(
    code: string,
    message: string,
    status?: number,
    members: Readonly<Record<string, unknown>> = {},
    because?: FaultReason,
  ) {
    this.code = code
    this.message = message
    this.status = status
    this.members = members
    this.because = because
  }
}

/** Returns `new Fault(…)`, to be thrown. */
export function fault(
  code: string,
  message: string,
  status?: number,
  members?: Readonly<Record<string, unknown>>,
  because?: FaultReason,
): Fault {
  return new Fault(code, message, status, members, because)
}
