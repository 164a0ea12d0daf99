import {
  type Asked,
  type CompiledSet,
  compile,
  type PolicySource,
  type ResidualCondition,
} from '@omen-iam/policy'
import type { Technique } from '../../authorization/catalogue/index.ts'
import { better, type Finding, type Proof } from '../proof/finding.ts'
import { anyToken, audienceOf, foreignKeys, foreignPrincipal } from '../proof/foreign-keys.ts'
import type { Prover } from '../proof/prove.ts'
import type { Shared } from '../relevance/shared.ts'
import type { Actor } from '../request/actor.ts'
import { held } from '../request/binding.ts'
import { type Carried, nothingCarried, type Token } from '../request/carried.ts'
import { keysOfTags } from '../request/keys-of-tags.ts'
import { accessManager, type Holder, type Loan, type Vouching } from '../request/lent.ts'
import { issuerOf, type Outsider } from '../request/outside.ts'
import type { Variant } from '../request/variant.ts'
import { sessionTagsIn } from '../use/assume.ts'
import { namesIn, namesWith } from '../use/session-names.ts'
import type { OwnUse } from '../use/targets.ts'
import { accountOfArn, type Role, type User, type World } from '../world/world.ts'

/** A use by which an outsider comes into an account. */
export interface Entrance {
  readonly actor: Actor
  readonly own: OwnUse
}

/** The token that a provider gives a holder. */
export function tokenOf(
  { provider, claims }: Extract<Vouching, { provider: string }>,
  { tags }: Loan,
): Extract<Outsider, { is: 'federated' }> {
  const isSaml = provider.includes(':saml-provider/')
  const keys = Object.entries(claims).map(([name, value]): [string, readonly string[]] => [
    isSaml ? name : `${provider}:${name}`,
    [value],
  ])
  const says = { keys: Object.fromEntries(keys), tags, transitive: {}, isComplete: false }
  return { is: 'federated', kind: isSaml ? 'identity-center' : 'oidc', arn: provider, says }
}

export interface Place {
  readonly shared: Shared
  readonly prover: Prover
}

