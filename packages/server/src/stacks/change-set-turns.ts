import { fault } from '../base/index.ts'
import type { Account } from '../directory/index.ts'
import type { KeptChangeSet, KeptStacks } from './kept.ts'
import type { StackPlace } from './reading/place.ts'

/** A change set by its names. */
export interface ChangeSetNames {
  readonly place: StackPlace
  readonly stack: string
  readonly name: string
}

/** A call about a change set while the upstream has it. */
export interface Turn {
  /**
   * The upstream answered. Undefined if nobody knows whether it did what was called for: the change set is then not
   * known any more.
   */
  ended(
    succeeded: boolean | undefined,
    made?: {
      readonly made: Omit<KeptChangeSet, 'id' | 'region' | 'template' | 'stack' | 'name'>
      readonly text: string
    },
  ): Promise<void>
}

/**
 * One call at a time about a change set. Otherwise one that was made meanwhile is executed in place of the one that was
 * decided on (behaviour GRD-262).
 */
export class ChangeSetTurns {
  readonly #kept: KeptStacks
  readonly #running = new Map<string, object>()

  constructor(kept: KeptStacks) {
    this.#kept = kept
  }

  /** A change set is made: what is kept under its name counts no more. @throws Fault if a call about it runs */
  async replace(names: ChangeSetNames): Promise<Turn> {
    const end = this.#begin(names)
    const { place, stack, name } = names
    try {
      const before = await this.#kept.takeChangeSet(place, stack, name)
      return {
        ended: async (succeeded, made) => {
          if (!end.pending()) return
          try {
            if (made !== undefined)
              await this.#kept.putChangeSet(place, { ...made.made, stack, name }, made.text)
            else if (succeeded === false && before !== undefined)
              await this.#kept.putChangeSet(place, before.changeSet, before.text)
          } finally {
            end()
          }
        },
      }
    } catch (error) {
      end()
      throw error
    }
  }

  /** A change set is executed. @throws Fault if a call about it runs, or it is another one than was decided on */
  execute(names: ChangeSetNames, account: Account, decided: KeptChangeSet): Turn {
    const end = this.#begin(names)
    const now = this.#kept.findChangeSet(account, names.place.region, names.stack, names.name)
    if (now !== undefined && JSON.stringify(now) === JSON.stringify(decided))
      return { ended: async () => end() }
    end()
    throw busy(names.name)
  }

  /** @returns what ends the turn, once */
  #begin({ place, stack, name }: ChangeSetNames): (() => void) & { pending(): boolean } {
    const key = JSON.stringify([place.account, place.region, stack, name])
    if (this.#running.has(key)) throw busy(name)
    const turn = {}
    this.#running.set(key, turn)
    const pending = () => this.#running.get(key) === turn
    const end = () => {
      if (pending()) this.#running.delete(key)
    }
    return Object.assign(end, { pending })
  }
}

function busy(name: string) {
  return fault(
    'InvalidChangeSetStatus',
    `The change set ${name} is changed by another call at this moment.`,
    400,
  )
}
