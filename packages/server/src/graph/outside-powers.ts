import type { ResidualCondition } from '@omen-iam/policy'
import { type Call, findingOf } from './power.ts'
import type { FactUsed } from './proof/fact.ts'
import type { Shared } from './relevance/shared.ts'
import { type Outsider, outsidersNamed } from './request/outside.ts'
import { actorWithAny, asAllowed } from './search/entrance.ts'
import { resourcePolicyIn } from './world/neighbours.ts'

/** A principal outside of the accounts that may make a call. */
export interface OutsidePower {
  readonly outsider: Outsider
  readonly verdict: 'proven' | 'conditional' | 'undecided'
  readonly residual: readonly ResidualCondition[]
  /** The facts that no file has and that the call depends on. */
  readonly facts: readonly FactUsed[]
}

/**
 * The principals outside of the accounts in view that the policy of a resource lets make a call: everyone, other accounts and
 * their principals. Services and federated principals are not asked.
 */
export function outsidePowersOf(shared: Shared, call: Call): readonly OutsidePower[] {
  const { neighbours, world } = shared
  const document = resourcePolicyIn(shared, call.resource)
  if (document === undefined) return []
  const inView = new Set([...neighbours.all].map((each) => each.world.account))
  const found = new Map<string, OutsidePower>()
  for (const [type, outsider] of outsidersNamed(document.policy, world.partition, inView)) {
    if (type !== 'AWS' || found.has(outsider.arn)) continue
    const finding = asAllowed(outsider, findingOf(shared, actorWithAny(outsider, shared), call))
    if (finding === undefined || finding.verdict === 'blocked' || !('witness' in finding)) continue
    const { verdict, residual, facts } = finding
    found.set(outsider.arn, { outsider, verdict, residual, facts })
  }
  return [...found.values()]
}
