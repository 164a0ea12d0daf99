import type { Actor } from '../request/actor.ts'
import type { Changers } from './changers.ts'
import type { Giving } from './giving.ts'
import type { Round } from './round.ts'

/** Tries the ways of an administrator to other accounts: its own, and those of principals that trust policies there name. */
export function crossFrom(
  actor: Actor,
  round: Round & { readonly changers: Changers; readonly giving: Giving },
  waysBefore: number,
): void {
  const { changers, giving, common } = round
  for (const uses of common.sides.crossings(actor)) round.tryUses(actor, uses, {})
  const { account } = actor.variant.principal
  const changer = changers.of(actor)
  changers.tryOn(changer, { is: 'account', account })
  for (const principal of common.sides.bridges(account)) {
    changers.tryOn(changer, { is: 'principal', principal })
    giving.tryAll(actor, principal, waysBefore)
  }
}
