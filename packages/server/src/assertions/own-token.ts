import type { Dependencies } from '../authorization/index.ts'
import { signingKeys } from '../grants/index.ts'

/** A token that this server signs in the name of an issuer that it is: of a cluster, or of identity pools. */
export async function signToken(
  claims: Readonly<Record<string, unknown>>,
  house: Dependencies,
): Promise<string> {
  const { importJWK, SignJWT } = await import('jose')
  const key = (await signingKeys(house)).find(({ alg }) => alg === 'RS256')!
  return new SignJWT(claims)
    .setProtectedHeader({ typ: 'JWT', alg: key.alg, kid: key.kid })
    .sign(await importJWK(key, key.alg))
}
