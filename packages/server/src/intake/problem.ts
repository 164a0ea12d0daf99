import type { SourcePlace } from '../image/index.ts'

/** A source cannot be taken: the message is one line for people, with file, line, column and reason. Nothing was taken. */
export class IntakeProblem extends Error {
  override readonly name = 'IntakeProblem'
  readonly at: SourcePlace
  readonly reason: string

  constructor(at: SourcePlace, reason: string) {
    super(`${placeText(at)}: ${reason}`)
    this.at = at
    this.reason = reason
  }
}

/** `file:line:column`. */
export function placeText({ file, line, column }: SourcePlace): string {
  return `${file}:${line}:${column}`
}
