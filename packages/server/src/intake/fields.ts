import type { JsonNode } from '@omen-iam/policy'
import type { Tag } from '../directory/index.ts'
import type { SourcePlace } from '../image/index.ts'
import { plainValue } from '../shape/index.ts'
import { itemsOf, member, textOf } from '../sources/index.ts'
import { intakeLimits } from './limits.ts'
import { IntakeProblem } from './problem.ts'
import type { SourceFile } from './source-file.ts'

/** The members of one object of an answer, each checked as it is read. Errors are IntakeProblems at the member. */
export class Fields {
  readonly file: SourceFile
  readonly node: JsonNode

  constructor(file: SourceFile, node: JsonNode) {
    this.file = file
    this.node = node
  }

  get at(): SourcePlace {
    return this.file.place(this.node)
  }

  /** Returns a problem of the object. */
  problem(reason: string): IntakeProblem {
    return new IntakeProblem(this.at, reason)
  }

  /** @throws IntakeProblem */
  refuse(reason: string): never {
    throw this.problem(reason)
  }

  has(name: string): boolean {
    return member(this.node, name) !== undefined
  }

  /** A member that is an object; an empty one if absent. */
  inner(name: string): Fields {
    const node = member(this.node, name)
    return new Fields(
      this.file,
      node ?? { type: 'object', members: [], start: this.node.start, end: this.node.end },
    )
  }

  /** The objects of a list; none if absent. */
  objects(name: string, most: number = intakeLimits.things): readonly Fields[] {
    return this.items(name, most).map((item) => {
      if (item.type !== 'object') this.file.refuse(item, `${name} must contain objects`)
      return new Fields(this.file, item)
    })
  }

  /** The first object of a list, if there is one: answers are recognized by it. */
  objectsIfAny(name: string): readonly Fields[] {
    const node = member(this.node, name)
    return itemsOf(node)
      .slice(0, 1)
      .filter((item) => item.type === 'object')
      .map((item) => new Fields(this.file, item))
  }

  /** The texts of a list; none if absent. */
  texts(name: string, most: number = intakeLimits.parts): readonly string[] {
    return this.items(name, most).map((item) => this.#text(name, item, intakeLimits.text))
  }

  items(name: string, most: number): readonly JsonNode[] {
    const node = member(this.node, name)
    if (node === undefined || isNull(node)) return []
    if (node.type !== 'list') this.file.refuse(node, `${name} must be a list`)
    if (node.items.length > most) this.file.refuse(node, `${name} has more than ${most} entries`)
    return itemsOf(node)
  }

  /** A text. @throws IntakeProblem if it is absent */
  needs(name: string, form?: RegExp): string {
    const value = this.text(name, form)
    return value ?? this.file.refuse(this.node, `${name} is missing`)
  }

  /** A text; undefined if absent. */
  text(name: string, form?: RegExp, longest: number = intakeLimits.text): string | undefined {
    const node = member(this.node, name)
    if (node === undefined || isNull(node)) return undefined
    const value = this.#text(name, node, longest)
    if (form?.test(value) === false)
      this.file.refuse(
        node,
        `${name} ${JSON.stringify(value.slice(0, 200))} does not have the form that AWS gives it`,
      )
    return value
  }

  #text(name: string, node: JsonNode, longest: number): string {
    const value = node.type === 'scalar' && typeof node.value === 'number' ? node.raw : textOf(node)
    if (value === undefined) this.file.refuse(node, `${name} must be a text`)
    if (value.length > longest) this.file.refuse(node, `${name} is longer than ${longest} characters`)
    return apart(value)
  }

  flag(name: string): boolean | undefined {
    const node = member(this.node, name)
    if (node === undefined || isNull(node)) return undefined
    if (node.type === 'scalar' && typeof node.value === 'boolean') return node.value
    return this.file.refuse(node, `${name} must be true or false`)
  }

  number(name: string): number | undefined {
    const text = this.text(name)
    if (text === undefined) return undefined
    const value = Number(text)
    return Number.isSafeInteger(value) && value >= 0
      ? value
      : this.file.refuse(member(this.node, name) ?? this.node, `${name} must be a whole number`)
  }

  /** Milliseconds of Unix time, of a date in ISO 8601 or of seconds; undefined if absent. */
  instant(name: string): number | undefined {
    const text = this.text(name)
    if (text === undefined) return undefined
    const instant = /^-?\d+(?:\.\d+)?$/.test(text) ? Math.round(Number(text) * 1000) : Date.parse(text)
    return Number.isFinite(instant)
      ? instant
      : this.file.refuse(member(this.node, name) ?? this.node, `${name} must be a date`)
  }

  /** A policy document as compact JSON: the answer has it as an object, as JSON or percent-encoded. */
  document(name: string): string | undefined {
    const node = member(this.node, name)
    if (node === undefined || isNull(node)) return undefined
    const text = documentText(node)
    if (text === undefined) return this.file.refuse(node, `${name} must be a policy document`)
    if (text.length > intakeLimits.documentCharacters)
      this.file.refuse(node, `${name} is longer than ${intakeLimits.documentCharacters} characters`)
    return text
  }

  needsDocument(name: string): string {
    return this.document(name) ?? this.file.refuse(this.node, `${name} is missing`)
  }

  /** Tags; undefined if absent. */
  tags(name = 'Tags'): readonly Tag[] | undefined {
    if (!this.has(name)) return undefined
    return this.objects(name, intakeLimits.parts).map((tag) => ({
      Key: tag.needs('Key'),
      Value: tag.text('Value') ?? '',
    }))
  }
}

/** A document as compact JSON; undefined if the value is no object and no text that could be one. */
export function documentText(node: JsonNode): string | undefined {
  if (node.type === 'object') return JSON.stringify(plainValue(node))
  const text = textOf(node)?.trim()
  if (text === undefined) return undefined
  try {
    // without white space: one answer has a document as text, and another as an object
    const value: unknown = JSON.parse(/^%7B/i.test(text) ? decodeURIComponent(text) : text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? JSON.stringify(value)
      : undefined
  } catch {
    return undefined
  }
}

/** Characters from which an engine keeps a part of a text as a reference to the whole. */
const sliceLength = 13

/** The same text, which does not keep the file that it is a part of in memory. */
function apart(text: string): string {
  return text.length < sliceLength ? text : (JSON.parse(JSON.stringify(text)) as string) // a text again
}

function isNull(node: JsonNode): boolean {
  return node.type === 'scalar' && node.value === null
}
