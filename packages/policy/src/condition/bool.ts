/** A boolean as policies and requests write it, in any case. */
export function parseBool(text: string): boolean | undefined {
  const lowered = text.toLowerCase()
  return lowered === 'true' ? true : lowered === 'false' ? false : undefined
}
