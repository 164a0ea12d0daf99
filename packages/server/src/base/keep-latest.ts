/** Puts an entry last in a map of at most so many; where there are more, the one that was put first leaves. */
export function keepLatest<K, V>(map: Map<K, V>, key: K, value: V, most: number): void {
  map.delete(key)
  map.set(key, value)
  if (map.size > most) map.delete(map.keys().next().value!) // it is not empty
}
