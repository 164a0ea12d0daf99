/** Base64 of text in UTF-8, written by hand because this folder also runs in a browser. */
export function base64(text: string): string {
  const bytes = new TextEncoder().encode(text)
  let binary = ''
  for (const byte of bytes) binary += String.fromCharCode(byte)
  return btoa(binary)
}

/** Most blocks that Fn::Cidr returns. Source: AWS CloudFormation User Guide, Fn::Cidr. */
const mostBlocks = 256

/**
 * The blocks of Fn::Cidr: `count` consecutive blocks of IPv4 with `bits` bits for hosts. Undefined if the block is not
 * IPv4, or has no room for them.
 */
export function cidrBlocks(block: string, count: number, bits: number): readonly string[] | undefined {
  const found = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(block)
  if (found === null) return undefined
  const [a = 0, b = 0, c = 0, d = 0, prefix = 0] = found.slice(1).map(Number)
  if (Math.max(a, b, c, d) > 255 || prefix > 32) return undefined
  if (!Number.isInteger(count) || count < 1 || count > mostBlocks) return undefined
  if (!Number.isInteger(bits) || bits < 0 || bits > 32 - prefix) return undefined
  const size = 2 ** bits
  const room = 2 ** (32 - prefix)
  if (count * size > room) return undefined
  const address = ((a * 256 + b) * 256 + c) * 256 + d
  const first = address - (address % room)
  return Array.from({ length: count }, (_, index) => {
    const start = first + index * size
    const parts = [start / 2 ** 24, start / 2 ** 16, start / 2 ** 8, start].map(
      (part) => Math.floor(part) % 256,
    )
    return `${parts.join('.')}/${32 - bits}`
  })
}
