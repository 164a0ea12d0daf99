/**
 * An AWS error on its way to the wire. It is thrown by whatever refuses a call and turned into the
 * protocol's bytes by `wire`; it is not an `Error`, because a refusal is an answer and needs no stack.
 */
export class Fault {
  /** AWS's code as the query protocols write it, for example `NoSuchEntity`. */
  readonly code: string
  /** AWS's own sentence; empty where AWS says none. */
  readonly message: string
  /** HTTP status, where the model does not say (common errors); the model's own status wins. */
  readonly status: number | undefined
  /** More members of the error's shape, as the protocol writes them. */
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

/** Shorthand for `new Fault(…)`, to be thrown. */
export function fault(
  code: string,
  message: string,
  status?: number,
  members?: Readonly<Record<string, unknown>>,
): Fault {
  return new Fault(code, message, status, members)
}
