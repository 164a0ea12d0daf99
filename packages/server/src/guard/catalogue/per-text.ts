/** Remembers what is made of a text. For the little languages of guard.pack, whose texts are many and finitely many. */
export function perText<T>(make: (text: string) => T): (text: string) => T {
  const made = new Map<string, T>()
  return (text) => {
    let known = made.get(text)
    if (known === undefined) {
      known = make(text)
      made.set(text, known)
    }
    return known
  }
}
