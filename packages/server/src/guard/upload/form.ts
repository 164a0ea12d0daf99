import { type Fault, fault } from '../../base/index.ts'
import { readHead } from './part-head.ts'

/** A form of S3's browser-based uploads: its fields, names in lower case, and the file that ends it. */
export interface UploadForm {
  readonly boundary: string
  readonly fields: ReadonlyMap<string, string>
  /** The sender's spelling of a field's name. */
  readonly spelled: ReadonlyMap<string, string>
  readonly file: {
    /** Undefined if the sender gives two that differ. */
    readonly name: string | undefined
    readonly type: string | undefined
    readonly content: Uint8Array
  }
}

const limits = {
  /** Bytes of everything before the file: AWS's limit. */
  fields: 20_480,
  /** Bytes of one part's headers. */
  head: 4_096,
} as const

const contentType =
  /^multipart\/form-data(?:; *charset="?utf-?8"?)?; *boundary=(?:"([\w'()+,./:=? -]{0,69}[\w'()+,./:=?-])"|([\w'+./-]{1,70}))(?:; *charset="?utf-?8"?)?$/i

/**
 * Parses a form in the forms that browsers and clients write; a form that another reader could parse differently is
 * refused. What follows the file is left out, as S3 does (behaviour GRD-32). @throws Fault if it has no such form
 */
export function readForm(type: string, body: Uint8Array): UploadForm {
  const boundary = boundaryOf(type)
  if (boundary === undefined) throw malformed()
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.length)
  const delimiter = Buffer.from(`\r\n--${boundary}`, 'latin1')
  if (bytes.indexOf(delimiter.subarray(2)) !== 0 || !isClosed(bytes, boundary)) throw malformed()
  const fields = new Map<string, string>()
  const spelled = new Map<string, string>()
  let at = delimiter.length - 2
  for (;;) {
    if (bytes.toString('latin1', at, at + 2) !== '\r\n') throw malformed()
    const headEnd = bytes.indexOf('\r\n\r\n', at)
    const end = headEnd < 0 ? -1 : bytes.indexOf(delimiter, headEnd + 2)
    if (end < 0 || headEnd - at > limits.head) throw malformed()
    const content = bytes.subarray(Math.min(headEnd + 4, end), end)
    const head = readHead(bytes.toString('utf8', at + 2, headEnd), content.length)
    if (head === undefined) throw malformed()
    at = end + delimiter.length
    const name = head.name.toLowerCase()
    if (name === 'file') {
      if (!/^(?:--|\r\n)$/.test(bytes.toString('latin1', at, at + 2))) throw malformed()
      return { boundary, fields, spelled, file: { name: head.filename, type: head.type, content } }
    }
    if (head.filename !== '' || fields.has(name) || end > limits.fields) throw malformed()
    fields.set(name, utf8.decode(content))
    spelled.set(name, head.name)
  }
}

/** Fields by which it is decided; in their documented spelling no upstream overlooks them. */
const weighed = /^(?:key|acl|tagging|x-amz-(?!meta-).*)$/

/** The form written again, with these fields. */
export function writeForm(
  { boundary, spelled, file }: UploadForm,
  fields: ReadonlyMap<string, string>,
): Buffer {
  const pieces: Buffer[] = []
  for (const [name, value] of fields) {
    const written = weighed.test(name) ? name : (spelled.get(name) ?? name)
    pieces.push(
      Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="${written}"\r\n\r\n${value}\r\n`),
    )
  }
  const type = file.type === undefined ? '' : `Content-Type: ${file.type}\r\n`
  const head = `Content-Disposition: form-data; name="file"; filename="${file.name ?? 'file'}"\r\n${type}`
  pieces.push(Buffer.from(`--${boundary}\r\n${head}\r\n`), Buffer.from(file.content))
  pieces.push(Buffer.from(`\r\n--${boundary}--\r\n`))
  return Buffer.concat(pieces)
}

/** A form's Content-Type with its boundary alone, which careless readers take for all that follows `boundary=`. */
export function plainFormType(type: string): string {
  const boundary = boundaryOf(type)
  if (boundary === undefined) return type
  return `multipart/form-data; boundary=${/^[\w'+.-]+$/.test(boundary) ? boundary : `"${boundary}"`}`
}

function boundaryOf(type: string): string | undefined {
  const [, quoted, bare] = contentType.exec(type.trim()) ?? []
  return quoted ?? bare
}

/** Returns whether the last delimiter in a body closes it. */
function isClosed(bytes: Buffer, boundary: string): boolean {
  const tail = bytes.toString('latin1', Math.max(0, bytes.length - boundary.length - 8))
  return tail.endsWith(`\r\n--${boundary}--`) || tail.endsWith(`\r\n--${boundary}--\r\n`)
}

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true })

function malformed(): Fault {
  return fault(
    'MalformedPOSTRequest',
    'The body of your POST request is not well-formed multipart/form-data.',
    400,
  )
}
