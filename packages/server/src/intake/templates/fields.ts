import type { JsonNode } from '@omen-iam/policy'
import type { Tag } from '../../directory/index.ts'
import type { InlinePolicyImage, SourcePlace } from '../../image/index.ts'
import { itemsOf, member, type Text } from '../../sources/index.ts'
import type { Home, ImageBuilder } from './builder.ts'
import { knownDocument, type UnknownIn } from './documents.ts'

/** A resource of a template or a plan, as the makers of images read it. */
export interface Declared {
  readonly home: Home
  readonly file: string
  readonly source: string
  /** `AWS::IAM::Role`, `aws_iam_role`. */
  readonly type: string
  /** The logical id, or the address. */
  readonly id: string
  readonly node: JsonNode
  readonly properties: JsonNode
  text(node: JsonNode | undefined): Text
  unknownIn: UnknownIn
  /** Whether a document without its unknown statements, or a role without its trust policy, is not to be taken. */
  readonly isExact: boolean
  at(node: JsonNode): SourcePlace
}

/** A resource cannot be taken: one sentence. Caught where the resource is read. */
export class NotTakeable extends Error {
  override readonly name = 'NotTakeable'
}

/** Reads the properties of one resource; an unknown value is refused or noted, never guessed. */
export class Fields {
  readonly declared: Declared
  readonly #builder: ImageBuilder

  constructor(declared: Declared, builder: ImageBuilder) {
    this.declared = declared
    this.#builder = builder
  }

  get at(): SourcePlace {
    return this.declared.at(this.declared.node)
  }

  node(name: string): JsonNode | undefined {
    const value = member(this.declared.properties, name)
    return value !== undefined && isNull(value) ? undefined : value
  }

  /** A string; undefined if it is absent or unknown. */
  known(name: string): string | undefined {
    const node = this.node(name)
    if (node === undefined || this.declared.unknownIn(node) !== undefined) return undefined
    return node.type === 'string' ? node.value : undefined
  }

  /** A string; absent if the property is absent. @throws NotTakeable if it is unknown */
  optional(name: string): string | undefined {
    return this.textOf(this.node(name), name)
  }

  /** @throws NotTakeable if it is absent or unknown */
  text(name: string): string {
    return this.optional(name) ?? fail(`it has no ${name}`)
  }

  textOf(node: JsonNode | undefined, name: string): string | undefined {
    if (node === undefined) return undefined
    const { value, dependsOn } = this.declared.text(node)
    return dependsOn === undefined ? value : fail(`${name} depends on ${dependsOn}`)
  }

  /** The texts of a list that are known; the others are noted. An item that is null is none. */
  texts(name: string): readonly string[] | undefined {
    const node = this.node(name)
    if (node === undefined) return undefined
    if (node.type !== 'list') {
      this.note(node, `${name} depends on ${this.declared.unknownIn(node) ?? 'a value that is no list'}`)
      return []
    }
    return this.textsOf(itemsOf(node), name)
  }

  textsOf(nodes: readonly JsonNode[], name: string): readonly string[] {
    return nodes.flatMap((node) => {
      if (isNull(node)) return []
      const { value, dependsOn } = this.declared.text(node)
      if (dependsOn === undefined) return [value]
      this.note(node, `an item of ${name} depends on ${dependsOn}`)
      return []
    })
  }

  number(name: string): number | undefined {
    const text = this.optional(name)
    return text === undefined || !/^\d+$/.test(text) ? undefined : Number(text)
  }

  /** Tags as a list of `Key` and `Value`. */
  tags(name = 'Tags'): readonly Tag[] | undefined {
    const node = this.node(name)
    if (node === undefined) return undefined
    // what is not known is noted
    if (node.type !== 'list') this.texts(name)
    return itemsOf(node).flatMap((item) => {
      if (item.type !== 'object') this.textsOf([item], name)
      const [Key, Value] = this.textsOf(
        [member(item, 'Key'), member(item, 'Value')].filter((each) => each !== undefined),
        'a tag',
      )
      return Key === undefined || Value === undefined ? [] : [{ Key, Value }]
    })
  }

  /** A policy document. @throws NotTakeable if it is unknown */
  document(node: JsonNode | undefined, name: string, isTrust = false): string {
    const read = this.#known(node, isTrust)
    if (typeof read === 'string') return fail(`${name}: ${read}`)
    for (const { node: each, reason, isDeny } of read.left)
      if (isDeny) this.note(each, `${name} is taken without a Deny that depends on ${reason}`, 'unknown-deny')
      else this.note(each, `${name} is taken without what depends on ${reason}`)
    const places = read.statements.map((each) => this.declared.at(each))
    // a trust policy has the place of its role
    for (const at of [this.at, ...(node === undefined ? [] : [this.declared.at(node)])])
      this.#builder.notePlaces(at, read.document, places)
    return read.document
  }

  /** An inline policy; undefined and noted if its document is absent or unknown. An unknown part of a Deny refuses all. */
  inline(name: string, document: JsonNode | undefined): InlinePolicyImage | undefined {
    const read = this.#known(document)
    const at = document ?? this.declared.node
    if (typeof read !== 'string')
      return { name, document: this.document(document, name), at: this.declared.at(at) }
    if (!this.declared.isExact || read.startsWith('all of its statements')) {
      this.note(at, `${name} is not taken: ${read}`)
      return undefined
    }
    return fail(`${name}: ${read}`)
  }

  /** A document, or undefined and noted where it is not known and something is to be taken without it. */
  documentOrNote(node: JsonNode | undefined, name: string, isTrust = false): string | undefined {
    const read = this.#known(node, isTrust)
    if (this.declared.isExact || typeof read !== 'string') return this.document(node, name, isTrust)
    this.note(node ?? this.declared.node, `${name}: ${read}`)
    return undefined
  }

  /** The texts of a list, or the one text. @throws NotTakeable if it is absent or unknown */
  each(name: string): readonly string[] {
    const node = this.node(name)
    return node?.type === 'list' ? this.textsOf(itemsOf(node), name) : [this.text(name)]
  }

  #known(node: JsonNode | undefined, isTrust = false) {
    const { unknownIn, source, isExact } = this.declared
    return knownDocument(node, unknownIn, source, isExact, isTrust)
  }

  /** Notes what is taken without a part that is not known, or in another form. */
  note(node: JsonNode, message: string, code = 'unknown-value'): void {
    const { home, type, id } = this.declared
    const at = this.declared.at(node)
    this.#builder.find({
      at,
      account: home.account,
      code,
      message: `${type} ${id}: ${message}.`,
    })
  }
}

function isNull(node: JsonNode): boolean {
  return node.type === 'scalar' && node.value === null
}

function fail(reason: string): never {
  throw new NotTakeable(reason)
}
