/**
 * Caches a value computed from an object as long as the object exists. The value must not depend on anything in the
 * object that changes.
 */
export function perObject<K extends object, T extends NonNullable<unknown>>(
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
