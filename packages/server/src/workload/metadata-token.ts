import type { Vault } from '../base/index.ts'

const purpose = 'metadata-token'
/** The longest life of a token, in seconds: six hours. */
export const longestToken = 21_600

/** A token for an instance's metadata. Its life and its instance are sealed inside; nothing is stored. */
export function sealToken(vault: Vault, instanceId: string, expiresAt: number): string {
  return vault.sealText(purpose, `${instanceId} ${expiresAt}`)
}

/** Returns when the token ends, or undefined if it is another instance's, was altered, or has ended. */
export function openToken(vault: Vault, token: string, instanceId: string, now: number): number | undefined {
  if (token.length > 512) return undefined
  const [owner, expiresAt] = vault.openText(purpose, token)?.split(' ') ?? []
  const end = Number(expiresAt)
  return owner === instanceId && now < end ? end : undefined
}
