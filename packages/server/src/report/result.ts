/** A range in a text file. Lines and columns count from 1; a column is a UTF-16 code unit; the end is exclusive. */
export interface Place {
  /** The path as the user gave it; `-` is standard input. */
  readonly file: string
  readonly startLine: number
  readonly startColumn: number
  readonly endLine: number
  readonly endColumn: number
}

export type Level = 'error' | 'warning' | 'note'

/** A result about a place in a file. */
export interface Result {
  /** The rule's id, for example `trust-policy-allows-anyone`. */
  readonly rule: string
  readonly level: Level
  readonly message: string
  /** Absent if the result concerns no file. */
  readonly place?: Place
  /** Further places that explain the result. */
  readonly related?: readonly { readonly place: Place; readonly message: string }[]
  /** Text that identifies the result when lines move. If absent, the reader computes its own. */
  readonly fingerprint?: string
  /** The reason why the result is ignored. If absent, it counts. */
  readonly suppressed?: string
  /** Values for programs, kept as they are. */
  readonly properties?: Readonly<Record<string, unknown>>
}

/** The tool that reports. */
export interface Tool {
  /** For example `omen policy lint`. */
  readonly name: string
  readonly version: string
  /** Descriptions of rules by their ids. */
  readonly rules?: Readonly<Record<string, string>>
  /** Why the tool could not do its work. */
  readonly failure?: string
}

/** One executed test. */
export interface TestOutcome {
  readonly name: string
  /** The group of the test: the case file. */
  readonly suite: string
  /** `error`: the test could not be run. */
  readonly status: 'passed' | 'failed' | 'error'
  /** One line: what was expected and what happened. Empty if the test passed. */
  readonly message?: string
  /** Further lines for people. */
  readonly details?: readonly string[]
  /** The place of the test. */
  readonly place?: Place
}
