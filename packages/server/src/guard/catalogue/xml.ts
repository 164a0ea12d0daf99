import type { XmlElement } from '../../wire/index.ts'
import { type Input, Unreadable } from './input.ts'
import type { PackedMember, PackedMembers } from './packed.ts'

/** Reads the members of a structure from an element's children. No operation has a map in XML: it would be no text. */
export function readXmlMembers(members: PackedMembers, element: XmlElement): Input {
  const input: Record<string, unknown> = {}
  for (const [name, member] of Object.entries(members)) {
    const tag = member.as ?? name
    const { list } = member
    if (member.flat && list !== undefined) {
      const items = childrenOf(element, tag)
      if (items.length > 0) input[name] = items.map((item) => readElement(list, item))
    } else {
      const [child, second] = childrenOf(element, tag)
      if (second !== undefined) throw new Unreadable(`${tag} is given more than once`)
      if (child !== undefined) input[name] = readElement(member, child)
    }
  }
  return input
}

function readElement(member: PackedMember, element: XmlElement): unknown {
  const { members, list } = member
  if (members !== undefined) return readXmlMembers(members, element)
  if (list !== undefined)
    return childrenOf(element, list.as ?? 'member').map((item) => readElement(list, item))
  if (element.children.length > 0) throw new Unreadable(`${element.name} is no text`)
  // some readers take blanks away, and some leave them
  if (element.text !== element.text.trim() || otherBlank.test(element.text))
    throw new Unreadable(`${element.name} has blanks around it`)
  return element.text
}

/** The characters that are blank in other languages: Python takes these away from the ends of a text as well. */
const otherBlank = /^[\x1c-\x1f\x85]|[\x1c-\x1f\x85]$/

function childrenOf(element: XmlElement, tag: string): readonly XmlElement[] {
  return element.children.filter(({ name }) => name.slice(name.indexOf(':') + 1) === tag)
}
