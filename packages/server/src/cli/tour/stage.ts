/** A character of the tour: the displayed name, and the environment of its AWS CLI. */
export interface Actor {
  readonly name: string
  readonly environment: Readonly<Record<string, string>>
}

/** How a refused call ended. */
export interface Refusal {
  readonly code: string
  readonly message: string
}

/** Where the story is played: a terminal for people, a test for machines. Both run the real AWS CLI. */
export interface Stage {
  readonly endpoint: string
  /** The first account's number. */
  readonly account: string
  readonly admin: Actor
  /**
   * Runs `aws …` as a character and returns its JSON answer (null if it has none). Fails if the call is refused. A
   * part of the command may be several words; a policy document is one.
   */
  does(who: Actor, ...command: string[]): Promise<unknown>
  /** Runs `aws …` as a character and returns the refusal. Fails if the call succeeds. */
  refused(who: Actor, ...command: string[]): Promise<Refusal>
  /** Checks a fact; the tour fails if it is wrong. */
  check(fact: string, holds: boolean): void
  /** A character with these keys. */
  actor(name: string, keys: Keys): Actor
  /** A program on the instance, which wears the instance's role and has no key of its own. */
  onInstance(instanceId: string): Promise<Actor>
}

export interface Keys {
  readonly AccessKeyId: string
  readonly SecretAccessKey: string
  readonly SessionToken?: string
}

/** The value at a path of an answer, as JSON.parse returns it; undefined if the path ends early. */
export function at(answer: unknown, ...path: readonly (string | number)[]): unknown {
  let value = answer
  for (const step of path) {
    if (typeof value !== 'object' || value === null) return undefined
    value = (value as Readonly<Record<string | number, unknown>>)[step] // an object, by the line above
  }
  return value
}

/** The text at a path of an answer; empty if there is none. */
export function textAt(answer: unknown, ...path: readonly (string | number)[]): string {
  const value = at(answer, ...path)
  return typeof value === 'string' ? value : ''
}

/** The credentials at `Credentials` or `AccessKey` of an answer. */
export function keysIn(answer: unknown): Keys {
  const from = at(answer, 'Credentials') === undefined ? 'AccessKey' : 'Credentials'
  const keys = {
    AccessKeyId: textAt(answer, from, 'AccessKeyId'),
    SecretAccessKey: textAt(answer, from, 'SecretAccessKey'),
  }
  const token = textAt(answer, from, 'SessionToken')
  return token === '' ? keys : { ...keys, SessionToken: token }
}
