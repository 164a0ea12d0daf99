/** A seed cannot be read or planted: one line for people, with the place in the file if there is one. */
export class SeedProblem extends Error {
  override readonly name = 'SeedProblem'
}
