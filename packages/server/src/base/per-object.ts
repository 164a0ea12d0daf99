/** Remembers what is made of an object, as long as there is the object; it must hang on nothing that changes in it. */
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
