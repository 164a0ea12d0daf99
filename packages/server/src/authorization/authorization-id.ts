/** 128 bits in base 36, as long as AWS's own (behaviour RSN-8). */
const length = 25
const digits = /^[0-9a-z]{25}$/

/**
 * Returns the authorization id of a call: its request id in AWS's other spelling, so that only one of them is stored.
 */
export function authorizationIdOf(requestId: string): string {
  return BigInt(`0x${requestId.replaceAll('-', '')}`)
    .toString(36)
    .padStart(length, '0')
}

/** Returns the request id of an authorization id, or undefined if the text is not one. */
export function requestIdOf(authorizationId: string): string | undefined {
  if (!digits.test(authorizationId)) return undefined
  let number = 0n
  for (const digit of authorizationId) number = number * 36n + BigInt(Number.parseInt(digit, 36))
  const hex = number.toString(16).padStart(32, '0')
  if (hex.length > 32) return undefined
  const parts = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)]
  return parts.join('-')
}
