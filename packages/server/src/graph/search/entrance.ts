import { type CompiledSet, compile, type ResidualCondition } from '@omen-iam/policy'
import type { FactUsed } from '../proof/fact-option.ts'
import type { Finding, Proof } from '../proof/finding.ts'
import type { Shared } from '../relevance/shared.ts'
import type { Actor } from '../request/actor.ts'
import { memberOf } from '../request/foreign-organization.ts'
import { type Holder, vouchingFor } from '../request/lent.ts'
import type { Outsider } from '../request/outside.ts'
import { assumptions, sessionUses } from '../use/assume.ts'
import { isOfWorkload, workloadsAcross } from '../use/uses.ts'
import { accountOfArn, type Role, type World } from '../world/world.ts'
import type { Sides } from './sides.ts'
import {
  actorOf,
  byService,
  byToken,
  type Entrance,
  type Place,
  techniquesOf,
  tokenOf,
  withResidual,
} from './vouched.ts'

/** The uses by which an outsider comes to hold roles of the accounts that are in view. */
export function* entrancesOf(
  outsider: Outsider,
  sides: Sides,
  shareds: readonly Shared[],
): Generator<Entrance> {
  for (const { world, index } of shareds) {
    const side = sides.of(world.account)
    switch (outsider.is) {
      case 'federated':
        if (mayExist(outsider.arn, world))
          yield* byToken(outsider, side, index.trustingProvider(outsider.arn))
        break
      case 'service':
        yield* byService(outsider, side, index.trustingService(outsider.arn))
        break
      case 'lent':
        yield* byLoan(outsider, side)
        break
      case 'anyone':
        yield* byAssuming(outsider, side, index.anyone)
        break
      case 'account':
        yield* byAssuming(outsider, side, [
          ...new Set([...index.trustingAccount(outsider.account), ...index.anyone]),
        ])
        for (const arn of outsider.named ?? []) {
          const principal: Outsider = { is: 'principal', account: outsider.account, arn }
          yield* byAssuming(principal, side, index.namingForeign(arn))
        }
        break
      case 'principal':
        yield* byAssuming(outsider, side, [
          ...new Set([
            ...index.namingForeign(outsider.arn),
            ...index.trustingAccount(outsider.account),
            ...index.anyone,
          ]),
        ])
    }
  }
  if (outsider.is !== 'lent') yield* byResources(outsider, sides, shareds)
}

/** The roles of an account that are lent to a holder, as the service or the provider lets it put them on. [GRD-660] */
function* byLoan(holder: Holder, side: Place): Generator<Entrance> {
  const { world } = side.shared
  for (const loan of holder.loans) {
    const role = world.roles.get(loan.role)
    const vouching = role && vouchingFor(holder, role)
    if (role === undefined || vouching === undefined) continue
    const entrances =
      'service' in vouching
        ? byService({ is: 'service', arn: vouching.service }, side, [role], { holder, loan })
        : mayExist(vouching.provider, world)
          ? byToken(tokenOf(vouching, loan), side, [role], holder)
          : []
    for (const { actor, own } of entrances) {
      const { limit } = loan
      if (limit === undefined) yield { actor, own }
      else yield { actor, own: { ...own, prove: (target) => limited(own.prove(target), limit) } }
    }
  }
}

/** The same, but undecided: nobody knows what the session may do. */
function limited(finding: Finding, value: string): Finding {
  if (finding === undefined || !('witness' in finding)) return finding
  const fact: FactUsed = { fact: 'limited', says: 'value', of: { value }, known: 'unknown' }
  return { ...finding, verdict: 'undecided', facts: [...finding.facts, fact] }
}

