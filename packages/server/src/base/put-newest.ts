/** Adds an entry to a map as its newest one. Of more than `most` entries, the oldest goes. */
export function putNewest<Key, Value>(map: Map<Key, Value>, most: number, key: Key, value: Value): void {
  map.delete(key)
  map.set(key, value)
  if (map.size > most) map.delete(map.keys().next().value!) // it is not empty
}
