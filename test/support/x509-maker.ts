import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'

/** A certificate that a test made, with its key. */
export interface MadeX509 {
  readonly der: Buffer
  readonly pem: string
  readonly key: KeyObject
  readonly serial: bigint
  readonly subject: Buffer
}

export interface X509Wish {
  /** Attributes, as in `[['CN', 'server-1']]`. */
  readonly subject: readonly (readonly [string, string])[]
  readonly serial?: bigint
  readonly isAuthority?: boolean
  /** The first byte of the key's usage; 0x80 is digitalSignature. Default: that, or keyCertSign and cRLSign. */
  readonly usage?: number
  readonly dns?: readonly string[]
  readonly uri?: string
  readonly from?: number
  readonly until?: number
  readonly kind?: 'rsa' | 'ec'
}

const oids: Readonly<Record<string, readonly number[]>> = {
  CN: [0x55, 4, 3],
  C: [0x55, 4, 6],
  O: [0x55, 4, 10],
  OU: [0x55, 4, 11],
}
const day = 86_400_000

/** Makes a certificate, signed by an issuer or by itself. */
export function makeX509(wish: X509Wish, now: number, issuer?: MadeX509): MadeX509 {
  const { publicKey, privateKey } =
    wish.kind === 'rsa'
      ? generateKeyPairSync('rsa', { modulusLength: 2048 })
      : generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const serial = wish.serial ?? 21n
  const subject = nameOf(wish.subject)
  const by = issuer?.key ?? privateKey
  const usage = wish.usage ?? (wish.isAuthority ? 0x06 : 0x80)
  const names = [
    ...(wish.dns ?? []).map((text) => tagged(0x82, Buffer.from(text))),
    ...(wish.uri === undefined ? [] : [tagged(0x86, Buffer.from(wish.uri))]),
  ]
  const extensions = [
    extension([0x55, 0x1d, 0x13], sequence(...(wish.isAuthority ? [tagged(0x01, Buffer.of(0xff))] : []))),
    extension([0x55, 0x1d, 0x0f], tagged(0x03, Buffer.of(1, usage))),
    ...(names.length > 0 ? [extension([0x55, 0x1d, 0x11], sequence(...names))] : []),
  ]
  const body = sequence(
    tagged(0xa0, integer(2n)),
    integer(serial),
    algorithmOf(by),
    issuer?.subject ?? subject,
    sequence(time(wish.from ?? now - day), time(wish.until ?? now + 365 * day)),
    subject,
    publicKey.export({ type: 'spki', format: 'der' }),
    tagged(0xa3, sequence(...extensions)),
  )
  const der = signedBy(body, by)
  return { der, pem: pemOf('CERTIFICATE', der), key: privateKey, serial, subject }
}

/** A revocation list of an authority. */
export function makeCrl(authority: MadeX509, serials: readonly bigint[], now: number): Buffer {
  const revoked = serials.map((serial) => sequence(integer(serial), time(now - day)))
  const body = sequence(
    integer(1n),
    algorithmOf(authority.key),
    authority.subject,
    time(now - day),
    time(now + day),
    ...(revoked.length > 0 ? [sequence(...revoked)] : []),
  )
  return Buffer.from(pemOf('X509 CRL', signedBy(body, authority.key)))
}

function signedBy(body: Buffer, key: KeyObject): Buffer {
  const signature = sign('sha256', body, key)
  return sequence(body, algorithmOf(key), tagged(0x03, Buffer.concat([Buffer.of(0), signature])))
}

function algorithmOf({ asymmetricKeyType }: KeyObject): Buffer {
  return asymmetricKeyType === 'rsa'
    ? sequence(
        tagged(0x06, Buffer.of(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 11)),
        tagged(0x05, Buffer.alloc(0)),
      )
    : sequence(tagged(0x06, Buffer.of(0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2)))
}

function extension(oid: readonly number[], value: Buffer): Buffer {
  return sequence(tagged(0x06, Buffer.from(oid)), tagged(0x04, value))
}

function nameOf(attributes: X509Wish['subject']): Buffer {
  return sequence(
    ...attributes.map(([name, value]) =>
      tagged(0x31, sequence(tagged(0x06, Buffer.from(oids[name] ?? [])), tagged(0x0c, Buffer.from(value)))),
    ),
  )
}

function pemOf(label: string, der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? []
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`
}

function tagged(tag: number, value: Buffer): Buffer {
  const { length } = value
  const head =
    length < 0x80
      ? [tag, length]
      : length < 0x100
        ? [tag, 0x81, length]
        : [tag, 0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from(head), value])
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return tagged(0x30, Buffer.concat(parts))
}

function integer(number: bigint): Buffer {
  const hex = number.toString(16)
  const bytes = Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex')
  return tagged(0x02, (bytes[0] ?? 0) < 0x80 ? bytes : Buffer.concat([Buffer.of(0), bytes]))
}

function time(at: number): Buffer {
  const digits = new Date(at).toISOString().replace(/\D/g, '').slice(0, 14)
  return tagged(0x18, Buffer.from(`${digits}Z`))
}
