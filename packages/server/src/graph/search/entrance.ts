import type { CompiledSet, PolicySource, ResidualCondition } from '@omen-iam/policy'
import { compile } from '@omen-iam/policy'
import type { Technique } from '../../authorization/catalogue/index.ts'
import type { Finding, Proof } from '../proof/finding.ts'
import { anyToken, audienceOf, foreignKeys, foreignPrincipal } from '../proof/foreign-keys.ts'
import type { Prover } from '../proof/prove.ts'
import type { Shared } from '../relevance/shared.ts'
import { held } from '../request/binding.ts'
import { type Carried, nothingCarried, type Token } from '../request/carried.ts'
import { memberOf } from '../request/foreign-organization.ts'
import { issuerOf, type Outsider } from '../request/outside.ts'
import type { Variant } from '../request/person.ts'
import type { Actor } from '../request/trust-question.ts'
import { assumptions, sessionTagsIn, sessionUses } from '../use/assume.ts'
import { namesIn, namesWith } from '../use/session-names.ts'
import type { OwnUse } from '../use/targets.ts'
import { isWorn, wornAcross } from '../use/uses.ts'
import { accountOfArn, type Role, type User, type World } from '../world/world.ts'
import type { Sides } from './sides.ts'

/** A use by which an outsider comes into an account. */
export interface Entrance {
  readonly actor: Actor
  readonly own: OwnUse
}

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
  yield* byResources(outsider, sides, shareds)
}

/** Resources that wear roles, and whose own policies let an outsider in. */
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
    const actor = actorOf(each, [], allPolicies(each, shared), shared.world)
    for (const technique of sides.techniques) {
      if (!isWorn(technique)) continue
      for (const use of wornAcross({ shared, prover, technique, actor, only: undefined })) {
        if (use === undefined) continue
        const more = (proof: Proof): readonly ResidualCondition[] =>
          outsider.is === 'anyone' ? [] : requestsAllowed(proof)
        yield { actor, own: { ...use, prove: (target) => withResidual(use.prove(target), more) } }
      }
    }
  }
}

