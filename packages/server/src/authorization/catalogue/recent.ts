/** Caches the results of `make` for the keys used last, at most `limit` of them. */
export function recent<Key, Value>(limit: number, make: (key: Key) => Value): (key: Key) => Value {
  const kept = new Map<Key, Value>()
  return (key) => {
    const found = kept.get(key)
    const value = found ?? make(key)
    kept.delete(key)
    kept.set(key, value)
    if (kept.size > limit) kept.delete(kept.keys().next().value!)
    return value
  }
}
