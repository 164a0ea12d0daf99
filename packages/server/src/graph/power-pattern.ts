import { wildcardMatcher } from '@omen-iam/policy'
import { serviceActions } from '../authorization/catalogue/index.ts'
import { documentsOf } from './relevance/relevance.ts'
import { accountsIn, type World } from './world/world.ts'

/** The most actions that a pattern is asked as. */
const most = 200

/**
 * For an action with wildcards: actions that it fits and that policies treat in a way of their own, because a Deny names them
 * or an Allow leaves them out. Who may make every call that fits the pattern is allowed these as well. [GRD-570]
 */
export function actionsWithin(world: World, pattern: string): readonly string[] {
  if (!/[*?]/.test(pattern)) return []
  const service = pattern.slice(0, pattern.indexOf(':')).toLowerCase()
  const fits = wildcardMatcher(pattern, { ignoreCase: true })
  const all = serviceActions(service)
    .map(({ service: prefix, name }) => `${prefix}:${name}`)
    .filter(fits)
  const found = new Set<string>()
  for (const { policy } of policiesIn(world))
    for (const { effect, action } of policy.statements) {
      const isDeny = effect === 'Deny'
      // An Allow of all but some leaves these out, and a Deny of all but some refuses the others.
      if (!isDeny && !action.negated) continue
      const named = action.values.map(({ value }) => ({
        value,
        matches: wildcardMatcher(value, { ignoreCase: true }),
      }))
      if (isDeny && action.negated) {
        const one = all.find((name) => !named.some(({ matches }) => matches(name)))
        if (one !== undefined) found.add(one)
        continue
      }
      for (const { value, matches } of named) {
        const one = /[*?]/.test(value) ? all.find((name) => matches(name)) : fits(value) ? value : undefined
        if (one !== undefined) found.add(one)
      }
      if (found.size >= most) return [...found].slice(0, most)
    }
  return [...found]
}

function* policiesIn(world: World) {
  for (const each of accountsIn(world)) {
    yield* documentsOf(each)
    yield* (each.organization.scps ?? []).flat()
    yield* (each.organization.rcps ?? []).flat()
  }
}
