/** Returns what makes a thing at the first call for it, and gives the same from then on. */
export function atFirstCall<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () => {
    made ??= make()
    return made
  }
}
