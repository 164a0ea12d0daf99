import { limits } from '../limits.ts'

/** An element of an XML text. Comments are dropped; text and CDATA are joined in `text`. */
export interface XmlElement {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: readonly XmlElement[]
  readonly text: string
}

interface Open {
  name: string
  attributes: Record<string, string>
  children: XmlElement[]
  text: string
}

const token =
  /<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<!\[CDATA\[([\s\S]*?)\]\]>|<\/([\w:.-]+)\s*>|<([\w:.-]+)((?:\s+[\w:.-]+\s*=\s*(?:"[^"<]*"|'[^'<]*')){0,100})\s*(\/?)>|([^<]+)/y

/**
 * Returns the root element of an XML text, or undefined if it is not well formed, is nested too deeply or has too many
 * parts. Document types are refused, and with them all entities but XML's own five.
 */
export function parseXml(text: string): XmlElement | undefined {
  if (isMoreThan(limits.xmlReferences, '&', text)) return undefined
  const stack: Open[] = []
  let root: XmlElement | undefined
  token.lastIndex = 0
  for (let left: number = limits.xmlTokens; token.lastIndex < text.length; left--) {
    if (left === 0) return undefined
    const match = token.exec(text)
    if (!match) return undefined
    const [, cdata, closing, opening, attributes, selfClosing, characters] = match
    const top = stack.at(-1)
    if (cdata !== undefined) {
      if (!top) return undefined
      top.text += cdata
    } else if (characters !== undefined) {
      const decoded = decodeEntities(characters)
      if (decoded === undefined) return undefined
      if (top) top.text += decoded
      else if (decoded.trim() !== '') return undefined
    } else if (opening !== undefined) {
      if (!top && root) return undefined
      const parsed = parseAttributes(attributes ?? '')
      if (!parsed || stack.length >= limits.depth) return undefined
      const element: Open = { name: opening, attributes: parsed, children: [], text: '' }
      if (top) top.children.push(element)
      else root = element
      if (selfClosing !== '/') stack.push(element)
    } else if (closing !== undefined && stack.pop()?.name !== closing) return undefined
  }
  return stack.length === 0 ? root : undefined
}

/** Returns whether a character is in a text more often than that. */
export function isMoreThan(most: number, character: string, text: string): boolean {
  let left = most
  for (let at = text.indexOf(character); at >= 0; at = text.indexOf(character, at + 1))
    if (left-- === 0) return true
  return false
}

function parseAttributes(text: string): Record<string, string> | undefined {
  const attributes: Record<string, string> = Object.create(null)
  for (const [, name, double, single] of text.matchAll(/\s+([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/gy)) {
    const value = decodeEntities(double ?? single ?? '')
    if (value === undefined) return undefined
    attributes[name!] = value
  }
  return attributes
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** An ampersand that begins no known reference. */
const stray = /&(?!#x[0-9a-fA-F]{1,6};|#\d{1,7};|(?:amp|lt|gt|quot|apos);)/

function decodeEntities(text: string): string | undefined {
  if (!text.includes('&')) return text
  if (stray.test(text)) return undefined
  let sound = true
  const decoded = text.replace(
    /&(?:#x([0-9a-fA-F]{1,6})|#(\d{1,7})|(\w{1,8}));/g,
    (_, hex, decimal, name) => {
      if (name !== undefined) return entities[name]!
      const code = hex !== undefined ? Number.parseInt(hex, 16) : Number(decimal)
      if (code > 0 && code <= 0x10ffff) return String.fromCodePoint(code)
      sound = false
      return ''
    },
  )
  return sound ? decoded : undefined
}
