import type { JWK } from 'jose'
import { CommandFailure, exitCodes } from '../failure.ts'
import type { Home, KeptIssuer } from '../home.ts'

/** The key with which the home's issuer signs, made when it is first wanted. */
export async function issuerKey(home: Home): Promise<JWK> {
  const kept = home.readIssuer()
  if (kept !== undefined) return kept.key
  const { calculateJwkThumbprint, exportJWK, generateKeyPair } = await import('jose')
  const { privateKey } = await generateKeyPair('RS256', { extractable: true })
  const bare = await exportJWK(privateKey)
  const key = { ...bare, kid: await calculateJwkThumbprint(bare), alg: 'RS256', use: 'sig' }
  home.prepare()
  home.writeIssuer({ key })
  return key
}

/** The address of the home's issuer. @throws CommandFailure if it never ran */
export function issuerUrl(home: Home): string {
  const url: KeptIssuer['url'] = home.readIssuer()?.url
  if (url === undefined)
    throw new CommandFailure(
      'the issuer has not been served from this home yet: omen oidc serve',
      exitCodes.other,
    )
  return url
}

/** The part of the key that everybody may have. */
export function publicPart({ kty, n, e, kid, alg, use }: JWK): JWK {
  return { kty, n, e, kid, alg, use } as JWK // members that an RSA key has, by `issuerKey`
}
