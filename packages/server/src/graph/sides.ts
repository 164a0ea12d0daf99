import type { Technique } from '../authorization/catalogue/index.ts'
import { controls } from './controls.ts'
import type { Neighbours } from './neighbours.ts'
import { Prover } from './prove.ts'
import { type Changer, mayChange } from './search-parts.ts'
import type { Shared } from './shared.ts'
import type { Actor } from './trust-question.ts'
import type { Person } from './world.ts'

/** What is asked of one account. */
export interface Side {
  readonly shared: Shared
  readonly prover: Prover
}

/** What a search asks of each account that is in view. */
export class Sides {
  readonly #own: Shared
  readonly #neighbours: Neighbours<Shared>
  readonly #techniques: readonly Technique[]
  readonly #kind: string
  readonly #sides = new Map<string, Side>()
  readonly #useful = new Map<Person, boolean>()

  constructor(own: Shared, techniques: readonly Technique[], kind: string) {
    this.#own = own
    this.#neighbours = own.neighbours
    this.#techniques = techniques
    this.#kind = kind
  }

  /** Of an account; of the first one if that account is not in view. */
  of(account: string): Side {
    let side = this.#sides.get(account)
    if (side === undefined) {
      side = this.#sideOf(this.#neighbours.of(account) ?? this.#own)
      this.#sides.set(account, side)
    }
    return side
  }

  /** Of the account of an actor. */
  ofActor({ variant }: Actor): Side {
    return this.of(variant.person.account)
  }

  /** How many questions were asked. */
  get asked(): number {
    return [...this.#sides.values()].reduce((sum, { prover }) => sum + prover.asked, 0)
  }

  /** Whether a principal can do anything with which an attacker gets further; a new one can. */
  isUseful(person: Person): boolean {
    let useful = this.#useful.get(person)
    if (useful === undefined) {
      useful =
        this.#neighbours.person(person.arn) === undefined ||
        this.of(person.account).shared.isUseful(person, this.#techniques, this.#kind)
      this.#useful.set(person, useful)
    }
    return useful
  }

  /** Whether an Allow of a changer names a principal of its account, or a group or a policy that it has. */
  mayChange(changer: Changer, person: Person): boolean {
    const { account } = changer.actor.variant.person
    return account === person.account && mayChange(this.of(account).shared, changer, person)
  }

  #sideOf(shared: Shared): Side {
    const prover: Prover = new Prover(shared.questions, (actor, thing) =>
      controls({ shared, prover }, this.#techniques, actor, thing),
    )
    prover.variantOf = (role) => this.of(role.account).shared.wardrobe.variant(role, [])
    return { shared, prover }
  }
}
