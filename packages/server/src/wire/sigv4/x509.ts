import { createHash, verify, X509Certificate } from 'node:crypto'
import type { HttpRequest } from '../../base/index.ts'
import { canonicalRequest } from './canonical.ts'
import { allowedSkew, parseBasicDate } from './time.ts'

/** The holder of a certificate, proven by a signature of the request with its key. */
export interface X509Signer {
  readonly leaf: X509Certificate
  /** Further certificates that the client sent. */
  readonly chain: readonly X509Certificate[]
  readonly region: string
}

const form =
  /^AWS4-X509-(RSA|ECDSA)-SHA256 Credential=(\d{1,60})\/(\d{8})\/([\w-]{1,32})\/rolesanywhere\/aws4_request, ?SignedHeaders=([\w;-]{1,1024}), ?Signature=([0-9a-f]{2,2048})$/i
const chainMost = 5
const mustBeSigned = ['host', 'x-amz-date', 'x-amz-x509'] as const

/** Returns whether a request claims to be signed with a certificate. */
export function isSignedByX509({ headers }: Pick<HttpRequest, 'headers'>): boolean {
  return headers.authorization?.startsWith('AWS4-X509-') === true
}

/** Returns who signed a request with a certificate, or what is wrong (behaviour RAN-10). */
export function x509Signer(request: HttpRequest, now: number): X509Signer | string {
  const { headers } = request
  const [, kind, serial = '', scopeDate = '', region = '', names = '', signature = ''] =
    form.exec(headers.authorization ?? '') ?? []
  if (kind === undefined) return 'The Authorization header cannot be read.'
  const date = headers['x-amz-date'] ?? ''
  const time = parseBasicDate(date)
  if (time === undefined || !date.startsWith(scopeDate)) return 'The date of the request cannot be read.'
  if (Math.abs(now - time) > allowedSkew) return 'Signature expired'
  const signedHeaders = names.toLowerCase().split(';')
  const open = [...mustBeSigned, ...(headers['x-amz-x509-chain'] === undefined ? [] : ['x-amz-x509-chain'])]
  if (!open.every((name) => signedHeaders.includes(name))) return 'A header is not signed.'
  const leaf = certificateIn(headers['x-amz-x509'])
  if (leaf === undefined) return 'The certificate cannot be read.'
  const texts = headers['x-amz-x509-chain']?.split(',') ?? []
  if (texts.length > chainMost) return 'The chain is too long.'
  const chain = texts.map((text) => certificateIn(text.trim()))
  if (chain.some((each) => each === undefined)) return 'A certificate of the chain cannot be read.'
  if (BigInt(`0x${leaf.serialNumber}`) !== BigInt(serial))
    return 'The serial number is not that of the certificate.'
  if (leaf.publicKey.asymmetricKeyType !== (kind.toUpperCase() === 'RSA' ? 'rsa' : 'ec'))
    return 'The algorithm does not fit the key of the certificate.'
  const claim = { form: 'header', signedHeaders } as const
  const canonical = canonicalRequest(claim, request, { s3: false }, digest(request.body))
  const scope = `${scopeDate}/${region}/rolesanywhere/aws4_request`
  const text = `AWS4-X509-${kind.toUpperCase()}-SHA256\n${date}\n${scope}\n${digest(canonical)}`
  if (!verify('sha256', Buffer.from(text), leaf.publicKey, Buffer.from(signature, 'hex')))
    return 'The request signature does not match.'
  return { leaf, chain: chain.flatMap((each) => each ?? []), region }
}

function certificateIn(text: string | undefined): X509Certificate | undefined {
  if (text === undefined || text.length > 16_000 || !/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return undefined
  try {
    return new X509Certificate(Buffer.from(text, 'base64'))
  } catch {
    return undefined
  }
}

function digest(value: string | Uint8Array): string {
  return createHash('sha256').update(value).digest('hex')
}
