interface Entries<Key, Value> {
  get(key: Key): Value | undefined
  set(key: Key, value: Value): unknown
}

/** The value of a key; a new one is added if there is none. */
export function valueIn<Key, Value>(entries: Entries<Key, Value>, key: Key, make: () => Value): Value {
  let value = entries.get(key)
  if (value === undefined) {
    value = make()
    entries.set(key, value)
  }
  return value
}

/** The list of a key; an empty one is added if there is none. */
export function listIn<Key, Each>(lists: Map<Key, Each[]>, key: Key): Each[] {
  return valueIn(lists, key, () => [])
}

/** The set of a key; an empty one is added if there is none. */
export function setIn<Key, Each>(sets: Map<Key, Set<Each>>, key: Key): Set<Each> {
  return valueIn(sets, key, () => new Set<Each>())
}

/** The value of a key as `valueIn` gives it, of some that are kept at most: with one more, those before it are dropped. */
export function keptIn<Key, Value>(kept: Map<Key, Value>, key: Key, most: number, make: () => Value): Value {
  return valueIn(kept, key, () => {
    const value = make()
    if (kept.size >= most) kept.clear()
    return value
  })
}
