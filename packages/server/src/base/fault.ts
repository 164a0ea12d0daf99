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

  constructor(
    code: string,
    message: string,
    status?: number,
    members: Readonly<Record<string, unknown>> = {},
  ) {
    this.code = code
    this.message = message
    this.status = status
    this.members = members
  }
}

/** Returns `new Fault(…)`, to be thrown. */
export function fault(
  code: string,
  message: string,
  status?: number,
  members?: Readonly<Record<string, unknown>>,
): Fault {
  return new Fault(code, message, status, members)
}
