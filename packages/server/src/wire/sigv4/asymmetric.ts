import { createECDH, createHmac, createPublicKey, type KeyObject, verify } from 'node:crypto'
import { assert } from '../../base/index.ts'
import { asymmetricAlgorithm } from './credential.ts'

/** The order of the curve P-256, less two. */
const largestCandidate = Buffer.from(
  'ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc63254f',
  'hex',
)
const largestCounter = 254

/**
 * Derives the private key of an access key: the first output of HMAC-SHA-256 in counter mode (NIST SP 800-108) that is
 * below the order of the curve, plus one (behaviour SIG-51).
 */
function privateKeyOf(accessKeyId: string, secret: string): Buffer {
  for (let counter = 1; counter <= largestCounter; counter++) {
    const candidate = createHmac('sha256', `AWS4A${secret}`)
      .update(Buffer.from([0, 0, 0, 1]))
      .update(`${asymmetricAlgorithm}\0${accessKeyId}`)
      .update(Buffer.from([counter, 0, 0, 1, 0]))
      .digest()
    if (candidate.compare(largestCandidate) <= 0) return plusOne(candidate)
  }
  // each turn fails once in four thousand million keys
  assert(false, 'no key of the curve could be derived')
}

function plusOne(number: Buffer): Buffer {
  const sum = Buffer.from(number)
  for (let at = sum.length - 1; at >= 0; at--) {
    sum[at] = (sum[at]! + 1) & 0xff
    if (sum[at] !== 0) break
  }
  return sum
}

/** Returns the key that verifies signatures of an access key. */
export function asymmetricKeyOf(accessKeyId: string, secret: string): KeyObject {
  const curve = createECDH('prime256v1')
  curve.setPrivateKey(privateKeyOf(accessKeyId, secret))
  const point = curve.getPublicKey() // 04, then both coordinates
  return createPublicKey({
    format: 'jwk',
    key: {
      kty: 'EC',
      crv: 'P-256',
      x: point.subarray(1, 33).toString('base64url'),
      y: point.subarray(33).toString('base64url'),
    },
  })
}

/** Two numbers of 33 bytes with their heads in DER, in hexadecimal. */
const signatureForm = /^(?:[0-9a-f]{2}){8,72}$/

/** Returns whether a signature in DER, in hexadecimal, is the key's signature of a text. */
export function isAsymmetricSignature(key: KeyObject, stringToSign: string, signature: string): boolean {
  if (!signatureForm.test(signature)) return false
  return verify(
    'sha256',
    Buffer.from(stringToSign, 'latin1'),
    { key, dsaEncoding: 'der' },
    Buffer.from(signature, 'hex'),
  )
}
