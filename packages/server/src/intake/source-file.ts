import { type JsonNode, Lines, parseJson } from '@omen-iam/policy'
import type { SourcePlace } from '../image/index.ts'
import { asShown, readTrees } from '../sources/index.ts'
import { intakeLimits } from './limits.ts'
import { IntakeProblem } from './problem.ts'

/** A file as it was read. */
export interface GivenFile {
  /** As it is to be shown. */
  readonly name: string
  readonly text: string
}

/** A file that has been parsed. */
export class SourceFile {
  readonly name: string
  readonly text: string
  /** The documents: one in JSON, one or several in YAML; none in CSV. */
  readonly roots: readonly JsonNode[]
  readonly #lines: Lines

  private constructor({ name, text }: GivenFile, roots: readonly JsonNode[]) {
    this.name = name
    this.text = text
    this.roots = roots
    this.#lines = new Lines(text)
  }

  /** @throws IntakeProblem if it is neither JSON nor YAML, or exceeds a limit */
  static parse(file: GivenFile): SourceFile {
    const { name, text } = file
    const at = (offset: number): SourcePlace => {
      const { line, column } = new Lines(text).position(Math.min(offset, text.length))
      return { file: name, line, column }
    }
    if (text.length > intakeLimits.fileBytes)
      throw new IntakeProblem(at(0), `the file is longer than ${intakeLimits.fileBytes} bytes`)
    if (isCsv(text)) return new SourceFile(file, [])
    const isJson = /^\s*[{[]/.test(text.slice(0, 1_000)) || name.endsWith('.json')
    const parsed = isJson ? parseJson(text, intakeLimits.depth) : readTrees(text)
    // a flow collection of YAML begins as JSON does
    const read = isJson && !name.endsWith('.json') && isProblem(parsed) ? readTrees(text) : parsed
    if (isProblem(read)) throw new IntakeProblem(at(read.start), read.message)
    return new SourceFile(file, ('type' in read ? [read] : read).map(asShown))
  }

  /** Where a value is written. */
  place(node: { readonly start: number }): SourcePlace {
    const { line, column } = this.#lines.position(node.start)
    return { file: this.name, line, column }
  }

  /** @throws IntakeProblem at a value */
  refuse(node: { readonly start: number }, reason: string): never {
    throw new IntakeProblem(this.place(node), reason)
  }
}

/** Returns whether a text is IAM's credential report. */
export function isCsv(text: string): boolean {
  return text.startsWith('user,arn,user_creation_time,')
}

function isProblem(
  read: JsonNode | readonly JsonNode[] | { readonly type: 'problem' },
): read is Extract<ReturnType<typeof parseJson>, { type: 'problem' }> {
  return 'type' in read && read.type === 'problem'
}
