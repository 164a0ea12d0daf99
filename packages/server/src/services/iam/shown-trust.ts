/** The members of a trust policy. */
interface TrustDocument {
  readonly Version?: unknown
  readonly Statement: Statement | readonly Statement[]
}

interface Statement {
  readonly Sid?: unknown
  readonly Effect?: unknown
  readonly Principal?: Readonly<Record<string, unknown>>
  readonly Action?: unknown
}

/** The version of a policy without one. */
const oldestVersion = '2008-10-17'

/**
 * Returns a trust policy in the form in which IAM stores it: with a version, its statements in a list, their members
 * in IAM's order, and a list of one element as that element (behaviour IAM-106). A document that IAM would refuse, which
 * only an import can bring, is returned as it is.
 */
export function rewrittenTrust(text: string): string {
  try {
    const { Version = oldestVersion, Statement, ...rest } = JSON.parse(text) as TrustDocument // what differs throws
    const statements = Array.isArray(Statement) ? Statement : [Statement]
    return JSON.stringify({ Version, ...rest, Statement: statements.map(rewritten) })
  } catch {
    return text
  }
}

function rewritten({ Sid, Effect, Principal = {}, Action, ...rest }: Statement) {
  return {
    ...(Sid === undefined ? {} : { Sid }),
    Effect,
    Principal:
      typeof Principal === 'object'
        ? Object.fromEntries(Object.entries(Principal).map(([type, names]) => [type, alone(names)]))
        : Principal,
    Action: alone(Action),
    ...rest,
  }
}

function alone(value: unknown): unknown {
  return Array.isArray(value) && value.length === 1 ? value[0] : value
}
