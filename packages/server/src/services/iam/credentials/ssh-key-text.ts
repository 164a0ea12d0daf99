import { createHash, createPublicKey, type KeyObject } from 'node:crypto'

const smallest = 2_048
const largest = 16_384

/** An RSA public key, or why the text is not one: an unknown form, or an unsound key. */
export type ReadSshKey = KeyObject | 'unrecognized' | 'invalid'

/** Reads an RSA public key in OpenSSH's form or in PEM. */
export function readSshKey(text: string): ReadSshKey {
  const trimmed = text.trim()
  const key = trimmed.startsWith('-----BEGIN') ? readPem(trimmed) : readOpenSsh(trimmed)
  if (typeof key === 'string') return key
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0
  return key.asymmetricKeyType === 'rsa' && bits >= smallest && bits <= largest ? key : 'invalid'
}

/** `ssh-rsa AAAA…`. */
export function openSshText(key: KeyObject): string {
  return `${rsa} ${openSshBytes(key).toString('base64')}`
}

/** PEM, as SubjectPublicKeyInfo. */
export function pemText(key: KeyObject): string {
  return key.export({ type: 'spki', format: 'pem' }).toString()
}

/** Returns MD5 of the key in SSH's form, as `ssh-keygen -l -E md5` prints it. */
export function fingerprintOf(key: KeyObject): string {
  const hex = createHash('md5').update(openSshBytes(key)).digest('hex')
  return hex.match(/../g)!.join(':') // a digest has 32 digits
}

const rsa = 'ssh-rsa'

function readPem(text: string): ReadSshKey {
  if (!/^-----BEGIN (?:RSA )?PUBLIC KEY-----/.test(text)) return 'unrecognized'
  return attempt(() => createPublicKey(text))
}

function readOpenSsh(text: string): ReadSshKey {
  const [type, base64] = text.split(/\s+/, 2)
  if (base64 === undefined || !/^(?:ssh|ecdsa|sk)-/.test(type ?? '')) return 'unrecognized'
  if (type !== rsa) return 'invalid'
  const [name, exponent, modulus, ...more] = fieldsOf(Buffer.from(base64, 'base64'))
  if (name?.toString('latin1') !== rsa || modulus === undefined || more.length > 0) return 'invalid'
  const number = (field: Buffer | undefined) => (field ?? Buffer.alloc(0)).toString('base64url')
  return attempt(() =>
    createPublicKey({ format: 'jwk', key: { kty: 'RSA', e: number(exponent), n: number(modulus) } }),
  )
}

function attempt(read: () => KeyObject): ReadSshKey {
  try {
    return read()
  } catch {
    return 'invalid'
  }
}

/** Returns the fields of SSH's binary form, each preceded by its length; none if the lengths are wrong. */
function fieldsOf(bytes: Buffer): readonly Buffer[] {
  const fields: Buffer[] = []
  for (let at = 0; at < bytes.length; ) {
    if (at + 4 > bytes.length) return []
    const end = at + 4 + bytes.readUInt32BE(at)
    if (end > bytes.length) return []
    fields.push(bytes.subarray(at + 4, end))
    at = end
  }
  return fields
}

function openSshBytes(key: KeyObject): Buffer {
  const { e = '', n = '' } = key.export({ format: 'jwk' })
  return Buffer.concat(
    [Buffer.from(rsa), positive(e), positive(n)].flatMap((field) => [lengthOf(field), field]),
  )
}

/** A number is signed in SSH's form: a zero byte precedes one whose first bit is set. */
function positive(base64url: string): Buffer {
  const bytes = Buffer.from(base64url, 'base64url')
  return (bytes[0] ?? 0) < 0x80 ? bytes : Buffer.concat([Buffer.alloc(1), bytes])
}

function lengthOf(field: Buffer): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(field.length)
  return length
}
