import type { JWK } from 'jose'
import type { Dependencies } from '../../../authorization/index.ts'

/** The algorithms that sign web identity tokens. */
export const signingAlgorithms = ['RS256', 'ES384'] as const
export type SigningAlgorithm = (typeof signingAlgorithms)[number]

/** A private key with the names of its published public key. */
export type SigningKey = JWK & { readonly kid: string; readonly alg: SigningAlgorithm }

const setting = 'outbound-signing-keys'
const purpose = 'outbound-signing-keys'

const known = new WeakMap<Dependencies, Promise<readonly SigningKey[]>>()

/** The installation's keys, one for each algorithm; created on first use, and stored sealed for all nodes. */
export function signingKeys(house: Dependencies): Promise<readonly SigningKey[]> {
  let keys = known.get(house)
  if (keys === undefined) {
    keys = readKeys(house).then((kept) => kept ?? makeKeys(house))
    known.set(house, keys)
    keys.catch(() => known.delete(house)) // asked again, it is tried again
  }
  return keys
}

/** The public keys. */
export async function publicKeys(house: Dependencies): Promise<readonly JWK[]> {
  const keys = await signingKeys(house)
  return keys.map(({ kty, kid, alg, n, e, crv, x, y }) => {
    const parts = kty === 'RSA' ? { n, e } : { crv, x, y }
    return { kty, use: 'sig', kid, alg, ...parts } as JWK // the public parts of one
  })
}

async function readKeys({ directory, vault }: Dependencies): Promise<readonly SigningKey[] | undefined> {
  const sealed = await directory.store.readSetting(setting)
  const text = sealed === undefined ? undefined : vault.openText(purpose, sealed)
  return text === undefined ? undefined : keysIn(text)
}

function keysIn(text: string): readonly SigningKey[] {
  return JSON.parse(text) as SigningKey[] // written by makeKeys
}

async function makeKeys(house: Dependencies): Promise<readonly SigningKey[]> {
  const { calculateJwkThumbprint, exportJWK, generateKeyPair } = await import('jose')
  const keys = await Promise.all(
    signingAlgorithms.map(async (alg): Promise<SigningKey> => {
      const { privateKey } = await generateKeyPair(alg, { extractable: true })
      const jwk = await exportJWK(privateKey)
      return { ...jwk, alg, kid: await calculateJwkThumbprint(jwk) }
    }),
  )
  const sealed = house.vault.sealText(purpose, JSON.stringify(keys))
  const { store } = house.directory
  for (;;) {
    // what is there cannot be opened, or is nothing: `readKeys` found no keys in it
    const before = await store.readSetting(setting)
    const others = before === undefined ? undefined : house.vault.openText(purpose, before)
    // if two nodes made keys at the same time, the first ones apply to both
    if (others !== undefined) return keysIn(others)
    if (await store.swapSetting(setting, before, sealed)) return keys
  }
}
