/** The headers of a form's part. */
export interface PartHead {
  readonly name: string
  /** Empty if absent; undefined if two are given that differ. */
  readonly filename: string | undefined
  readonly type: string | undefined
}

const token = String.raw`[\w!#$%&'*+.^\x60|~-]{1,1000}`
const disposition = new RegExp(
  String.raw`^form-data; *name=(?:"([^"\\\p{Cc}]{1,200})"|(${token}))` +
    String.raw`(?:; *filename=(?:"([^"\p{Cc}]{0,1000})"|(${token})))?(?:; *filename\*=utf-8''([\w!#$%&+.^\x60|~-]{0,3000}))?$`,
  'iu',
)

/**
 * Reads the headers of a part whose content has this length: its disposition and its type, and those that clients add
 * without effect. Undefined if one is another, is repeated, or is wrong.
 */
export function readHead(text: string, length: number): PartHead | undefined {
  const headers = new Map<string, string>()
  for (const line of text.split('\r\n')) {
    const [, header = '', value = ''] = /^([\w-]+): ?(.*)$/.exec(line) ?? []
    const name = header.toLowerCase()
    if (headers.has(name) || !isTrue(name, value, length)) return undefined
    headers.set(name, value)
  }
  const [, quoted, bare, quotedFile, bareFile, encodedFile] =
    disposition.exec(headers.get('content-disposition') ?? '') ?? []
  const name = quoted ?? bare
  if (name === undefined || name.length > 200 || name.trim() !== name) return undefined
  const decoded = encodedFile === undefined ? '' : decodedName(encodedFile)
  if (decoded === undefined) return undefined
  const plain = quotedFile ?? bareFile ?? ''
  const agree = encodedFile === undefined || plain === decoded || (quotedFile ?? bareFile) === undefined
  return { name, filename: agree ? plain || decoded : undefined, type: headers.get('content-type') }
}

function isTrue(header: string, value: string, length: number): boolean {
  switch (header) {
    case 'content-disposition':
    case 'content-type':
      return true
    case 'content-length':
      return value === String(length)
    case 'content-transfer-encoding':
      return /^(?:binary|8bit)$/i.test(value)
    default:
      return false
  }
}

/** A name in the form of RFC 8187 that may be between quotes. */
function decodedName(text: string): string | undefined {
  try {
    const name = decodeURIComponent(text)
    return /^[^"\p{Cc}]{0,1000}$/u.test(name) ? name : undefined
  } catch {
    return undefined
  }
}
