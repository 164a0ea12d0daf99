import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'

/** A certificate made for a test, with its key. */
export interface Made {
  readonly name: string
  readonly pem: string
  readonly der: Buffer
  readonly key: KeyObject
  readonly keyPem: string
}

/** Signs an X.509 certificate of a fresh P-256 key; without an issuer, by itself. */
export function makeCertificate(
  name: string,
  issuer?: Made,
  until = Date.UTC(2090, 0, 1),
  from = Date.UTC(2020, 0, 1),
): Made {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const body = sequence(
    tagged(0xa0, integer(Buffer.of(2))),
    integer(createHash('sha256').update(name).digest().subarray(0, 8)),
    ecdsaWithSha256,
    distinguished(issuer?.name ?? name),
    sequence(time(from), time(until)),
    distinguished(name),
    publicKey.export({ type: 'spki', format: 'der' }),
  )
  const signature = sign('sha256', body, issuer?.key ?? privateKey)
  const der = sequence(body, ecdsaWithSha256, tagged(0x03, Buffer.concat([Buffer.of(0), signature])))
  const lines = der.toString('base64').match(/.{1,64}/g) ?? []
  return {
    name,
    pem: `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`,
    der,
    key: privateKey,
    keyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  }
}

function tagged(tag: number, value: Buffer): Buffer {
  const { length } = value
  const head = length < 0x80 ? [tag, length] : [tag, 0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from(head), value])
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return tagged(0x30, Buffer.concat(parts))
}

function integer(bytes: Buffer): Buffer {
  return tagged(0x02, Buffer.concat([Buffer.of(0), bytes].slice((bytes[0] ?? 0) < 0x80 ? 1 : 0)))
}

/** `CN=name`. */
function distinguished(name: string): Buffer {
  const commonName = tagged(0x06, Buffer.of(0x55, 0x04, 0x03))
  return sequence(tagged(0x31, sequence(commonName, tagged(0x0c, Buffer.from(name)))))
}

function time(at: number): Buffer {
  const digits = new Date(at).toISOString().replace(/\D/g, '').slice(0, 14)
  return tagged(0x18, Buffer.from(`${digits}Z`))
}

const ecdsaWithSha256 = sequence(tagged(0x06, Buffer.of(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02)))
