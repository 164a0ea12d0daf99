/** Limits of a cache by text. */
export interface PerTextLimits {
  /** The most texts; beyond that, the cache is emptied. Default 1,000. */
  readonly texts?: number
  /** The most characters of a text; longer ones are not cached. Default 4,096. */
  readonly length?: number
}

/**
 * Caches a value computed from a text, within limits: callers usually send the same few texts, but may send others.
 */
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
