import type { X509Certificate } from 'node:crypto'
import { perText } from '../../base/index.ts'
import { type Account, revocationLists, type TrustAnchor } from '../../directory/index.ts'
import type { X509Signer } from '../../wire/sigv4/index.ts'
import { authoritiesIn } from './authorities.ts'
import { type CertificateFacts, readCertificate } from './certificate.ts'
import { denied } from './faults.ts'
import { type Revocations, readRevocations } from './revocation.ts'

/** Algorithms by which no certificate may be signed. */
const weak: ReadonlySet<string> = new Set([
  '1.2.840.113549.1.1.2',
  '1.2.840.113549.1.1.4',
  '1.2.840.113549.1.1.5',
  '1.2.840.10045.4.1',
])

/**
 * Returns what the certificate of a signer says, if the trust anchor vouches for it. @throws Fault AccessDeniedException
 * (behaviours RAN-11 and RAN-16)
 */
export function trustedLeaf(
  { leaf, chain }: X509Signer,
  anchor: TrustAnchor,
  account: Account,
  now: number,
): CertificateFacts {
  const facts = factsOf(leaf)
  const isFit =
    facts.version === 3 &&
    !facts.isAuthority &&
    facts.keyUsage?.has('digitalSignature') === true &&
    !weak.has(facts.algorithm)
  if (!isFit) throw denied('Untrusted certificate. Insufficient certificate')
  if (!isValidAt(facts, now)) throw denied('Untrusted certificate. Certificate is expired or not yet valid')
  const roots = authoritiesIn(anchor.bundle).map(({ certificate }) => certificate)
  let below = leaf
  const path = [leaf]
  // a client sends its intermediate certificates in any order
  for (let depth = 0; depth <= chain.length; depth++) {
    const root = roots.find((each) => vouches(each, below, now))
    if (root !== undefined) {
      refuseRevoked([...path, root], account, anchor)
      return facts
    }
    const next = chain.find((each) => !path.includes(each) && vouches(each, below, now))
    if (next === undefined) break
    path.push(next)
    below = next
  }
  throw denied('Untrusted signing certificate')
}

function factsOf(certificate: X509Certificate): CertificateFacts {
  try {
    return readCertificate(certificate.raw)
  } catch {
    throw denied('Untrusted certificate. Insufficient certificate')
  }
}

/** Returns whether an authority signed a certificate, and may. */
function vouches(authority: X509Certificate, certificate: X509Certificate, now: number): boolean {
  if (!certificate.checkIssued(authority) || !certificate.verify(authority.publicKey)) return false
  const facts = factsOf(authority)
  return facts.isAuthority && isValidAt(facts, now) && (facts.keyUsage?.has('keyCertSign') ?? true)
}

function isValidAt({ from, until }: CertificateFacts, now: number): boolean {
  return from <= now && now <= until
}

const parsed = perText((base64): Revocations => readRevocations(Buffer.from(base64, 'base64')), { texts: 50 })

/** @throws Fault AccessDeniedException if an authority of the path revoked a certificate below it */
function refuseRevoked(path: readonly X509Certificate[], account: Account, anchor: TrustAnchor): void {
  const lists = [...account.table(revocationLists).values()]
    .filter((list) => list.enabled && list.anchor === anchor.id)
    .map(({ data }) => parsed(data))
  for (const [index, certificate] of path.slice(0, -1).entries()) {
    const authority = path[index + 1]!
    const { serial } = factsOf(certificate)
    if (lists.some((list) => list.serials.has(serial) && list.isSignedBy(authority.publicKey)))
      throw denied('Untrusted certificate. Certificate is revoked')
  }
}
