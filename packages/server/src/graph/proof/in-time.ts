import type { Conditional, Proven } from '@omen-iam/policy'
import { techniqueTable } from '../../authorization/catalogue/index.ts'

const tags = /^iam:Tag(?:User|Role)$/

/** A witness whose requests are in the order in which the attacker makes them. */
export function inTime<Found extends Proven | Conditional>(witness: Found): Found {
  const { requests, decisions } = witness
  const actions = requests.map(({ action }) => action)
  const { calls } = techniqueTable()
  const orderOf = (action: string) => calls[action]?.order
  const isMaking = actions.some((action) => orderOf(action) === 'first')
  const rank = (action = ''): number => {
    if (orderOf(action) === 'room') return 0
    if (orderOf(action) === 'first') return 1
    return isMaking && tags.test(action) ? 2 : 3
  }
  const places = actions.map((_, place) => place)
  const sorted = places.toSorted((one, other) => rank(actions[one]) - rank(actions[other]))
  if (sorted.every((place, index) => place === index)) return witness
  return {
    ...witness,
    requests: sorted.flatMap((place) => requests[place] ?? []),
    decisions: sorted.flatMap((place) => decisions[place] ?? []),
  }
}
