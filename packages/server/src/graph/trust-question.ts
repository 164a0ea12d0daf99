import {
  type Asked,
  type ContextInput,
  combine,
  compile,
  type KeyDomain,
  type PolicySource,
  type Principal,
  type Shape,
} from '@omen-iam/policy'
import type { TechniqueTable } from '../authorization/catalogue/index.ts'
import { withTags } from './carried.ts'
import {
  ambientKeys,
  type CallerKeys,
  callerArn,
  callerKeys,
  callerOf,
  callTime,
  type Form,
  organizationKeys,
} from './form.ts'
import type { Neighbour, Neighbours } from './neighbours.ts'
import { grantTo, type Variant } from './person.ts'
import { type Binding, ofResource, shapeDomain } from './request-keys.ts'
import type { ResourcePolicies } from './resource-policy.ts'
import { regionsOf, shapeOf } from './shape.ts'
import { accountOfArn, noOrganization, type Organization, type Role, type World } from './world.ts'

/** Who asks: a principal with its changes, in a form. */
export interface Actor {
  readonly variant: Variant
  readonly form: Form
}

/** How a role is assumed. */
export interface AssumeOptions {
  readonly mfa: boolean
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
  /** Whether the session that the attacker begins with has a source identity; undefined: it does not matter. */
  readonly startIdentity?: 'none' | 'some'
}

/** The session tags of a call of AssumeRole. */
export interface SessionTags {
  readonly is: 'these'
  /** Every tag that is passed. */
  readonly all: Readonly<Record<string, string>>
  /** Those of them that are transitive. */
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

/** A name of a session, or a source identity, as STS takes it. */
function sessionText(variable: string): KeyDomain {
  const grammar = { characters: 'a-zA-Z0-9_+=,.@-', least: 2, most: 64 }
  return { shape: [{ variable, grammar }], mayBeAbsent: false }
}

const sessionNames = sessionText('sts.RoleSessionName')
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
    ...Object.fromEntries(Object.entries(tags.all).map(([key, value]) => [`aws:RequestTag/${key}`, value])),
    'aws:TagKeys': Object.keys(tags.all),
    ...(transitive.length === 0 ? {} : { 'sts:TransitiveTagKeys': transitive }),
  }
}

/** A source identity that nobody knows. */
const someIdentity: Readonly<Record<string, KeyDomain>> = {
  'aws:SourceIdentity': { mayBeAbsent: false },
  'sts:SourceIdentity': { mayBeAbsent: false },
}

function isOfUnknownIdentity({ variant, form }: Actor): boolean {
  return variant.isStart === true && form === 'assumed' && variant.carried.sourceIdentity === undefined
}

/** Makes the requests by which a caller assumes a role: a principal, a service, the bearer of a token. */
export class TrustQuestions {
  readonly world: World
  readonly #table: TechniqueTable
  /** The RCPs of the account. */
  protected readonly rcp: Asked['policies'] | undefined
  readonly #neighbours: Neighbours<Neighbour>

  constructor(world: World, table: TechniqueTable, neighbours: Neighbours<Neighbour>) {
    this.world = world
    this.#table = table
    this.#neighbours = neighbours
    this.rcp = world.organization.rcps && compile({ rcp: world.organization.rcps })
  }

  /** The RCPs of the account. */
  get rcps(): Asked['policies'] | undefined {
    return this.rcp
  }

  /** The RCPs of the account of a resource. */
  rcpsOf(arn: string): Asked['policies'] | undefined {
    return this.#neighbours.isAlone ? this.rcp : this.rcpsOfAccount(accountOfArn(arn))
  }

  /** The RCPs of an account. */
  rcpsOfAccount(account: string): Asked['policies'] | undefined {
    if (account === this.world.account) return this.rcp
    const other = this.#neighbours.of(account)
    return other === undefined ? this.rcp : other.rcps
  }

