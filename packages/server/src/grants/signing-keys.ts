import type { JWK } from 'jose'
import type { GrantsDeps } from './deps.ts'

/** The algorithms that sign web identity tokens. */
export const signingAlgorithms = ['RS256', 'ES384'] as const
export type SigningAlgorithm = (typeof signingAlgorithms)[number]

/** The names of the published keys (behaviour STS-144). */
const keyIds: Readonly<Record<SigningAlgorithm, string>> = { RS256: 'RSA_0', ES384: 'EC384_0' }

/** A private key with the names of its published public key. */
export type SigningKey = JWK & { readonly kid: string; readonly alg: SigningAlgorithm }

const setting = 'outbound-signing-keys'
const purpose = 'outbound-signing-keys'

/** The keys of a server, with the sealed text that they were read from. */
interface Known {
  readonly sealed: string
  readonly keys: readonly SigningKey[]
}

const known = new WeakMap<GrantsDeps, Known>()
const making = new WeakMap<GrantsDeps, Promise<readonly SigningKey[]>>()

/**
 * The installation's keys, one for each algorithm; created on first use, and stored sealed for all nodes. The store is asked
 * each time: another node may have emptied it and made others.
 */
export async function signingKeys(deps: GrantsDeps): Promise<readonly SigningKey[]> {
  const sealed = await deps.directory.store.readSetting(setting)
  if (sealed !== undefined) {
    const kept = known.get(deps)
    if (kept?.sealed === sealed) return kept.keys
    const keys = opened(sealed, deps)
    if (keys !== undefined) {
      known.set(deps, { sealed, keys })
      return keys
    }
  }
  let made = making.get(deps)
  if (made === undefined) {
    made = makeKeys(deps).finally(() => making.delete(deps))
    making.set(deps, made)
  }
  return made
}

/** The public keys. */
export async function publicKeys(deps: GrantsDeps): Promise<readonly JWK[]> {
  const keys = await signingKeys(deps)
  return keys.map(({ kty, kid, alg, n, e, crv, x, y }) => {
    const parts = kty === 'RSA' ? { n, e } : { crv, x, y }
    return { kty, use: 'sig', kid, alg, ...parts } as JWK // the public parts of one
  })
}

function opened(sealed: string, { vault }: GrantsDeps): readonly SigningKey[] | undefined {
  const text = vault.openText(purpose, sealed)
  return text === undefined ? undefined : keysIn(text)
}

function keysIn(text: string): readonly SigningKey[] {
  return JSON.parse(text) as SigningKey[] // written by makeKeys
}

async function makeKeys(deps: GrantsDeps): Promise<readonly SigningKey[]> {
  const { exportJWK, generateKeyPair } = await import('jose')
  const keys = await Promise.all(
    signingAlgorithms.map(async (alg): Promise<SigningKey> => {
      const { privateKey } = await generateKeyPair(alg, { extractable: true })
      const jwk = await exportJWK(privateKey)
      return { ...jwk, alg, kid: keyIds[alg] }
    }),
  )
  const sealed = deps.vault.sealText(purpose, JSON.stringify(keys))
  const { store } = deps.directory
  for (;;) {
    // what is there cannot be opened, or is nothing
    const before = await store.readSetting(setting)
    const others = before === undefined ? undefined : opened(before, deps)
    // if two nodes made keys at the same time, the first ones apply to both
    if (others !== undefined) return others
    if (await store.swapSetting(setting, before, sealed)) return keys
  }
}
