import assert from 'node:assert/strict'
import { createHmac, generateKeyPairSync } from 'node:crypto'
import type { Made } from './certificate.ts'

/** A password that any policy of these tests takes. */
export const password = 'Correct-Horse-7'

/** An authenticator app: it has the seed, and shows the code of any instant. */
export function authenticator(seed: Uint8Array | undefined) {
  assert(seed !== undefined)
  const key = fromBase32(Buffer.from(seed).toString())
  /** The code shown at an instant, in milliseconds. RFC 6238 with RFC 4226's truncation, written plainly. */
  return (at: number): string => {
    const counter = Buffer.alloc(8)
    counter.writeUInt32BE(Math.floor(at / 30_000), 4)
    const mac = createHmac('sha1', key).update(counter).digest()
    const offset = (mac.at(-1) ?? 0) % 16
    return String((mac.readUInt32BE(offset) % 2 ** 31) % 1_000_000).padStart(6, '0')
  }
}

function fromBase32(text: string): Buffer {
  const bits = [...text].map((digit) =>
    'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(digit).toString(2).padStart(5, '0'),
  )
  return Buffer.from(
    bits
      .join('')
      .match(/.{8}/g)
      ?.map((byte) => Number.parseInt(byte, 2)) ?? [],
  )
}

/** Two codes, one after the other, the second shown at the instant. */
export function codes(code: (at: number) => string, at: number) {
  return { AuthenticationCode1: code(at - 30_000), AuthenticationCode2: code(at) }
}

/** An RSA public key as `ssh-rsa …` has it, written by hand. */
export function sshRsa(bits = 2_048) {
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: bits })
  const { e, n } = publicKey.export({ format: 'jwk' })
  const field = (bytes: Buffer) => {
    const padded = (bytes[0] ?? 0) < 0x80 ? bytes : Buffer.concat([Buffer.of(0), bytes])
    const length = Buffer.alloc(4)
    length.writeUInt32BE(padded.length)
    return Buffer.concat([length, padded])
  }
  const number = (text: string | undefined) => field(Buffer.from(text ?? '', 'base64url'))
  const blob = Buffer.concat([field(Buffer.from('ssh-rsa')), number(e), number(n)])
  return {
    text: `ssh-rsa ${blob.toString('base64')}`,
    pem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    blob,
  }
}

/** The metadata of a SAML identity provider that signs with a certificate. */
export function samlMetadata(certificate: Made, attributes = ''): string {
  const key = `<ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data><ds:X509Certificate>${certificate.der.toString('base64')}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>`
  return `<?xml version="1.0" encoding="UTF-8"?>
<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="https://idp.example.com/saml"${attributes}>
  <!-- ${'an identity provider that stands in a test '.repeat(8)} -->
  <md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
    <md:KeyDescriptor use="signing">${key}</md:KeyDescriptor>
    <md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="https://idp.example.com/sso"/>
  </md:IDPSSODescriptor>
</md:EntityDescriptor>`
}
