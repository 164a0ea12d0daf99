import type { CompiledSet, ResidualCondition } from '@omen-iam/policy'
import { compile } from '@omen-iam/policy'
import type { Technique } from '../authorization/catalogue/index.ts'
import { assumptions, sessionUses } from './assume.ts'
import { held } from './binding.ts'
import { nothingCarried, type Token } from './carried.ts'
import { anyToken, audienceOf, foreignKeys, foreignPrincipal } from './foreign-keys.ts'
import { issuerOf, type Outsider } from './outside.ts'
import type { Variant } from './person.ts'
import type { Finding, Proof, Prover } from './prove.ts'
import type { Shared } from './shared.ts'
import type { Sides } from './sides.ts'
import type { OwnUse } from './targets.ts'
import type { Actor } from './trust-question.ts'
import { accountOfArn, type Role, type User, type World } from './world.ts'

/** A use by which an outsider comes into an account. */
export interface Entrance {
  readonly actor: Actor
  readonly own: OwnUse
}

/** The uses by which an outsider comes to hold roles of the accounts that are in view. */
export function* entrancesOf(
  outsider: Outsider,
  sides: Sides,
  shareds: Iterable<Shared>,
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
      case 'anyone':
        yield* byAssuming(outsider, side, index.anyone)
        break
      case 'account':
        yield* byAssuming(outsider, side, [...index.trustingAccount(outsider.account)])
        for (const arn of outsider.named ?? []) {
          const principal: Outsider = { is: 'principal', account: outsider.account, arn }
          yield* byAssuming(principal, side, index.namingForeign(arn))
        }
        break
      case 'principal':
        yield* byAssuming(outsider, side, index.namingForeign(outsider.arn))
    }
  }
}

/** Whether a provider may exist: it does not if the inventory of its account has a list without it. */
function mayExist(provider: string, { account, inventory }: World): boolean {
  if (accountOfArn(provider) !== account) return true
  return inventory.identityProviders?.has(provider) !== false
}

interface Place {
  readonly shared: Shared
  readonly prover: Prover
}

/** sts:AssumeRole by a principal of an account that is not in view: as far as the policies of that account allow it. */
function* byAssuming(outsider: Outsider, place: Place, roles: readonly Role[]): Generator<Entrance> {
  if (roles.length === 0) return
  const { shared, prover } = place
  const wardrobe = shared.wardrobe
  const identity = [
    { ...wardrobe.everything, source: { type: 'none' as const, name: ownPolicies(outsider) } },
  ]
  const actor = actorOf(outsider, roles, compile({ identity }), shared.world.partition)
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

/** A token of an identity provider: what it must say is left as conditions. */
function* byToken(
  outsider: Extract<Outsider, { is: 'federated' }>,
  { shared, prover }: Place,
  roles: readonly Role[],
): Generator<Entrance> {
  const isSaml = outsider.kind !== 'oidc'
  const action: Token['action'] = isSaml ? 'sts:AssumeRoleWithSAML' : 'sts:AssumeRoleWithWebIdentity'
  const [technique] = techniquesOf(shared, [isSaml ? 'trust.saml' : 'trust.web-identity'])
  const actor = actorOf(outsider, roles, compile({}), shared.world.partition)
  if (technique === undefined) return
  for (const role of roles) {
    const tagged = shared.trustNames(role, 'sts:TagSession') ? [false, true] : [false]
    for (const hasTags of tagged) {
      const token: Token = { provider: outsider.arn, action, hasTags }
      const binding = { target: role, provider: outsider.arn, moreKey: `${action} ${hasTags}` }
      const prove = (): Finding =>
        withResidual(
          prover.proveAsked(() => [prover.questions.tokenTrust(role, token)], actor),
          (proof) => [
            ...(proof.residual.some(({ key }) => isSubject(key)) ? [] : [anyToken(proof, outsider)]),
            ...audienceOf(proof, outsider, prover.questions.clientIds(outsider.arn)),
          ],
        )
      yield {
        actor,
        own: { technique, use: { binding, outcome: held(role, 'assumed', { token }), to: role.arn }, prove },
      }
    }
  }
}

/** A service that a trust policy names. */
function* byService(
  outsider: Outsider,
  { shared, prover }: Place,
  roles: readonly Role[],
): Generator<Entrance> {
  const id = outsider.arn === 'rolesanywhere.amazonaws.com' ? 'trust.roles-anywhere' : 'trust.service'
  const [technique] = techniquesOf(shared, [id])
  const actor = actorOf(outsider, roles, compile({}), shared.world.partition)
  if (technique === undefined) return
  for (const role of roles) {
    const binding = { target: role, moreKey: outsider.arn }
    const prove = (): Finding =>
      prover.proveAsked(() => [[prover.questions.serviceAlone(role, outsider.arn)]], actor)
    yield { actor, own: { technique, use: { binding, outcome: held(role, 'service'), to: role.arn }, prove } }
  }
}

/** Whether a condition is about who the bearer is, and not only about the audience or the strength of the sign-in. */
function isSubject(key: string): boolean {
  return (
    !/:(?:aud|oaud|azp|amr|iss|sub_type|namequalifier)$/i.test(key) && /^(?:saml:|[^.:]+\.[^:]+:)/i.test(key)
  )
}

function ownPolicies(outsider: Outsider): string {
  return outsider.is === 'account' || outsider.is === 'principal'
    ? `policies of account ${outsider.account}`
    : 'a policy of the attacker'
}

/** What account an outsider belongs to must allow besides. */
function accountAllows({ witness }: Proof, role: Role): ResidualCondition {
  const by = witness.decisions[0]?.by.find(({ layer }) => layer === 'resource') ?? witness.decisions[0]?.by[0]
  if (by === undefined) throw new Error('a decision has a statement')
  return {
    operator: 'Allow',
    key: 'sts:AssumeRole',
    values: [role.arn],
    mustHold: true,
    asked: [0],
    by,
    span: by.statement.span,
  }
}

function withResidual(finding: Finding, more: (proof: Proof) => readonly ResidualCondition[]): Finding {
  if (finding === undefined || !('witness' in finding)) return finding
  const further = more(finding)
  if (further.length === 0) return finding
  return {
    ...finding,
    verdict: finding.verdict === 'proven' ? 'conditional' : finding.verdict,
    residual: [...finding.residual, ...further],
  }
}

function techniquesOf({ table }: Shared, ids: readonly string[]): readonly Technique[] {
  return ids.flatMap((id) => table.techniques.find((technique) => technique.id === id) ?? [])
}

/** An outsider as something that acts: of its own policies only what is given here is known. */
function actorOf(
  outsider: Outsider,
  roles: readonly Role[],
  policies: CompiledSet,
  partition: string,
): Actor {
  const principal = foreignPrincipal(outsider, partition)
  const person: User = {
    type: 'user',
    arn: outsider.arn,
    name: issuerOf(outsider.arn),
    id: undefined,
    account: 'account' in outsider ? outsider.account : '',
    tags: {},
    inline: [],
    attached: [],
    boundary: undefined,
    groups: [],
  }
  const variant: Variant = {
    person,
    changes: [],
    tags: {},
    identity: [],
    boundary: undefined,
    boundaryArn: undefined,
    policies,
    sessionName: undefined,
    carried: nothingCarried,
    isWider: true,
    isOnlyTagged: false,
    isBoundByScps: false,
    outside: { principal, keys: foreignKeys(outsider, principal, partition), roles },
  }
  return { variant, form: 'assumed' }
}
