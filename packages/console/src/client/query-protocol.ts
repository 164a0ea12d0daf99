/**
 * The form of a query call: `{Tags: [{Key: 'a'}]}` becomes `Tags.member.1.Key=a`, at EC2 `Tag.1.Key=a` (there the caller
 * names members as the wire does). Absent members are left out.
 */
export function formOf(input: Readonly<Record<string, unknown>>, style: 'query' | 'ec2'): string {
  const form = new URLSearchParams()
  const add = (name: string, value: unknown): void => {
    if (value === undefined || value === null) return
    if (Array.isArray(value)) {
      const prefix = style === 'ec2' ? name : `${name}.member`
      for (const [index, item] of value.entries()) add(`${prefix}.${index + 1}`, item)
      if (value.length === 0 && style === 'query') form.append(name, '')
    } else if (typeof value === 'object') {
      for (const [member, inner] of Object.entries(value)) add(`${name}.${member}`, inner)
    } else form.append(name, String(value))
  }
  for (const [name, value] of Object.entries(input)) add(name, value)
  return form.toString()
}

/** An element of an XML answer. Absent elements read as empty, so that a page never fails for want of a member. */
export class XmlValue {
  readonly #element: Element | undefined
  #children: ReadonlyMap<string, Element> | undefined
  constructor(element: Element | undefined) {
    this.#element = element
  }

  get exists(): boolean {
    return this.#element !== undefined
  }

  /** The child of this name. */
  child(name: string): XmlValue {
    this.#children ??= childrenOf(this.#element)
    return new XmlValue(this.#children.get(name))
  }

  /** The first element of this name at any depth. */
  find(name: string): XmlValue {
    return new XmlValue(this.#element?.getElementsByTagNameNS('*', name)[0])
  }

  /** The text of the child of this name; empty if absent. */
  text(name: string): string {
    return this.child(name).own
  }

  /** The text of the child of this name; undefined if absent. */
  optional(name: string): string | undefined {
    const child = this.child(name)
    return child.exists ? child.own : undefined
  }

  /** Its own text. */
  get own(): string {
    return this.#element?.textContent ?? ''
  }

  /** The items of the list of this name. */
  list(name: string): readonly XmlValue[] {
    return this.child(name).items
  }

  /** The elements in it. */
  get items(): readonly XmlValue[] {
    return [...(this.#element?.children ?? [])].map((child) => new XmlValue(child))
  }

  /** Key, Value pairs of the list of this name. */
  tags(name = 'Tags'): readonly Tag[] {
    return this.list(name).map((tag) => ({
      key: tag.text('Key') || tag.text('key'),
      value: tag.text('Value') || tag.text('value'),
    }))
  }
}

/** The first child of each name. */
function childrenOf(element: Element | undefined): ReadonlyMap<string, Element> {
  const children = new Map<string, Element>()
  for (let child = element?.firstElementChild; child; child = child.nextElementSibling)
    if (!children.has(child.localName)) children.set(child.localName, child)
  return children
}

/** A tag of a resource. */
export interface Tag {
  readonly key: string
  readonly value: string
}

/** Reads an XML answer. */
export function parseXml(text: string): XmlValue {
  const document = new DOMParser().parseFromString(text, 'application/xml')
  return new XmlValue(document.documentElement)
}
