import type { Vault } from '../base/index.ts'

const purpose = 'metadata-token'
/** Longest life of a token, in seconds: six hours. */
export const longestToken = 21_600

/** A token for one instance's metadata: its life and its instance are sealed inside, and nothing is kept. */
export function sealToken(vault: Vault, instanceId: string, expiresAt: number): string {
  return vault.sealText(purpose, `${instanceId} ${expiresAt}`)
}

/** When the token ends; undefined where it is not this instance's, was altered, or has ended. */
export function openToken(vault: Vault, token: string, instanceId: string, now: number): number | undefined {
  if (token.length > 512) return undefined
  const [owner, expiresAt] = vault.openText(purpose, token)?.split(' ') ?? []
  const end = Number(expiresAt)
  return owner === instanceId && now < end ? end : undefined
}
