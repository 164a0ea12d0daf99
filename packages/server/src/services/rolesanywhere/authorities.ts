import { X509Certificate } from 'node:crypto'
import { certificateBlock, perText } from '../../base/index.ts'
import { type CertificateFacts, readCertificate } from './certificate.ts'
import { invalid } from './faults.ts'

/** A certificate with what is read of it. */
export interface Authority {
  readonly certificate: X509Certificate
  readonly facts: CertificateFacts
}

const bundleMost = 10

/** Returns the authorities of a bundle in PEM. @throws Fault ValidationException (behaviour RAN-2) */
export const authoritiesIn = perText(
  (bundle): readonly Authority[] => {
    const pems = bundle.match(certificateBlock) ?? []
    if (pems.length === 0) throw invalid('There is no certificate in PEM.')
    if (pems.length > bundleMost) throw invalid(`A bundle has at most ${bundleMost} certificates.`)
    return pems.map((pem) => {
      const read = authorityOf(pem)
      if (read === undefined) throw invalid('A certificate cannot be read.')
      if (!read.facts.isAuthority) throw invalid('Incorrect basic constraints for CA certificate')
      return read
    })
  },
  { texts: 100 },
)

function authorityOf(pem: string): Authority | undefined {
  try {
    const certificate = new X509Certificate(pem)
    return { certificate, facts: readCertificate(certificate.raw) }
  } catch {
    return undefined
  }
}
