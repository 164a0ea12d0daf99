import { endOfTurn, Fault, type HttpRequest } from '../../base/index.ts'
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

/** Parameters that are read at once: a form of more is read in slices of them, and only when its sender is known. */
const slice = 1_000

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
  for (const text of textsOf(request)) form.add(text)
  return form.root
}

/** Whether a form has more parameters than are read at once. */
export function isLongForm({ rawQuery, body }: HttpRequest): boolean {
  if (rawQuery.length + body.length < slice) return false
  let left = slice
  for (let at = rawQuery.indexOf('&'); at >= 0 && left > 0; at = rawQuery.indexOf('&', at + 1)) left--
  for (let at = body.indexOf(ampersand); at >= 0 && left > 0; at = body.indexOf(ampersand, at + 1)) left--
  return left === 0
}

/**
 * The outermost parameters of these names. A long form is only looked through for them: anyone can send one. @throws Fault if a form
 * that is not long, or its encoding, is malformed
 */
export function outermost<Name extends string>(
  request: HttpRequest,
  names: readonly Name[],
): Partial<Record<Name, string>> {
  const found: Partial<Record<Name, string>> = {}
  if (!isLongForm(request)) {
    const { children } = formOf(request)
    for (const name of names) found[name] = children?.get(name)?.value
    return found
  }
  let left: number = limits.formParameters
  for (const text of textsOf(request))
    for (const [start, equals, end] of parametersIn(text)) {
      if (left-- === 0) throw tooMany()
      // each of the characters of a name may be encoded
      if (equals - start > 3 * longestName) continue
      const name = names.find((each) => each === decodePercent(text.slice(start, equals)))
      if (name !== undefined) found[name] ??= decode(text.slice(equals + 1, end))
    }
  return found
}

/** Characters of the longest name that is looked for. */
const longestName = 16

/** Reads a long form in slices, so that other calls do not wait for it. `formOf` has it then, or its fault. */
export async function readLongForm(request: HttpRequest): Promise<void> {
  const form = new Form()
  try {
    for (const text of textsOf(request))
      for (let at = 0; at < text.length; await endOfTurn()) at = form.add(text, at, slice)
    forms.set(request, form.root)
  } catch (thrown) {
    if (!(thrown instanceof Fault)) throw thrown
    forms.set(request, thrown)
  }
}

/** The texts in which parameters are: the query string, and the body. @throws Fault if the body is too long or no text */
function textsOf({ rawQuery, body }: HttpRequest): readonly string[] {
  const query = rawQuery.replaceAll('+', ' ')
  if (body.length === 0) return [query]
  if (body.length > limits.formBytes) {
    throw new Fault('RequestEntityTooLarge', `The request body is longer than ${limits.formBytes} bytes`, 413)
  }
  const text = decodeUtf8(withBlanks(body))
  if (text === undefined) throw malformed('The request body is not valid UTF-8')
  return [query, text]
}

/** Where each parameter of a text begins, has its equals sign and ends. Those that are empty count too. */
function* parametersIn(
  text: string,
  from = 0,
): Generator<readonly [start: number, equals: number, end: number]> {
  let equals = -1
  for (let start = from; start < text.length; ) {
    let end = text.indexOf('&', start)
    if (end < 0) end = text.length
    if (equals < start) equals = text.indexOf('=', start)
    if (equals < 0) equals = text.length
    yield [start, Math.min(equals, end), end]
    start = end + 1
  }
}

/** The bytes with a blank for each plus: replaced in a long text, they take fifty times as long. */
function withBlanks(body: Uint8Array): Uint8Array {
  let at = body.indexOf(plus)
  if (at < 0) return body
  const bytes = Uint8Array.from(body)
  for (; at < bytes.length; at++) if (bytes[at] === plus) bytes[at] = blank
  return bytes
}

const ampersand = 0x26
const plus = 0x2b
const blank = 0x20

/** A form while it is read. Its content is counted before anything is made of it. */
class Form {
  readonly root: FormNode = { name: '', value: undefined, children: new Map() }
  #parametersLeft: number = limits.formParameters
  #nodesLeft: number = limits.formNodes

  /** Adds the parameters of a text from a place on, at most so many. Returns the place behind them. */
  add(text: string, from = 0, most = Number.POSITIVE_INFINITY): number {
    let left = most
    for (const [start, equals, end] of parametersIn(text, from)) {
      if (left-- === 0) return start
      if (this.#parametersLeft-- === 0) throw tooMany()
      if (end > start) this.#add(decode(text.slice(start, equals)), decode(text.slice(equals + 1, end)))
    }
    return text.length
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

function tooMany(): Fault {
  return malformed(`The request holds more than ${limits.formParameters} parameters`)
}

function malformed(message: string): Fault {
  return new Fault('MalformedQueryString', message, 404)
}