/** A token of an identity provider: what it must say is left as conditions. */
export function* byToken(
  outsider: Extract<Outsider, { is: 'federated' }>,
  { shared, prover }: Place,
  roles: readonly Role[],
  holder?: Holder,
): Generator<Entrance> {
  const isSaml = outsider.kind !== 'oidc'
  const action: Token['action'] = isSaml ? 'sts:AssumeRoleWithSAML' : 'sts:AssumeRoleWithWebIdentity'
  const [technique] = techniquesOf(shared, [isSaml ? 'trust.saml' : 'trust.web-identity'])
  const actor = actorOf(outsider, roles, compile({}), shared.world, holder)
  if (technique === undefined) return
  const clients = prover.questions.clientIds(outsider.arn)
  if (!isForClient(outsider, clients)) return
  for (const role of roles) {
    const find = (token: Token): Finding =>
      prover.proveAsked(() => prover.questions.tokenTrusts(role, token), actor)
    for (const token of named(shared, role, find, tokensFor(outsider, action, shared, role, find))) {
      const prove = (): Finding =>
        withResidual(find(token), (proof) => [
          ...(holder !== undefined ||
          knowsSubject(outsider) ||
          proof.residual.some(({ key }) => isSubject(key))
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
    const found = shared.reading.reads('userIds') ? namesIn(find(token)) : []
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
export function* byService(
  outsider: Outsider,
  { shared, prover }: Place,
  roles: readonly Role[],
  lent?: { readonly holder: Holder; readonly loan: Loan },
): Generator<Entrance> {
  const id = outsider.arn === 'rolesanywhere.amazonaws.com' ? 'trust.roles-anywhere' : 'trust.service'
  const [technique] = techniquesOf(shared, [id])
  const actor = actorOf(outsider, roles, compile({}), shared.world, lent?.holder)
  if (technique === undefined) return
  const isAccess = outsider.arn === accessManager && lent !== undefined
  for (const role of roles) {
    // for a principal the manager sets a context, and gives tags if it may [SSO-182, SSO-183]
    if (isAccess && !shared.trustNames(role, 'sts:SetContext')) continue
    const tags = isAccess && !shared.trustNames(role, 'sts:TagSession') ? {} : (lent?.loan.tags ?? {})
    const carried: Carried = Object.keys(tags).length === 0 ? {} : { session: tags }
    const binding = { target: role, moreKey: outsider.arn }
    const prove = (): Finding => {
      const [tagged = [], plain] = prover.questions.serviceAlone(role, outsider.arn)
      const ask = (asked: readonly Asked[]): Finding => prover.proveAsked(() => [asked], actor)
      if (lent !== undefined) {
        const own = plain !== undefined && carried.session === undefined ? plain : tagged
        return ask(own.map((each) => forLoan(each, { ...lent.loan, tags })))
      }
      const found = ask(tagged)
      if (plain === undefined || isSure(found)) return found
      // whether the tags are turned off is not known
      return better(found, withResidual(ask(plain), withoutTags))
    }
    const outcome = held(role, 'service', carried)
    yield { actor, own: { technique, use: { binding, outcome, to: role.arn }, prove } }
  }
}

/** Whether a finding allows something. */
function isSure(finding: Finding): boolean {
  return finding?.verdict === 'proven' || finding?.verdict === 'conditional'
}

/** The condition that a service gives no tags. */
function withoutTags({ witness }: Proof): readonly ResidualCondition[] {
  const by = witness.decisions.at(-1)?.by[0]
  if (by === undefined) throw new Error('a decision has a statement')
  const { span } = by.statement
  return [{ operator: 'Null', key: 'aws:TagKeys', values: ['true'], mustHold: true, asked: [0], by, span }]
}

/** The call of a service for a holder: its tags and its source are known. */
function forLoan(asked: Asked, { tags, source }: Loan): Asked {
  const { context, open = {}, ...request } = asked.request
  const known = {
    ...(source === undefined ? {} : { 'aws:SourceArn': source, 'aws:SourceAccount': accountOfArn(source) }),
    ...keysOfTags('aws:RequestTag', tags),
  }
  const left = Object.entries(open).filter(([key]) => !(key in known))
  return {
    ...asked,
    request: { ...request, context: { ...context, ...known }, open: Object.fromEntries(left) },
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

export function withResidual(
  finding: Finding,
  more: (proof: Proof) => readonly ResidualCondition[],
): Finding {
  if (finding === undefined || !('witness' in finding)) return finding
  const further = more(finding)
  if (further.length === 0) return finding
  return {
    ...finding,
    verdict: finding.verdict === 'proven' ? 'conditional' : finding.verdict,
    residual: [...finding.residual, ...further],
  }
}

export function techniquesOf({ table }: Shared, ids: readonly string[]): readonly Technique[] {
  return ids.flatMap((id) => table.techniques.find((technique) => technique.id === id) ?? [])
}

/** An outsider as something that acts: of its own policies only what is given here is known. */
export function actorOf(
  outsider: Outsider,
  roles: readonly Role[],
  policies: CompiledSet,
  world: World,
  /** The one for whom it acts. */
  { arn }: Pick<Outsider, 'arn'> = outsider,
): Actor {
  const caller = foreignPrincipal(outsider, world.partition)
  const principal: User = {
    type: 'user',
    arn,
    name: issuerOf(arn),
    id: undefined,
    account: 'account' in outsider ? outsider.account : '',
    tags: {},
    inline: [],
    attached: [],
    boundary: undefined,
    groups: [],
  }
  const variant: Variant = {
    principal,
    changes: [],
    applied: [],
    tags: {},
    ownTags: {},
    identity: [],
    boundary: undefined,
    boundaryArn: undefined,
    policies,
    carried: nothingCarried,
    isBoundByScps: false,
    outside: { principal: caller, keys: foreignKeys(outsider, caller, world), roles },
  }
  return { variant, form: 'assumed' }
}
