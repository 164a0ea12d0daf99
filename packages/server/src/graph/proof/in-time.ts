import type { Conditional, Proven } from '@omen-iam/policy'

/**
 * The changes that make room for further ones: a key, a password, a device, a version, a membership or a policy goes.
 */
const room =
  /^iam:(?:Delete(?:AccessKey|LoginProfile|PolicyVersion)|DeactivateMFADevice|RemoveUserFromGroup|Detach(?:User|Role|Group)Policy)$/
const makes = /^iam:Create(?:Policy|User|Role|Group)$/
const tags = /^iam:Tag(?:User|Role)$/

/** A witness whose requests are in the order in which the attacker makes them. */
export function inTime<Found extends Proven | Conditional>(witness: Found): Found {
  const { requests, decisions } = witness
  const actions = requests.map(({ action }) => action)
  const isMaking = actions.some((action) => makes.test(action))
  const rank = (action = ''): number => {
    if (room.test(action)) return 0
    if (makes.test(action)) return 1
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
