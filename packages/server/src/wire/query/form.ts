import { Fault, type HttpRequest } from '../../base/index.ts'
import { limits } from '../limits.ts'
import { decodePercent, decodeUtf8 } from '../text.ts'

/** A parameter, and the parameters whose names continue its own after a dot. */
export interface FormNode {
  /** The whole name, for faults. */
  readonly name: string
  value: string | undefined
  children: Map<string, FormNode> | undefined
}

const forms = new WeakMap<HttpRequest, FormNode | Fault>()

/** Caches the result of `readForm` for a request. */
export function formOf(request: HttpRequest): FormNode {
  let form = forms.get(request)
  if (!form) {
    try {
      form = readForm(request)
    } catch (thrown) {
      if (!(thrown instanceof Fault)) throw thrown
      form = thrown
    }
    forms.set(request, form)
  }
  if (form instanceof Fault) throw form
  return form
}

/**
 * Returns the parameters of a query request, from its query string and its body, as a tree. @throws Fault if the
 * encoding is malformed (behaviours WIRE-30, WIRE-31)
 */
export function readForm(request: HttpRequest): FormNode {
  const form = new Form()
  form.addAll(request.rawQuery.replaceAll('+', ' '))
  if (request.body.length === 0) return form.root
  if (request.body.length > limits.formBytes) {
    throw new Fault('RequestEntityTooLarge', `The request body is longer than ${limits.formBytes} bytes`, 413)
  }
  const body = decodeUtf8(withBlanks(request.body))
  if (body === undefined) throw malformed('The request body is not valid UTF-8')
  form.addAll(body)
  return form.root
}

/** The bytes with a blank for each plus: replaced in a long text, they take fifty times as long. */
function withBlanks(body: Uint8Array): Uint8Array {
  let at = body.indexOf(plus)
  if (at < 0) return body
  const bytes = Uint8Array.from(body)
  for (; at < bytes.length; at++) if (bytes[at] === plus) bytes[at] = blank
  return bytes
}

const plus = 0x2b
const blank = 0x20

/** A form while it is read. Its content is counted before anything is made of it. */
class Form {
  readonly root: FormNode = { name: '', value: undefined, children: new Map() }
  #parametersLeft: number = limits.formParameters
  #nodesLeft: number = limits.formNodes

  addAll(text: string): void {
    let start = 0
    while (start < text.length) {
      let end = text.indexOf('&', start)
      if (end < 0) end = text.length
      // what is empty between two separators counts too
      if (this.#parametersLeft-- === 0)
        throw malformed(`The request holds more than ${limits.formParameters} parameters`)
      if (end > start) {
        let equals = text.indexOf('=', start)
        if (equals < 0 || equals > end) equals = end
        this.#add(decode(text.slice(start, equals)), decode(text.slice(equals + 1, end)))
      }
      start = end + 1
    }
  }

  #add(name: string, value: string): void {
    let node = this.root
    let start = 0
    for (let depth = 0; ; depth++) {
      if (depth > limits.formDepth)
        throw malformed(`A parameter's name is nested more than ${limits.formDepth} deep`)
      const dot = name.indexOf('.', start)
      const part = dot < 0 ? name.slice(start) : name.slice(start, dot)
      node.children ??= new Map()
      let child = node.children.get(part)
      if (!child) {
        if (this.#nodesLeft-- === 0)
          throw malformed(`The request holds more than ${limits.formNodes} names of parameters`)
        child = { name: dot < 0 ? name : name.slice(0, dot), value: undefined, children: undefined }
        node.children.set(part, child)
      }
      node = child
      if (dot < 0) break
      start = dot + 1
    }
    if (node.value !== undefined) {
      throw new Fault('InvalidQueryParameter', `The parameter ${name} is given more than once`, 400)
    }
    node.value = value
  }
}

function decode(text: string): string {
  const decoded = decodePercent(text)
  if (decoded === undefined) throw malformed('The query string contains a malformed percent encoding')
  return decoded
}

function malformed(message: string): Fault {
  return new Fault('MalformedQueryString', message, 404)
}
