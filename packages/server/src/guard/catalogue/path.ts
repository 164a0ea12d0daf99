/**
 * The steps to a place in a call's input. A text is the name of a member; the numbers are `EACH`, `VALUES` and `KEYS`.
 * `ELEMENT` comes first if the place is in the element that a need is about, and not in the whole input.
 */
export type Path = readonly (string | typeof eachStep | typeof values | typeof keys | typeof elementStep)[]

/** Each element of a list. */
export const eachStep = 0
/** Each value of a map. */
export const values = 1
/** Each key of a map. */
export const keys = 2
/** The element of the list that a need names in `each`. */
export const elementStep = 3
