/** An error that only a bug causes. The gate answers it as InternalFailure and logs it. */
class AssertionFailure extends Error {
  override readonly name = 'AssertionFailure'
}

/** Throws if an invariant does not hold: a bug, never the user's error. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new AssertionFailure(message)
}
