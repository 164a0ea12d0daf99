import { createPublicKey, type KeyObject } from 'node:crypto'

/** `ssh-rsa AAAA…` or `ssh-ed25519 AAAA…`. */
export function openSshPublicKey(key: KeyObject): string {
  return `${algorithmOf(key)} ${publicBlob(key).toString('base64')}`
}

/** Returns the public key of a text in OpenSSH's form, PEM, or base64 DER; undefined if it is none of these. */
export function readPublicKey(text: string): KeyObject | undefined {
  try {
    const trimmed = text.trim()
    if (trimmed.startsWith('-----BEGIN')) return createPublicKey(trimmed)
    const [algorithm, body] = trimmed.split(/\s+/)
    if (algorithm === 'ssh-rsa' || algorithm === 'ssh-ed25519')
      return fromBlob(algorithm, Buffer.from(body ?? '', 'base64'))
    return createPublicKey({ key: Buffer.from(trimmed, 'base64'), format: 'der', type: 'spki' })
  } catch {
    return undefined
  }
}

/** Returns an ed25519 private key in OpenSSH's own PEM, unencrypted. */
export function openSshPrivateKey(privateKey: KeyObject, publicKey: KeyObject): string {
  const seed = Buffer.from(privateKey.export({ format: 'jwk' }).d!, 'base64url')
  const point = Buffer.from(publicKey.export({ format: 'jwk' }).x!, 'base64url')
  const check = Buffer.from('omen')
  const inner = Buffer.concat([
    check,
    check,
    packed(Buffer.from('ssh-ed25519')),
    packed(point),
    packed(Buffer.concat([seed, point])),
    packed(Buffer.alloc(0)),
  ])
  const padding = Buffer.from([1, 2, 3, 4, 5, 6, 7].slice(0, (8 - (inner.length % 8)) % 8))
  const outer = Buffer.concat([
    Buffer.from('openssh-key-v1\0'),
    packed(Buffer.from('none')),
    packed(Buffer.from('none')),
    packed(Buffer.alloc(0)),
    Buffer.from([0, 0, 0, 1]),
    packed(publicBlob(publicKey)),
    packed(Buffer.concat([inner, padding])),
  ])
  const lines = outer.toString('base64').match(/.{1,70}/g)!
  return `-----BEGIN OPENSSH PRIVATE KEY-----\n${lines.join('\n')}\n-----END OPENSSH PRIVATE KEY-----\n`
}

function algorithmOf(key: KeyObject): 'ssh-rsa' | 'ssh-ed25519' {
  return key.asymmetricKeyType === 'rsa' ? 'ssh-rsa' : 'ssh-ed25519'
}

function publicBlob(key: KeyObject): Buffer {
  const { e, n, x } = key.export({ format: 'jwk' })
  const name = packed(Buffer.from(algorithmOf(key)))
  return key.asymmetricKeyType === 'rsa'
    ? Buffer.concat([name, packed(positive(e!)), packed(positive(n!))])
    : Buffer.concat([name, packed(Buffer.from(x!, 'base64url'))])
}

/** Returns a number as SSH writes it: a zero byte precedes one that would be negative. */
function positive(base64url: string): Buffer {
  const bytes = Buffer.from(base64url, 'base64url')
  return bytes[0]! >= 0x80 ? Buffer.concat([Buffer.alloc(1), bytes]) : bytes
}

function packed(bytes: Buffer): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(bytes.length)
  return Buffer.concat([length, bytes])
}

function fromBlob(algorithm: 'ssh-rsa' | 'ssh-ed25519', blob: Buffer): KeyObject | undefined {
  const fields: Buffer[] = []
  for (let at = 0; at + 4 <= blob.length && fields.length < 4; ) {
    const length = blob.readUInt32BE(at)
    if (at + 4 + length > blob.length) return undefined
    fields.push(blob.subarray(at + 4, at + 4 + length))
    at += 4 + length
  }
  const [name, first, second] = fields
  if (name?.toString('latin1') !== algorithm || first === undefined) return undefined
  const text = (bytes: Buffer) => (bytes[0] === 0 ? bytes.subarray(1) : bytes).toString('base64url')
  if (algorithm === 'ssh-ed25519')
    return createPublicKey({
      key: { kty: 'OKP', crv: 'Ed25519', x: first.toString('base64url') },
      format: 'jwk',
    })
  if (second === undefined) return undefined
  return createPublicKey({ key: { kty: 'RSA', e: text(first), n: text(second) }, format: 'jwk' })
}
