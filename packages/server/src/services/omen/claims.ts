import { invalid } from './faults.ts'

const limits = {
  /** Characters of all claims of a request, as JSON. */
  characters: 20_000,
  /** Values in a list or an object of a claim. */
  values: 100,
  /** Lists and objects in each other: session tags are lists in an object in an object. */
  depth: 4,
} as const

/** The claims that a request states of the token of its start. */
export interface ClaimsAsked {
  readonly claims?: Readonly<Record<string, unknown>> | undefined
  readonly claimsComplete?: boolean | undefined
}

/** Checks claims before anything is made of them. The model limits their number and names. @throws Fault if they are too large */
export function checkClaims({ claims, claimsComplete }: ClaimsAsked): void {
  if (claims === undefined) {
    if (claimsComplete === true) throw invalid('The request must not have claimsComplete without claims.')
    return
  }
  for (const [name, value] of Object.entries(claims))
    if (!isSmall(value, limits.depth)) throw invalid(`The value of the claim ${name} is too large.`)
  if (JSON.stringify(claims).length > limits.characters)
    throw invalid(`The claims must have at most ${limits.characters} characters.`)
}

function isSmall(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return true
  const values = Object.values(value)
  return depth > 0 && values.length <= limits.values && values.every((each) => isSmall(each, depth - 1))
}
