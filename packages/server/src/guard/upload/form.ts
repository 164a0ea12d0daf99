import { type Fault, fault } from '../../base/index.ts'

/** A form of S3's browser-based uploads: its fields, names in lower case, and the file that ends it. */
export interface UploadForm {
  readonly boundary: string
  readonly fields: ReadonlyMap<string, string>
  readonly file: { readonly name: string; readonly type: string | undefined; readonly content: Uint8Array }
}

const limits = {
  /** Bytes of all that stands before the file: as AWS has it. */
  fields: 20_480,
  /** Bytes of one part's headers. */
  head: 4_096,
} as const

const contentType =
  /^multipart\/form-data;\s*boundary=(?:"([\w'()+,./:=? -]{0,69}[\w'()+,./:=?-])"|([\w'+./-]{1,70}))$/i
const disposition = /^form-data; name="([^"\\]{1,200})"(?:; filename="([^"]{0,1000})")?$/i

/**
 * Takes a form apart, in the one form that browsers write it: what another reader could take apart otherwise is none.
 * @throws Fault where it is not of that form
 */
export function readForm(type: string, body: Uint8Array): UploadForm {
  const [, quoted, bare] = contentType.exec(type.trim()) ?? []
  const boundary = quoted ?? bare
  if (boundary === undefined) throw malformed()
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.length)
  const delimiter = Buffer.from(`\r\n--${boundary}`, 'latin1')
  if (bytes.indexOf(delimiter.subarray(2)) !== 0) throw malformed()
  const fields = new Map<string, string>()
  let at = delimiter.length - 2
  for (;;) {
    if (bytes.toString('latin1', at, at + 2) !== '\r\n') throw malformed()
    const headEnd = bytes.indexOf('\r\n\r\n', at)
    const end = headEnd < 0 ? -1 : bytes.indexOf(delimiter, headEnd + 2)
    if (end < 0 || headEnd - at > limits.head) throw malformed()
    const { name, filename, type: partType } = headOf(bytes.toString('utf8', at + 2, headEnd))
    const content = bytes.subarray(Math.min(headEnd + 4, end), end)
    at = end + delimiter.length
    if (name === 'file') {
      // what comes behind the file is not looked at by S3; nobody else shall look at it either
      if (!/^--(?:\r\n)?$/.test(bytes.toString('latin1', at))) throw malformed()
      return { boundary, fields, file: { name: filename ?? '', type: partType, content } }
    }
    if (filename !== undefined || fields.has(name) || end > limits.fields) throw malformed()
    fields.set(name, utf8.decode(content))
  }
}

/** The form written anew, with these fields. */
export function writeForm({ boundary, file }: UploadForm, fields: ReadonlyMap<string, string>): Buffer {
  const pieces: Buffer[] = []
  for (const [name, value] of fields)
    pieces.push(
      Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`),
    )
  const type = file.type === undefined ? '' : `Content-Type: ${file.type}\r\n`
  const head = `Content-Disposition: form-data; name="file"; filename="${file.name}"\r\n${type}`
  pieces.push(Buffer.from(`--${boundary}\r\n${head}\r\n`), Buffer.from(file.content))
  pieces.push(Buffer.from(`\r\n--${boundary}--\r\n`))
  return Buffer.concat(pieces)
}

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true })

function headOf(text: string): { name: string; filename: string | undefined; type: string | undefined } {
  let name: string | undefined
  let filename: string | undefined
  let type: string | undefined
  for (const line of text.split('\r\n')) {
    const [, header = '', value = ''] = /^([\w-]+): ?(.*)$/.exec(line) ?? []
    switch (header.toLowerCase()) {
      case 'content-disposition': {
        const match = disposition.exec(value)
        if (match === null || name !== undefined) throw malformed()
        name = match[1]!.toLowerCase()
        filename = match[2]
        break
      }
      case 'content-type':
        type = value
        break
      default:
        throw malformed()
    }
  }
  if (name === undefined) throw malformed()
  return { name, filename, type }
}

function malformed(): Fault {
  return fault(
    'MalformedPOSTRequest',
    'The body of your POST request is not well-formed multipart/form-data.',
    400,
  )
}
