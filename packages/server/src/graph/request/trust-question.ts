import type { Asked, ContextInput, KeyDomain, Shape } from '@omen-iam/policy'
import type { TechniqueTable } from '../../authorization/catalogue/index.ts'
import type { Neighbour, Neighbours } from '../world/neighbours.ts'
import type { Role, World } from '../world/world.ts'
import type { Actor } from './actor.ts'
import { callerArn, callerOf } from './caller.ts'
import { withTags } from './carried.ts'
import { keysOfTags } from './keys-of-tags.ts'
import { OutsideQuestions, sessionNamed, sessionText, tokenCall } from './outside-question.ts'
import { ofResource } from './request-keys.ts'
import { regionsOf, shapeOf } from './shape.ts'
import { conditionsAbout } from './statements.ts'
import { type CallerKeys, grantTo } from './variant.ts'

/** The way in which a role is assumed. */
export interface AssumeOptions {
  /** The name of the session that calls. */
  readonly session?: string
  /** Whether the attacker has written the trust policy. */
  readonly own?: boolean
  /** Whether the role is one that the attacker makes. */
  readonly isNew?: boolean
  /** The session tags that it brings. */
  readonly tags?: SessionTags | AnyTags | undefined
  /** The name that the new session gets; absent: one that the attacker chooses. */
  readonly name?: string | undefined
  /** The source identity that it sets; `any`: one that the attacker chooses. That of the caller persists. */
  readonly sourceIdentity?: string | { readonly is: 'any' } | undefined
  /** The external id, or that there is none; if absent, nobody knows it. */
  readonly externalId?: { readonly is: string | undefined }
  /** Whether the session that the attacker begins with has a source identity; undefined: it does not matter. */
  readonly startIdentity?: 'none' | 'some'
}

/** The session tags of a call of AssumeRole. */
export interface SessionTags {
  readonly is: 'these'
  /** Every tag that is passed. */
  readonly all: Readonly<Record<string, string>>
  /** The transitive ones among them. */
  readonly transitive: Readonly<Record<string, string>>
}

/** Session tags that the attacker chooses. */
export interface AnyTags {
  readonly is: 'any'
  /** Whether some may be transitive. */
  readonly isTransitive: boolean
  /** Tags that are among them. */
  readonly fixed?: Readonly<Record<string, string>>
}

/** The actions of STS that belong to the call AssumeRole. */
type AssumeAction = 'sts:AssumeRole' | 'sts:TagSession' | 'sts:SetSourceIdentity'

const identities = sessionText('sts.SourceIdentity')

/** The keys of a call whose tags the attacker chooses. */
function chosenTags(tags: AssumeOptions['tags']): Readonly<Record<string, KeyDomain>> {
  if (tags?.is !== 'any') return {}
  const { isTransitive, fixed = {} } = tags
  return {
    'aws:RequestTag/*': { mayBeAbsent: true },
    'aws:TagKeys': { mayBeAbsent: true, isMultivalued: true },
    ...(isTransitive ? { 'sts:TransitiveTagKeys': { mayBeAbsent: true, isMultivalued: true } } : {}),
    ...Object.fromEntries(
      Object.entries(fixed).map(([key, value]) => [
        `aws:RequestTag/${key}`,
        { values: [value], mayBeAbsent: false },
      ]),
    ),
  }
}

/** The keys of a call with these session tags. [POL-058] */
function tagContext(tags: AssumeOptions['tags']): Readonly<Record<string, ContextInput>> {
  if (tags?.is !== 'these') return {}
  const transitive = Object.keys(tags.transitive)
  return {
    ...keysOfTags('aws:RequestTag', tags.all),
    'aws:TagKeys': Object.keys(tags.all),
    ...(transitive.length === 0 ? {} : { 'sts:TransitiveTagKeys': transitive }),
  }
}

/** A source identity that nobody knows. */
const someIdentity: Readonly<Record<string, KeyDomain>> = {
  'aws:SourceIdentity': identities,
  'sts:SourceIdentity': identities,
}

const externalId = /sts:ExternalId/i

/** An external id that no policy asks for. */
const otherExternalId = 'omen-other-id'

function isOfUnknownIdentity({ variant, form }: Actor): boolean {
  return variant.isStart === true && form === 'assumed' && variant.carried.sourceIdentity === undefined
}

/** Makes the requests by which a caller assumes a role: a principal, a service, the bearer of a token. */
export class TrustQuestions extends OutsideQuestions {
  readonly #table: TechniqueTable

  constructor(world: World, table: TechniqueTable, neighbours: Neighbours<Neighbour>) {
    super(world, neighbours)
    this.#table = table
  }