/** Resources that run as roles, and whose own policies let an outsider in. */
function* byResources(outsider: Outsider, sides: Sides, shareds: readonly Shared[]): Generator<Entrance> {
  if (outsider.is === 'federated' || outsider.is === 'service') return
  const [first] = shareds
  const isPossible = shareds.some(({ index: { resourcePolicies } }) => !resourcePolicies.isEmpty)
  if (first === undefined || !isPossible) return
  const { shared, prover } = sides.of(first.world.account)
  const own = outsider.is === 'account' ? (outsider.named ?? []) : []
  const principals = own.map(
    (arn): Outsider => ({ ...outsider, is: 'principal', account: accountOfArn(arn), arn }),
  )
  for (const each of [outsider, ...principals]) {
    const actor = actorWithAny(each, shared)
    for (const technique of sides.techniques) {
      if (!isOfWorkload(technique)) continue
      for (const use of workloadsAcross({ shared, prover, technique, actor, only: undefined })) {
        yield { actor, own: { ...use, prove: (target) => asAllowed(outsider, use.prove(target)) } }
      }
    }
  }
}

/** An outsider with any policies that it may have. */
export function actorWithAny(outsider: Outsider, shared: Shared): Actor {
  return actorOf(outsider, [], allPolicies(outsider, shared), shared.world)
}

/** A finding about an outsider with any policies: as far as its account allows it. Anyone has an account that does. */
export function asAllowed(outsider: Outsider, finding: Finding): Finding {
  return withResidual(finding, (proof) => (outsider.is === 'anyone' ? [] : requestsAllowed(proof)))
}

/** Any policies that an outsider may have: only its own account knows them. The SCPs of a member of the tree are known. */
function allPolicies(outsider: Outsider, { policySets, world }: Shared): CompiledSet {
  const source = { type: 'none' as const, name: ownPolicies(outsider) }
  const scp = memberOf(outsider, world)?.scps
  return compile({ identity: [{ ...policySets.everything, source }], ...(scp === undefined ? {} : { scp }) })
}

/** Whether a provider may exist: it does not if the inventory of its account has a list without it. */
function mayExist(provider: string, { account, inventory }: World): boolean {
  if (accountOfArn(provider) !== account) return true
  return inventory.identityProviders?.has(provider) !== false
}

/** sts:AssumeRole by a principal of an account that is not in view: as far as the policies of that account allow it. */
function* byAssuming(outsider: Outsider, place: Place, roles: readonly Role[]): Generator<Entrance> {
  if (roles.length === 0) return
  const { shared, prover } = place
  const actor = actorOf(outsider, roles, allPolicies(outsider, shared), shared.world)
  for (const technique of techniquesOf(shared, [
    'trust.assume-role',
    'trust.set-source-identity',
    'lift.session-tags',
  ])) {
    const question = { shared, prover, technique, actor, only: undefined }
    const uses =
      technique.id === 'trust.assume-role'
        ? [...assumptions(question), ...sessionUses(question)]
        : sessionUses(question)
    for (const own of uses) {
      const role = own.use.binding.target
      if (role?.type !== 'role') continue
      const more = (proof: Proof): readonly ResidualCondition[] =>
        outsider.is === 'anyone' ? [] : [accountAllows(proof, role)]
      yield { actor, own: { ...own, prove: (target) => withResidual(own.prove(target), more) } }
    }
  }
}

function ownPolicies(outsider: Outsider): string {
  return outsider.is === 'account' || outsider.is === 'principal'
    ? `policies of account ${outsider.account}`
    : 'a policy of the attacker'
}

/** The permission that an outsider's account must give as well. */
function accountAllows(proof: Proof, role: Role): ResidualCondition {
  return allowedByAccount(proof, 0, 'sts:AssumeRole', role.arn)
}

/** The same for every request that is made. */
function requestsAllowed(proof: Proof): readonly ResidualCondition[] {
  return proof.witness.requests.map(({ action, resource }, place) =>
    allowedByAccount(proof, place, action, resource),
  )
}

function allowedByAccount(
  { witness }: Proof,
  place: number,
  key: string,
  resource: string,
): ResidualCondition {
  const all = witness.decisions[place]?.by
  const by = all?.find(({ layer }) => layer === 'resource') ?? all?.[0]
  if (by === undefined) throw new Error('a decision has a statement')
  const { span } = by.statement
  return { operator: 'Allow', key, values: [resource], mustHold: true, asked: [place], by, span }
}
