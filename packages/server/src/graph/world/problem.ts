/** A file that is not what it must be. */
export class WorldProblem extends Error {
  override readonly name = 'WorldProblem'
}
