/**
 * The steps to a place in a call's input. A text is the name of a member; the numbers are `EACH`, `VALUES` and `KEYS`.
 * `ELEMENT` comes first if the place is in the element that a need is about, and not in the whole input.
 */
export type Path = readonly (string | typeof EACH | typeof VALUES | typeof KEYS | typeof ELEMENT)[]

/** Each element of a list. */
export const EACH = 0
/** Each value of a map. */
export const VALUES = 1
/** Each key of a map. */
export const KEYS = 2
/** The element of the list that a need names in `each`. */
export const ELEMENT = 3
