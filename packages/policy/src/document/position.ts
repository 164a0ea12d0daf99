/** A place in a policy document: `offset` counts UTF-16 units from 0, `line` and `column` count from 1. */
export interface Position {
  readonly offset: number
  readonly line: number
  readonly column: number
}

/** The range of text of an element, a statement or a value. `end` is exclusive. */
export interface Span {
  readonly start: Position
  readonly end: Position
}
