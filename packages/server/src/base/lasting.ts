/** What was written of a value, and by whom. */
export interface Written {
  by: unknown
  text: string
}

const lastingValues = new WeakMap<object, Written>()

/**
 * Says that a value never changes, nor anything in it, and will be answered with again: what is written of it
 * may be kept as long as the value itself.
 */
export function lasting<T extends object>(value: T): T {
  lastingValues.set(value, { by: undefined, text: '' })
  return value
}

/** Where to keep what is written of a lasting value; undefined where the value is not lasting. */
export function writtenOf(value: object): Written | undefined {
  return lastingValues.get(value)
}