  /** What is known of the organization of an account. */
  protected organizationOf(account: string): Organization {
    return account === this.world.account
      ? this.world.organization
      : (this.#neighbours.of(account)?.world.organization ?? noOrganization)
  }

  /** The resource policies of an account. */
  protected resourcePoliciesOf(account: string): ResourcePolicies | undefined {
    return this.#neighbours.of(account)?.index.resourcePolicies
  }

  /** The keys of a caller, with what is known of the organization of another account whose resource it uses. */
  inAccount({ context, chosen, open }: CallerKeys, account: string): CallerKeys {
    const resource = organizationKeys('aws:Resource', this.organizationOf(account))
    const without = <Each>(keys: Readonly<Record<string, Each>>): Record<string, Each> =>
      Object.fromEntries(Object.entries(keys).filter(([key]) => !key.startsWith('aws:ResourceOrg')))
    return {
      context: { ...without(context), ...resource.context },
      chosen,
      open: { ...without(open), ...resource.open },
    }
  }

  /** Whether a service may assume a role: its trust policy and the RCPs. */
  serviceTrust(role: Role, service: string, source: string | Shape | undefined): Asked {
    const principal: Principal = { type: 'service', names: [service] }
    const { account } = this.world
    return {
      request: {
        principal,
        action: 'sts:AssumeRole',
        resource: role.arn,
        resourceAccount: role.account,
        context: {
          'aws:PrincipalIsAWSService': true,
          'aws:PrincipalServiceName': service,
          'aws:PrincipalServiceNamesList': [service],
          'aws:SourceAccount': account,
          'aws:ResourceAccount': account,
          'aws:SecureTransport': true,
          ...ofResource(role.tags),
        },
        chosen: {
          'sts:RoleSessionName': sessionNames,
          ...(source === undefined ? {} : { 'aws:SourceArn': shapeDomain(source) }),
        },
        open: {
          'aws:SourceOrgID': { mayBeAbsent: true },
          'aws:SourceOrgPaths': { mayBeAbsent: true, isMultivalued: true },
          'aws:ResourceOrgID': { mayBeAbsent: true },
          ...callTime,
        },
        absent: ['*'],
      },
      policies: this.withTrust(undefined, role),
    }
  }

  /** Whether the bearer of a token of a provider may assume a role. The attacker writes what the token says. */
  federatedTrust(role: Role, provider: string, action: string): Asked {
    const principal: Principal = action.endsWith('SAML')
      ? { type: 'saml', provider }
      : { type: 'webIdentity', provider }
    const issuer = provider.includes('/') ? provider.slice(provider.indexOf('/') + 1) : provider
    const anything: KeyDomain = { mayBeAbsent: true }
    return {
      request: {
        principal,
        action,
        resource: role.arn,
        resourceAccount: role.account,
        context: {
          'aws:FederatedProvider': provider,
          'aws:ResourceAccount': role.account,
          'aws:SecureTransport': true,
          ...(action.endsWith('SAML') ? { 'SAML:aud': 'https://signin.aws.amazon.com/saml' } : {}),
        },
        chosen: {
          'sts:RoleSessionName': sessionNames,
          'SAML:*': anything,
          [`${issuer}:*`]: anything,
        },
        open: { 'aws:SourceIp': anything, 'aws:CurrentTime': callTime['aws:CurrentTime'] },
        absent: ['*'],
      },
      policies: this.withTrust(undefined, role),
    }
  }

  /** Whether the bearer of a token of a provider may assume a role. What the token says is open. */
  tokenTrust(role: Role, provider: string, action: string): Asked {
    const asked = this.federatedTrust(role, provider, action)
    const { chosen = {}, open = {}, ...request } = asked.request
    const names = Object.keys(chosen).filter((key) => key !== 'sts:RoleSessionName')
    const claims = Object.fromEntries(names.map((key) => [key, { mayBeAbsent: true }]))
    return {
      ...asked,
      request: {
        ...request,
        chosen: { 'sts:RoleSessionName': sessionNames },
        open: { ...ambientKeys, ...open, ...claims },
      },
    }
  }

  /** Whether a service may assume a role, whatever it acts for. */
  serviceAlone(role: Role, service: string): Asked {
    const asked = this.serviceTrust(role, service, undefined)
    const { 'aws:SourceAccount': _account, ...context } = asked.request.context
    const anything: KeyDomain = { mayBeAbsent: true }
    return {
      ...asked,
      request: {
        ...asked.request,
        context,
        open: { ...asked.request.open, 'aws:SourceAccount': anything, 'aws:SourceArn': anything },
      },
    }
  }

  /** Whether a user of an identity pool may assume a role. */
  poolTrust(role: Role, provider: string, { things }: Binding): Asked {
    const pool = [...(things?.values() ?? [])][0]?.arn
    const asked = this.federatedTrust(role, provider, 'sts:AssumeRoleWithWebIdentity')
    const { chosen, ...request } = asked.request
    const audience = pool?.slice(pool.indexOf('/') + 1)
    const { [`${provider}:*`]: tokens, ...others } = chosen ?? {}
    return {
      ...asked,
      request: {
        ...request,
        context: { ...request.context, ...(audience === undefined ? {} : { [`${provider}:aud`]: audience }) },
        open: {
          ...request.open,
          ...(audience === undefined ? { [`${provider}:aud`]: { mayBeAbsent: false } } : {}),
        },
        chosen: {
          ...others,
          ...(tokens === undefined ? {} : { [`${provider}:sub`]: tokens }),
          [`${provider}:amr`]: {
            values: ['authenticated', 'unauthenticated'],
            mayBeAbsent: false,
            isMultivalued: true,
          },
        },
      },
    }
  }

  /** The same by a session without a source identity; then, if the attacker begins with it, by one that has one. */
  assuming(actor: Actor, role: Role, options: AssumeOptions): readonly (readonly Asked[])[] {
    if (!isOfUnknownIdentity(actor)) return [this.assume(actor, role, options)]
    const starts = ['none', 'some'] as const
    return starts.map((startIdentity) => this.assume(actor, role, { ...options, startIdentity }))
  }

  /**
   * What one call of AssumeRole asks for, with the role's trust policy, or with one that the attacker writes. A source
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
    const principal = callerOf(actor.variant, options.session)
    const keys = this.inAccount(
      callerKeys(this.world, actor.variant, principal, actor.form, options.mfa),
      role.account,
    )
    const { sourceIdentity, tags: inherited = {} } = actor.variant.carried
    const identity = sourceIdentity ?? options.sourceIdentity
    // IAM refuses a trust policy that names a role's session (behaviour POL-142); `*` grants it the same (POL-025)
    const named = principal.type === 'roleSession' ? '*' : callerArn(principal)
    const own = options.own === true ? grantTo(named, actions, 'trust') : undefined
    return {
      call: `assume-${role.arn}`,
      request: {
        principal,
        action,
        resource: options.isNew === true ? this.#newRole() : role.arn,
        resourceAccount: role.account,
        context: {
          ...keys.context,
          ...ofResource(role.tags, withTags(role.tags, inherited)),
          'aws:ResourceAccount': role.account,
          ...tagContext(options.tags),
          ...(typeof identity === 'string' ? { 'sts:SourceIdentity': identity } : {}),
        },
        chosen: {
          ...keys.chosen,
          'sts:RoleSessionName':
            options.name === undefined ? sessionNames : { values: [options.name], mayBeAbsent: false },
          'sts:DurationSeconds': { mayBeAbsent: true, range: { least: 900, most: 43_200 } },
          'aws:RequestedRegion': { mayBeAbsent: false, values: regionsOf(this.world.partition) },
          ...chosenTags(options.tags),
          ...(typeof identity === 'object' ? { 'sts:SourceIdentity': identities } : {}),
        },
        open: {
          ...keys.open,
          'sts:ExternalId': { mayBeAbsent: true },
          ...(options.startIdentity === 'some' ? someIdentity : {}),
        },
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

  /** The policies of a caller, if it has any, with the trust policy of a role and the RCPs of its account. */
  withTrust(variant: Variant | undefined, role: Role, own?: PolicySource): Asked['policies'] {
    const source = own ?? role.trust
    const resource = compile({ resource: { ...(source === undefined ? {} : { source }), grant: 'trust' } })
    const policies = variant === undefined ? resource : combine(variant.policies, resource)
    const rcp = this.rcpsOfAccount(role.account)
    return rcp === undefined ? policies : combine(policies, rcp)
  }
}
