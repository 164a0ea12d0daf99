/** A place in a policy document: `offset` counts UTF-16 units from 0, `line` and `column` count from 1. */
export interface Position {
  readonly offset: number
  readonly line: number
  readonly column: number
}

/** The stretch of text that an element, a statement or a value occupies; `end` lies just behind it. */
export interface Span {
  readonly start: Position
  readonly end: Position
}
