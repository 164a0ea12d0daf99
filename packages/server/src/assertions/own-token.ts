import { createPrivateKey, type JsonWebKey, sign } from 'node:crypto'
import type { Dependencies } from '../authorization/index.ts'
import { assert } from '../base/index.ts'
import { signingKeys } from '../grants/index.ts'

type Claims = Readonly<Record<string, unknown>>

/** Signs a token with these claims. */
export type TokenSigner = (claims: Claims) => string

/** Returns the signer of tokens in the name of an issuer that this server is: of a cluster, or of identity pools. */
export async function tokenSigner(deps: Dependencies): Promise<TokenSigner> {
  const key = (await signingKeys(deps)).find(({ alg }) => alg === 'RS256')
  assert(key !== undefined, 'a house signs by RS256')
  const { alg, kid } = key
  const secret = createPrivateKey({ key: key as JsonWebKey, format: 'jwk' }) // a JWK with its private parts
  return (claims) => {
    const text = `${encoded({ typ: 'JWT', alg, kid })}.${encoded(claims)}`
    return `${text}.${sign('sha256', Buffer.from(text), secret).toString('base64url')}`
  }
}

/** A token that this server signs in the name of an issuer that it is. */
export async function signToken(claims: Claims, deps: Dependencies): Promise<string> {
  return (await tokenSigner(deps))(claims)
}

function encoded(value: Claims): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}