  /**
   * The same requests; where one of a session that began with a token depends on what the token says, also those of that
   * token: both must hold for one token. Undefined if none does.
   */
  withToken({ variant }: Actor, asked: readonly Asked[]): readonly Asked[] | undefined {
    const { principal, carried } = variant
    if (carried.token === undefined || principal.type !== 'role') return undefined
    const { provider, action } = carried.token
    const start = action.endsWith('SAML')
      ? 'saml:'
      : `${provider.slice(provider.indexOf('/') + 1)}:`.toLowerCase()
    const depends = ({ request, policies }: Asked): boolean =>
      conditionsAbout(policies, request.action).some(({ key }) => key.toLowerCase().startsWith(start))
    if (!asked.some(depends)) return undefined
    return [
      ...asked.map((each) => (depends(each) ? { ...each, call: tokenCall } : each)),
      ...this.tokenTrust(principal, carried.token),
    ]
  }

  /** The same by a session without a source identity; then, if the attacker begins with it, by one that has one. */
  assuming(actor: Actor, role: Role, options: AssumeOptions): readonly (readonly Asked[])[] {
    const starts = isOfUnknownIdentity(actor) ? (['none', 'some'] as const) : [undefined]
    const each = starts.map((startIdentity) =>
      startIdentity === undefined ? options : { ...options, startIdentity },
    )
    const plain = each.map((more) => this.assume(actor, role, more))
    if (!this.#asksForExternalId(actor, role)) return plain
    // The secret one is not known, but whether there is one, and another one, are the caller's to choose.
    const chosen = [undefined, otherExternalId].flatMap((externalId) =>
      each.map((more) => this.assume(actor, role, { ...more, externalId: { is: externalId } })),
    )
    return [...plain, ...chosen]
  }

  #asksForExternalId({ variant: { policies } }: Actor, { trust }: Role): boolean {
    if (trust !== undefined && externalId.test(trust.policy.text)) return true
    return conditionsAbout(policies, 'sts:AssumeRole').some(({ key }) => externalId.test(key))
  }

  /**
   * Asks about one call of AssumeRole, with the role's trust policy, or with one that the attacker writes. A source
   * identity persists: each role of a chain must let it be set. [POL-050] So do transitive tags. [POL-056]
   */
  assume(actor: Actor, role: Role, options: AssumeOptions): readonly Asked[] {
    const actions: AssumeAction[] = ['sts:AssumeRole']
    const { carried } = actor.variant
    if (options.tags !== undefined || carried.tags !== undefined) actions.push('sts:TagSession')
    const identity = carried.sourceIdentity ?? options.sourceIdentity
    if (identity !== undefined || options.startIdentity === 'some') actions.push('sts:SetSourceIdentity')
    return actions.map((action) => this.#assume(actor, role, action, actions, options))
  }

  #assume(
    actor: Actor,
    role: Role,
    action: AssumeAction,
    actions: readonly AssumeAction[],
    options: AssumeOptions,
  ): Asked {
    const { sourceIdentity, tags: inherited = {} } = actor.variant.carried
    const identity = sourceIdentity ?? options.sourceIdentity
    // whatever a session of a role is called: `*` grants it the same (behaviour POL-025)
    const principal = callerOf(actor.variant)
    const named = principal.type === 'roleSession' ? '*' : callerArn(principal)
    const { stated } = this.world
    const externalId = options.externalId === undefined ? stated?.['sts:ExternalId'] : options.externalId.is
    const own = options.own === true ? grantTo(named, actions, 'trust') : undefined
    const resource = options.isNew === true ? this.#newRole() : role.arn
    const keys: CallerKeys = {
      context: {
        ...ofResource(role.tags, withTags(role.tags, inherited)),
        ...tagContext(options.tags),
        ...(typeof identity === 'string' ? { 'sts:SourceIdentity': identity } : {}),
        ...(externalId === undefined ? {} : { 'sts:ExternalId': externalId }),
      },
      chosen: {
        'sts:RoleSessionName': sessionNamed(options.name),
        'aws:RequestedRegion': { mayBeAbsent: false, values: regionsOf(this.world.partition) },
        ...chosenTags(options.tags),
        ...(typeof identity === 'object' ? { 'sts:SourceIdentity': identities } : {}),
      },
      open: {
        ...(options.externalId === undefined && externalId === undefined
          ? { 'sts:ExternalId': { mayBeAbsent: true } }
          : {}),
        ...(options.startIdentity === 'some' ? someIdentity : {}),
      },
    }
    return {
      call: `assume-${role.arn}`,
      request: {
        ...this.request(actor, action, resource, role.account, keys, options.session),
        // A tag that is passed on is not passed again. [STS-12]
        absent: [
          '*',
          ...Object.keys(inherited).map((key) => `aws:RequestTag/${key}`),
          ...(options.startIdentity === 'none' ? ['aws:SourceIdentity'] : []),
        ],
      },
      policies: this.withTrust(actor.variant, role, own),
    }
  }

  #newRole(): string | Shape {
    const { partition, account } = this.world
    const template = this.#table.actions['iam:CreateRole']?.on[0]?.[0]?.arns[0] ?? ''
    return shapeOf(template, { partition, account, service: 'iam', type: 'role', known: {}, isNew: true })
  }
}
