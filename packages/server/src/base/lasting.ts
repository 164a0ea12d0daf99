/** The serialized form of a value, and the serializer that made it. */
export interface Written {
  by: unknown
  text: string
}

const lastingValues = new WeakMap<object, Written>()

/**
 * Declares that a value and everything in it never changes and will be answered again, so its serialized form may be
 * cached as long as the value exists.
 */
export function lasting<T extends object>(value: T): T {
  lastingValues.set(value, { by: undefined, text: '' })
  return value
}

/** Returns the place for the serialized form of a lasting value, or undefined if the value is not lasting. */
export function writtenOf(value: object): Written | undefined {
  return lastingValues.get(value)
}
