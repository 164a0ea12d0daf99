/** Remembers what is made of an object, as long as there is the object: one that changes in place is none to make it of. */
export function perObject<K extends object, T extends object | string>(
  make: (object: K) => T,
): (object: K) => T {
  const made = new WeakMap<K, T>()
  return (object) => {
    const known = made.get(object)
    if (known !== undefined) return known
    const value = make(object)
    made.set(object, value)
    return value
  }
}
