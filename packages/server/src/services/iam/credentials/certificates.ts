import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import { certificateBlock, type Fault, fault } from '../../../base/index.ts'

/** The most certificates of a chain; real ones have three. */
const longestChain = 100

/** Returns a text as one PEM certificate. @throws Fault MalformedCertificate */
export function checkedCertificate(text: string): X509Certificate {
  const blocks = certificatesIn(text)
  if (blocks?.length !== 1) throw notPem()
  return readCertificate(blocks[0]!) // the only one
}

/** Returns a text as an unencrypted private key. @throws Fault MalformedCertificate */
export function checkedPrivateKey(text: string): KeyObject {
  try {
    return createPrivateKey(text)
  } catch {
    throw notPem()
  }
}

/**
 * Checks that each certificate of a chain signed the previous one, beginning with the certificate itself. @throws
 * Fault MalformedCertificate in AWS's words; -1 is the certificate that the chain is for
 */
export function checkChain(certificate: X509Certificate, text: string): void {
  const blocks = certificatesIn(text)
  if (blocks === undefined || blocks.length === 0 || blocks.length > longestChain) throw badChain()
  let signed = certificate
  for (const [index, block] of blocks.entries()) {
    const signer = readCertificate(block)
    if (!signed.checkIssued(signer) || !signed.verify(signer.publicKey)) throw badChain(index - 1)
    signed = signer
  }
}

/** Checks that a certificate is valid now; AWS's message is the same as for a malformed one (behaviour CRED-56). */
export function checkInForce(certificate: X509Certificate, now: number): void {
  if (now < certificate.validFromDate.getTime() || now > expiryOf(certificate)) throw notPem()
}

/** Returns when a certificate expires, in milliseconds since the epoch. */
export function expiryOf(certificate: X509Certificate): number {
  return certificate.validToDate.getTime()
}

function readCertificate(pem: string): X509Certificate {
  try {
    return new X509Certificate(pem)
  } catch {
    throw notPem()
  }
}

/** Returns the certificates of a PEM text, or undefined if there is anything else between them. */
function certificatesIn(text: string): readonly string[] | undefined {
  const blocks = text.match(certificateBlock) ?? []
  return text.replace(certificateBlock, '').trim() === '' ? blocks : undefined
}

function notPem(): Fault {
  return malformed('Unable to parse certificate. Please ensure the certificate is in PEM format.')
}

function badChain(index?: number): Fault {
  const which =
    index === undefined ? '' : ` The index within the chain of the invalid certificate is: ${index}`
  return malformed(
    `Unable to validate certificate chain. The certificate chain must start with the immediate signing certificate, followed by any intermediaries in order.${which}`,
  )
}

function malformed(message: string): Fault {
  return fault('MalformedCertificate', message, 400)
}
