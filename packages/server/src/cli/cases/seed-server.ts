import { assert, Fault } from '../../base/index.ts'
import type { Graph } from '../../graph/index.ts'
import { createOmen, type RunningOmen } from '../../index.ts'
import type { Check } from '../../learn/form/index.ts'
import { type CheckAnswer, judgeCheck, Kept } from '../../learn/index.ts'
import { SeedProblem } from '../../seed/index.ts'
import { graphOfAccount } from '../../services/omen/search/index.ts'
import { askAction, askAssume, askPass } from '../../testing/index.ts'
import { badSyntax } from '../failure.ts'
import type { PolicyQuestion } from './types.ts'

/** A server in process with a seed, for questions about its users and roles. */
export class SeedServer {
  readonly #omen: RunningOmen
  readonly #kept = new Kept()

  private constructor(omen: RunningOmen) {
    this.#omen = omen
  }

  /** @throws CommandFailure with the place of a mistake in the seed */
  static async open(seed: string): Promise<SeedServer> {
    try {
      return new SeedServer(await createOmen({ seed, port: false }))
    } catch (error) {
      throw error instanceof SeedProblem ? badSyntax(error.message) : error
    }
  }

  /** The question with the policies that decide it; a string if it cannot be asked. */
  async ask(question: Exclude<PolicyQuestion, { type: 'engine' }>) {
    try {
      const who = this.#omen.as(question.who)
      const { judged } = await (question.type === 'action'
        ? askAction(who, question.action, question.resource, question.context)
        : question.type === 'assume'
          ? askAssume(who, question.role, question.context)
          : askPass(who, question.role, question.service))
      return judged
    } catch (error) {
      if (error instanceof Fault || error instanceof TypeError) return error.message
      throw error
    }
  }

  /** The answer of a check; a string if it cannot be asked. Calls keep sessions and texts for later cases of the file. */
  async check(check: Check): Promise<CheckAnswer | string> {
    try {
      return await judgeCheck(check, { omen: this.#omen, kept: this.#kept })
    } catch (error) {
      if (error instanceof TypeError) return error.message
      throw error
    }
  }

  /** The graph of the first account. */
  graph(): Graph {
    const { deps } = this.#omen.omen
    const account = deps.directory.loaded(deps.firstAccount)
    assert(account !== undefined, 'the first account is in memory')
    return graphOfAccount(account, deps).graph
  }

  close(): Promise<void> {
    return this.#omen.close()
  }
}
