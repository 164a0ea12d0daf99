import { guessKind, type JsonNode, Lines, type PolicyKind } from '@omen-iam/policy'
import { embeddedJson } from './embedded.ts'
import { LimitReached, limits } from './limits.ts'
import { isPolicyDocument } from './nodes.ts'
import { print, type UnknownTexts } from './print.ts'
import type { PolicyOwner, SourceForm, SourceOptions, WrittenPolicy } from './source.ts'

/** The known facts about a document at the place where it is found. */
export interface Found {
  readonly owner?: PolicyOwner
  readonly property: string
  /** Absent if the place does not determine it. */
  readonly kind?: PolicyKind | undefined
  readonly attachedTo?: readonly string[]
  readonly isAwsManaged?: boolean
  /** Whether it counts as a policy whatever it contains. */
  readonly isCertain?: boolean
}

/** Collects the policies of one file. */
export class Collector {
  readonly policies: WrittenPolicy[] = []
  readonly #text: string
  readonly #form: SourceForm
  readonly #options: SourceOptions
  readonly #lines: Lines
  readonly #seen = new Set<JsonNode>()

  constructor(text: string, form: SourceForm, options: SourceOptions) {
    this.#text = text
    this.#form = form
    this.#options = options
    this.#lines = new Lines(text)
  }

  /**
   * Adds a document, or the one that a string contains in JSON. A value that is not a policy is skipped, unless the
   * place is for policies only: then its mistakes are findings.
   */
  add(node: JsonNode | undefined, found: Found, unknown: UnknownTexts = none): boolean {
    const document = node?.type === 'string' ? embeddedJson(node, this.#text) : node
    if (node === undefined || document === undefined || this.#seen.has(node)) return false
    const isCertain = found.kind !== undefined || found.isCertain === true
    if (isCertain ? document.type !== 'object' : !isPolicyDocument(document)) return false
    if (this.policies.length >= limits.policies)
      throw new LimitReached(`The file has more than ${limits.policies} policies.`)
    this.#seen.add(node)
    const printed = print(document, this.#lines, unknown)
    const kind = found.kind ?? this.#options.kind
    this.policies.push({
      file: this.#options.file,
      form: this.#form,
      ...(found.owner === undefined ? {} : { owner: found.owner }),
      property: found.property,
      kind: kind ?? guessKind(printed.text),
      isKindGuessed: kind === undefined,
      attachedTo: found.attachedTo ?? [],
      isAwsManaged: found.isAwsManaged ?? false,
      ...printed,
    })
    return true
  }
}

const none: UnknownTexts = new Map()