/** Any policies that an outsider may have: only its own account knows them. The SCPs of a member of the tree are known. */
function allPolicies(outsider: Outsider, { wardrobe, world }: Shared): CompiledSet {
  const source = { type: 'none' as const, name: ownPolicies(outsider) }
  const scp = memberOf(outsider, world)?.scps
  return compile({ identity: [{ ...wardrobe.everything, source }], ...(scp === undefined ? {} : { scp }) })
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

/** A token of an identity provider: what it must say is left as conditions. */
function* byToken(
  outsider: Extract<Outsider, { is: 'federated' }>,
  { shared, prover }: Place,
  roles: readonly Role[],
): Generator<Entrance> {
  const isSaml = outsider.kind !== 'oidc'
  const action: Token['action'] = isSaml ? 'sts:AssumeRoleWithSAML' : 'sts:AssumeRoleWithWebIdentity'
  const [technique] = techniquesOf(shared, [isSaml ? 'trust.saml' : 'trust.web-identity'])
  const actor = actorOf(outsider, roles, compile({}), shared.world)
  if (technique === undefined) return
  const clients = prover.questions.clientIds(outsider.arn)
  if (!isForClient(outsider, clients)) return
  for (const role of roles) {
    const find = (token: Token): Finding =>
      prover.proveAsked(() => prover.questions.tokenTrusts(role, token), actor)
    for (const token of named(shared, role, find, tokensFor(outsider, action, shared, role, find))) {
      const prove = (): Finding =>
        withResidual(find(token), (proof) => [
          ...(knowsSubject(outsider) || proof.residual.some(({ key }) => isSubject(key))
            ? []
            : [anyToken(proof, outsider)]),
          ...(knowsAudience(outsider) ? [] : audienceOf(proof, outsider, clients)),
          ...(outsider.says === undefined ? passingTags(proof, token.transitive) : []),
        ])
      const binding = { target: role, provider: outsider.arn, moreKey: JSON.stringify(token) }
      const { transitive, says, name } = token
      const carried: Carried = {
        token,
        name,
        ...(transitive === undefined ? {} : { tags: transitive }),
        ...(says === undefined || Object.keys(says.tags).length === 0 ? {} : { session: says.tags }),
        ...(says?.sourceIdentity === undefined ? {} : { sourceIdentity: says.sourceIdentity }),
      }
      yield {
        actor,
        own: { technique, use: { binding, outcome: held(role, 'assumed', carried), to: role.arn }, prove },
      }
    }
  }
}

function knowsSubject({ says }: Extract<Outsider, { is: 'federated' }>): boolean {
  return says !== undefined && (says.isComplete || Object.keys(says.keys).some(isSubject))
}

function knowsAudience({ arn, says }: Extract<Outsider, { is: 'federated' }>): boolean {
  return says !== undefined && (says.isComplete || says.keys[`${issuerOf(arn)}:aud`] !== undefined)
}

/** Whether the audience that a token is known to have is a client id of its provider, if these are known. */
function isForClient(
  { arn, says }: Extract<Outsider, { is: 'federated' }>,
  clients: readonly string[] | undefined,
): boolean {
  const audiences = says?.keys[`${issuerOf(arn)}:aud`]
  return clients === undefined || audiences === undefined || audiences.some((each) => clients.includes(each))
}

/**
 * The tokens that are worth trying for a role: one without session tags, one with any, and one with each transitive tag
 * that a later role asks for; or the one that is known.
 */
function* tokensFor(
  { arn: provider, says }: Extract<Outsider, { is: 'federated' }>,
  action: Token['action'],
  shared: Shared,
  role: Role,
  find: (token: Token) => Finding,
): Generator<Token> {
  if (says !== undefined) {
    const hasTransitive = Object.keys(says.transitive).length > 0
    const hasTags = hasTransitive || Object.keys(says.tags).length > 0
    const { transitive } = says
    yield { provider, action, hasTags, says, ...(hasTransitive ? { transitive } : {}) }
    return
  }
  yield { provider, action, hasTags: false }
  if (!shared.trustNames(role, 'sts:TagSession')) return
  const tagged: Token = { provider, action, hasTags: true }
  // A trust policy may ask for transitive tags.
  const asked = sessionTagsIn(find(tagged))?.transitive ?? {}
  yield Object.keys(asked).length === 0 ? tagged : { ...tagged, transitive: asked }
  for (const [key, value] of shared.reading.tagsWanted)
    yield { ...tagged, transitive: { ...asked, [key]: value } }
}

/** The same for each name that the session may get, where a policy reads names. */
function* named(
  shared: Shared,
  role: Role,
  find: (token: Token) => Finding,
  tokens: Iterable<Token>,
): Generator<Token> {
  const isLimited = [role.trust, ...rcpsOf(shared)].some((each) => limitsNames(each?.policy.text))
  for (const token of tokens) {
    const found = shared.reading.readsUserIds ? namesIn(find(token)) : []
    if (!isLimited || found.length === 0) yield token
    for (const name of found.length === 0 ? [] : namesWith(shared, role, isLimited ? found : []))
      yield { ...token, name }
  }
}

function limitsNames(text = ''): boolean {
  return /sts:RoleSessionName/i.test(text)
}

function rcpsOf({ world }: Shared): readonly PolicySource[] {
  return (world.organization.rcps ?? []).flat()
}

/** A service that a trust policy names. */
function* byService(
  outsider: Outsider,
  { shared, prover }: Place,
  roles: readonly Role[],
): Generator<Entrance> {
  const id = outsider.arn === 'rolesanywhere.amazonaws.com' ? 'trust.roles-anywhere' : 'trust.service'
  const [technique] = techniquesOf(shared, [id])
  const actor = actorOf(outsider, roles, compile({}), shared.world)
  if (technique === undefined) return
  for (const role of roles) {
    const binding = { target: role, moreKey: outsider.arn }
    const prove = (): Finding =>
      prover.proveAsked(() => [prover.questions.serviceAlone(role, outsider.arn)], actor)
    yield { actor, own: { technique, use: { binding, outcome: held(role, 'service'), to: role.arn }, prove } }
  }
}

/** That a token brings transitive tags. */
function passingTags(
  { witness, residual }: Proof,
  transitive: Token['transitive'] = {},
): readonly ResidualCondition[] {
  const by = witness.decisions.at(-1)?.by[0]
  if (by === undefined) throw new Error('a decision has a statement')
  const common = { mustHold: true, asked: [0], by, span: by.statement.span }
  return Object.entries(transitive)
    .flatMap(([key, value]): ResidualCondition[] => [
      { ...common, operator: 'StringEquals', key: `aws:RequestTag/${key}`, values: [value] },
      { ...common, operator: 'ForAnyValue:StringEquals', key: 'sts:TransitiveTagKeys', values: [key] },
    ])
    .filter(
      (each) => !residual.some(({ key, values }) => key === each.key && `${values}` === `${each.values}`),
    )
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
function actorOf(outsider: Outsider, roles: readonly Role[], policies: CompiledSet, world: World): Actor {
  const principal = foreignPrincipal(outsider, world.partition)
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
    applied: [],
    tags: {},
    ownTags: {},
    identity: [],
    boundary: undefined,
    unknown: [],
    boundaryArn: undefined,
    policies,
    sessionName: undefined,
    carried: nothingCarried,
    isWider: true,
    isOnlyTagged: false,
    isBoundByScps: false,
    outside: { principal, keys: foreignKeys(outsider, principal, world), roles },
  }
  return { variant, form: 'assumed' }
}
