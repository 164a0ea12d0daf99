import { Fault, perObject } from '../../base/index.ts'
import { type Member, type ServiceModel, type StructureShape, shapeNamed } from '../../model/index.ts'
import { limits } from '../limits.ts'
import { scalarReader } from '../scalar.ts'
import { decodeUtf8 } from '../text.ts'
import { parseXml, type XmlElement } from './parse.ts'

type Reader = (element: XmlElement) => unknown

/** The readers shared by all operations of a service. */
export const xmlReaders = perObject((service: ServiceModel) => new XmlReaders(service))

/** Returns the root element of a body. @throws Fault if it is not XML */
export function readXmlBody(body: Uint8Array): XmlElement {
  const text = body.length <= limits.restBytes ? decodeUtf8(body) : undefined
  const root = text === undefined ? undefined : parseXml(text)
  if (!root) throw malformed()
  return root
}

/** Compiles the shapes of a service to functions that read XML elements; each structure once. */
class XmlReaders {
  readonly #service: ServiceModel
  readonly #structures = new Map<StructureShape, (element: XmlElement) => Record<string, unknown>>()

  constructor(service: ServiceModel) {
    this.#service = service
  }

  /** Returns the reader of a structure's members in the body; unknown elements are skipped. */
  structure(shape: StructureShape): (element: XmlElement) => Record<string, unknown> {
    const known = this.#structures.get(shape)
    if (known) return known
    let members: readonly ((element: XmlElement, structure: Record<string, unknown>) => void)[] | undefined
    const read = (element: XmlElement): Record<string, unknown> => {
      members ??= Object.entries(shape.members)
        .filter(([, member]) => member.location === undefined)
        .map(([name, member]) => this.#member(name, member))
      const structure: Record<string, unknown> = {}
      for (const readMember of members) readMember(element, structure)
      return structure
    }
    this.#structures.set(shape, read)
    return read
  }

  #member(name: string, member: Member): (element: XmlElement, structure: Record<string, unknown>) => void {
    const shape = shapeNamed(this.#service, member.shape)
    const flattened = member.flattened || ('flattened' in shape && shape.flattened)
    const tag = member.locationName ?? name
    if (member.xmlAttribute) {
      return (element, structure) => {
        const value = element.attributes[tag]
        if (value !== undefined) structure[name] = value
      }
    }
    if (flattened && (shape.type === 'list' || shape.type === 'map')) {
      const itemTag = shape.type === 'list' ? (shape.member.locationName ?? tag) : tag
      const read = shape.type === 'list' ? this.#content(shape.member) : this.#entry(shape.key, shape.value)
      return (element, structure) => {
        const items = element.children.filter((child) => localName(child) === itemTag).map(read)
        if (items.length === 0) return
        structure[name] = shape.type === 'list' ? items : Object.fromEntries(items as [string, unknown][]) // entries
      }
    }
    const read = this.#content(member)
    return (element, structure) => {
      const child = element.children.find((candidate) => localName(candidate) === tag)
      if (child) structure[name] = read(child)
    }
  }

  #content(member: Member): Reader {
    const shape = shapeNamed(this.#service, member.shape)
    switch (shape.type) {
      case 'structure':
        return this.structure(shape)
      case 'list': {
        const read = this.#content(shape.member)
        const tag = shape.member.locationName ?? 'member'
        return (element) => element.children.filter((child) => localName(child) === tag).map(read)
      }
      case 'map': {
        const read = this.#entry(shape.key, shape.value)
        return (element) => Object.fromEntries(element.children.map(read))
      }
      case 'document':
        throw malformed()
      default: {
        const read = scalarReader(shape.type)
        return (element) => {
          const value = element.children.length > 0 ? undefined : read(element.text)
          if (value === undefined) throw malformed()
          return value
        }
      }
    }
  }

  #entry(key: Member, value: Member): (element: XmlElement) => [string, unknown] {
    const [keyTag, valueTag] = [key.locationName ?? 'key', value.locationName ?? 'value']
    const read = this.#content(value)
    return (element) => {
      const keyElement = element.children.find((child) => localName(child) === keyTag)
      const valueElement = element.children.find((child) => localName(child) === valueTag)
      if (!keyElement || !valueElement) throw malformed()
      return [keyElement.text, read(valueElement)]
    }
  }
}

function localName(element: XmlElement): string {
  return element.name.slice(element.name.indexOf(':') + 1)
}

function malformed(): Fault {
  return new Fault(
    'MalformedXML',
    'The XML you provided was not well-formed or did not validate against our published schema',
    400,
  )
}
