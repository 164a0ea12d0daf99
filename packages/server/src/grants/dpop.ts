import { keepLatest } from '../base/index.ts'

/** The request that a proof must be about. */
export interface ProvenRequest {
  readonly method: string
  /** Without a query. */
  readonly url: string
  readonly now: number
  /** The id of the call: one that is run again is no second use. */
  readonly call: string
}

/** How far a proof's clock may be off, in milliseconds. */
const skew = 300_000
/** Ids of proofs that were used, so that none is used twice. */
const idsMost = 10_000
const longest = 4_096

const used = new WeakMap<object, Map<string, string>>()

/**
 * Returns the thumbprint of the key that a DPoP proof (RFC 9449) is signed with, or undefined if it proves nothing about
 * this request. A proof counts once on each node. @param server whose proofs they are
 */
export async function provenKey(
  proof: string | undefined,
  { method, url, now, call }: ProvenRequest,
  server: object,
): Promise<string | undefined> {
  if (proof === undefined || proof.length > longest) return undefined
  const { calculateJwkThumbprint, EmbeddedJWK, jwtVerify } = await import('jose')
  try {
    const { payload, protectedHeader } = await jwtVerify(proof, EmbeddedJWK, {
      algorithms: ['ES256'],
      typ: 'dpop+jwt',
      currentDate: new Date(now),
      requiredClaims: ['htm', 'htu', 'iat', 'jti'],
    })
    const { htm, htu, iat = 0, jti = '' } = payload
    if (htm !== method || htu !== url || Math.abs(iat * 1000 - now) > skew) return undefined
    const thumbprint = await calculateJwkThumbprint(protectedHeader.jwk!) // EmbeddedJWK verified it
    return isFirst(`${thumbprint} ${jti.slice(0, 128)}`, call, server) ? thumbprint : undefined
  } catch {
    return undefined // malformed, of another algorithm, or with a wrong signature
  }
}

function isFirst(id: string, call: string, server: object): boolean {
  let ids = used.get(server)
  if (ids === undefined) {
    ids = new Map()
    used.set(server, ids)
  }
  const by = ids.get(id)
  if (by !== undefined) return by === call
  keepLatest(ids, id, call, idsMost)
  return true
}
