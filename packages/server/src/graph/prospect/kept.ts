/** The most answers that are kept. */
const most = 50

/** Returns the value that is kept under a name, or makes it. */
export function kept<Found extends object>(
  known: Map<string, Found>,
  name: string,
  find: () => Found,
): Found {
  let found = known.get(name)
  if (found === undefined) {
    found = find()
    if (known.size >= most) known.clear()
    known.set(name, found)
  }
  return found
}
