import { type KeyObject, verify } from 'node:crypto'
import { members, oidOf, readAll, timeOf } from './der.ts'

/** A revocation list. */
export interface Revocations {
  /** The issuer's name as it is encoded, in base64. */
  readonly issuer: string
  readonly serials: ReadonlySet<string>
  /** Returns whether a key signed the list. */
  isSignedBy(key: KeyObject): boolean
}

/** Algorithms of signatures, with the hash of each. */
const hashes: Readonly<Record<string, string>> = {
  '1.2.840.113549.1.1.11': 'sha256',
  '1.2.840.113549.1.1.12': 'sha384',
  '1.2.840.113549.1.1.13': 'sha512',
  '1.2.840.10045.4.3.2': 'sha256',
  '1.2.840.10045.4.3.3': 'sha384',
  '1.2.840.10045.4.3.4': 'sha512',
}

/** Reads a list in PEM or in DER. @throws Error if it cannot be read */
export function readRevocations(data: Buffer): Revocations {
  const pem = /-----BEGIN X509 CRL-----([\sA-Za-z0-9+/=]+)-----END X509 CRL-----/.exec(
    data.toString('latin1'),
  )
  const der = pem === null ? data : Buffer.from(pem[1]!, 'base64')
  const [body, algorithm, signature] = members(readAll(der)[0]!)
  const parts = members(body!)
  const rest = parts[0]?.tag === 0x02 ? parts.slice(1) : parts
  const [, issuer, thisUpdate, ...tail] = rest
  timeOf(thisUpdate!)
  const revoked = tail.find(({ tag }) => tag === 0x30)
  const hash = hashes[oidOf(members(algorithm!)[0]!)]
  if (hash === undefined) throw new Error('an algorithm that is not taken')
  return {
    issuer: issuer!.whole.toString('base64'),
    serials: new Set(
      (revoked === undefined ? [] : members(revoked)).map((each) =>
        members(each)[0]!
          .value.toString('hex')
          .replace(/^(?:00)+(?=.)/, ''),
      ),
    ),
    isSignedBy: (key) => verify(hash, body!.whole, key, signature!.value.subarray(1)),
  }
}
