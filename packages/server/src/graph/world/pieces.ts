/** A point between pieces of work, at which other work may run. */
export type Pause = undefined

/** After so many entries that are only looked at, others may have their turn. */
const entriesMost = 64

/** The entries that fit, with pauses between. */
export function* fitting<Entry, Fitting extends Entry>(
  entries: Iterable<Entry>,
  fits: (entry: Entry) => entry is Fitting,
): Generator<Fitting | Pause> {
  let count = 0
  for (const entry of entries) {
    if (++count % entriesMost === 0) yield undefined
    if (fits(entry)) yield entry
  }
}

/** Returns the value that pieces end with, all done at once. */
export function ended<Value>(pieces: Generator<unknown, Value>): Value {
  for (;;) {
    const { done, value } = pieces.next()
    if (done === true) return value
  }
}
