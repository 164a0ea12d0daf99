import type { JWK } from 'jose'
import { type Random, uuid } from '../../base/index.ts'
import { type Claims, type ShapeName, shapes } from './shapes.ts'

/** The content of a token. */
export interface TokenWish {
  readonly like: ShapeName
  readonly issuer?: string
  readonly subject?: string
  /** One at least. */
  readonly audiences: readonly string[]
  readonly lifetimeSeconds?: number
  /** These override the shape's claims. */
  readonly claims: Claims
}

/** A signed ID token in the shape of an issuer of the world. */
export async function mintToken(wish: TokenWish, key: JWK, now: number, random: Random): Promise<string> {
  const { importJWK, SignJWT } = await import('jose')
  const shape = shapes[wish.like]
  const subject = wish.subject ?? shape.subject
  const issuedAt = Math.floor(now / 1000)
  const { audiences } = wish
  const claims = {
    jti: uuid(random),
    sub: subject,
    aud: audiences.length > 1 || shape.listsAudiences ? [...audiences] : (audiences[0] ?? ''),
    ...shape.claims(subject),
    iss: wish.issuer ?? shape.issuer,
    nbf: issuedAt,
    exp: issuedAt + (wish.lifetimeSeconds ?? shape.lifetimeSeconds),
    iat: issuedAt,
    ...wish.claims,
  }
  return new SignJWT(claims)
    .setProtectedHeader({ typ: 'JWT', alg: 'RS256', ...(key.kid === undefined ? {} : { kid: key.kid }) })
    .sign(await importJWK(key, 'RS256'))
}
