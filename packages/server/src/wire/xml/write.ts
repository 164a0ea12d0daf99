import { assert, writtenOf } from '../../base/index.ts'
import { type Member, type ServiceModel, type StructureShape, shapeNamed } from '../../model/index.ts'
import { encodeBase64, inOnePiece } from '../text.ts'
import { type TimestampFormat, timestampWriter } from '../timestamp.ts'
import { escapeXml } from './escape.ts'

/** Writes a value as the content of an element, without the element itself. */
export type ContentWriter = (value: unknown) => string

/** Writes a value with its element, or its list of elements. */
type ElementWriter = (value: unknown) => string

interface WrittenMember {
  readonly name: string
  readonly write: ElementWriter
}

/** Compiles the shapes of a service to functions that write XML; each shape once. */
export class XmlWriters {
  readonly #service: ServiceModel
  readonly #timestamps: TimestampFormat
  readonly #structures = new Map<StructureShape, ContentWriter>()

  constructor(service: ServiceModel, timestamps: TimestampFormat) {
    this.#service = service
    this.#timestamps = timestamps
  }

  /** Returns the writer of a structure's members. */
  structure(shape: StructureShape): ContentWriter {
    const known = this.#structures.get(shape)
    if (known) return known
    const members = once(() => this.#members(shape))
    const write: ContentWriter = (value) => {
      const structure = value as Readonly<Record<string, unknown>> // the output's type, checked where it was made
      const written = writtenOf(structure)
      if (written === undefined) return contentOf(structure, members())
      if (written.by !== write) {
        written.text = inOnePiece(contentOf(structure, members()))
        written.by = write
      }
      return written.text
    }
    this.#structures.set(shape, write)
    return write
  }

  #members(shape: StructureShape): readonly WrittenMember[] {
    return Object.entries(shape.members)
      .filter(([, member]) => member.location === undefined)
      .map(([name, member]) => ({ name, write: this.#member(name, member) }))
  }

  #member(name: string, member: Member): ElementWriter {
    assert(!member.xmlAttribute, `${name}: attributes are not written; no API served here answers with one`)
    const shape = shapeNamed(this.#service, member.shape)
    const tag = member.locationName ?? name
    const flattened = member.flattened || ('flattened' in shape && shape.flattened)
    if (shape.type === 'list' && flattened) {
      const item = inElement(shape.member.locationName ?? tag, this.#content(shape.member))
      return (value) => concatenate(value as readonly unknown[], item) // a list by its shape
    }
    if (shape.type === 'map' && flattened) return this.#entries(tag, shape.key, shape.value)
    return inElement(tag, this.#content(member))
  }

  #content(member: Member): ContentWriter {
    const shape = shapeNamed(this.#service, member.shape)
    switch (shape.type) {
      case 'structure':
        return this.structure(shape)
      case 'list': {
        const item = inElement(shape.member.locationName ?? 'member', this.#content(shape.member))
        return (value) => concatenate(value as readonly unknown[], item) // a list by its shape
      }
      case 'map':
        return this.#entries('entry', shape.key, shape.value)
      case 'string':
        return (value) => escapeXml(value as string) // a string by its shape
      case 'blob':
        return (value) => encodeBase64(value as Uint8Array) // bytes by its shape
      case 'timestamp': {
        const format = member.timestampFormat ?? shape.timestampFormat ?? this.#timestamps
        const write = timestampWriter(member.milliseconds ? 'isoMillis' : format)
        return (value) => write(value as number) // milliseconds by its shape
      }
      case 'document':
        return (value) => escapeXml(JSON.stringify(value))
      default:
        return String
    }
  }

  #entries(tag: string, key: Member, value: Member): ContentWriter {
    const writeKey = inElement(key.locationName ?? 'key', this.#content(key))
    const writeValue = inElement(value.locationName ?? 'value', this.#content(value))
    return (value) => {
      const map = value as Readonly<Record<string, unknown>> // a map by its shape
      let xml = ''
      for (const [name, content] of Object.entries(map)) {
        if (content !== undefined) xml += `<${tag}>${writeKey(name)}${writeValue(content)}</${tag}>`
      }
      return xml
    }
  }
}

/** Wraps content in an element; an element without content is written `<tag/>`, as AWS does. */
export function inElement(tag: string, content: ContentWriter): ElementWriter {
  const [open, close, empty] = [`<${tag}>`, `</${tag}>`, `<${tag}/>`]
  return (value) => {
    const xml = content(value)
    return xml === '' ? empty : open + xml + close
  }
}

function contentOf(structure: Readonly<Record<string, unknown>>, members: readonly WrittenMember[]): string {
  let xml = ''
  for (const { name, write } of members) {
    const content = structure[name]
    if (content !== undefined && content !== null) xml += write(content)
  }
  return xml
}

/** Members are compiled when they are first written: a shape may contain itself. */
function once<T>(make: () => T): () => T {
  let made: T | undefined
  return () => {
    made ??= make()
    return made
  }
}

function concatenate(values: readonly unknown[], item: ElementWriter): string {
  let xml = ''
  for (const value of values) xml += item(value)
  return xml
}
