import type { Call } from '../../authorization/index.ts'
import { signingKeys } from '../../grants/index.ts'
import type { SignedCaller } from '../../session/index.ts'
import { baseOf } from './oauth-client.ts'

const algorithm = 'ES384'

/** Returns the token that says who logged in: `sub` is the ARN (behaviour SSO-6). */
export async function idToken(
  audience: string,
  { arn }: SignedCaller,
  endsAt: number,
  { now, origin, deps }: Call,
): Promise<string> {
  const { importJWK, SignJWT } = await import('jose')
  const key = (await signingKeys(deps)).find(({ alg }) => alg === algorithm)! // there is one of each algorithm
  const iat = Math.floor(now / 1000)
  return new SignJWT({ iss: baseOf(origin), sub: arn, aud: audience, iat, exp: Math.floor(endsAt / 1000) })
    .setProtectedHeader({ alg: algorithm, kid: key.kid, typ: 'JWT' })
    .sign(await importJWK(key, algorithm))
}
