/** Puts an entry last in a map with a maximum size. If the map is full, removes the entry that was put first. */
export function keepLatest<K, V>(map: Map<K, V>, key: K, value: V, most: number): void {
  map.delete(key)
  map.set(key, value)
  if (map.size > most) map.delete(map.keys().next().value!) // it is not empty
}
