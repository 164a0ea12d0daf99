/** How much is remembered of what is made of texts. */
export interface PerTextLimits {
  /** So many texts; when there are more, all are forgotten. Default 1,000. */
  readonly texts?: number
  /** Characters of a text; of longer ones nothing is remembered. Default 4,096. */
  readonly length?: number
}

/** For texts of the house's own data, which are many and finitely many: all are remembered. */
export const ownTexts: PerTextLimits = { texts: Number.POSITIVE_INFINITY, length: Number.POSITIVE_INFINITY }

/** Remembers what is made of a text, within limits: callers send the same few texts again and again, but may send others. */
export function perText<T>(
  make: (text: string) => T,
  { texts = 1_000, length = 4_096 }: PerTextLimits = {},
): (text: string) => T {
  const made = new Map<string, T>()
  return (text) => {
    const known = made.get(text)
    if (known !== undefined) return known
    const value = make(text)
    if (text.length > length) return value
    if (made.size >= texts) made.clear()
    made.set(text, value)
    return value
  }
}
