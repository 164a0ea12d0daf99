import {
  type Answer,
  type Asked,
  combine,
  compile,
  type KeyDomain,
  type OpenRequest,
  type PolicySource,
  type Principal,
  type Shape,
} from '@omen-iam/policy'
import { techniqueTable } from '../../authorization/catalogue/index.ts'
import type { Neighbour, Neighbours } from '../world/neighbours.ts'
import type { ResourcePolicies } from '../world/resource-policy.ts'
import { accountOfArn, noOrganization, type Organization, type Role, type World } from '../world/world.ts'
import type { Actor } from './actor.ts'
import { ambientKeys, callerKeys, callTime, organizationKeys, withStated } from './caller.ts'
import type { Token } from './carried.ts'
import { issuerOf } from './outside.ts'
import { answerTo } from './quick.ts'
import { type Binding, ofResource, shapeDomain } from './request-keys.ts'
import { regionsOf } from './shape.ts'
import type { StatedClaims } from './stated-claims.ts'
import { claimKeys, tagKeys } from './token-keys.ts'
import { type CallerKeys, grantTo, type Variant } from './variant.ts'

/** A name of a session, or a source identity, as STS takes it. */
export function sessionText(variable: string): KeyDomain {
  const grammar = { characters: 'a-zA-Z0-9_+=,.@-', least: 2, most: 64 }
  return { shape: [{ variable, grammar }], mayBeAbsent: false }
}

const sessionNames = sessionText('sts.RoleSessionName')

/** The names that a session may get: a certain one, or any. */
export function sessionNamed(name: string | undefined): KeyDomain {
  return name === undefined ? sessionNames : { values: [name], mayBeAbsent: false }
}

/** The hosts of the sign-in page of other partitions. */
const signInHosts: Readonly<Record<string, string | undefined>> = {
  'aws-cn': 'signin.amazonaws.cn',
  'aws-us-gov': 'signin.amazonaws-us-gov.com',
}

/** The hosts that assertions of SAML are sent to: the one without a region, or that of a region. [STS-137] */
function samlHosts(partition: string): readonly string[] {
  const host = signInHosts[partition] ?? 'signin.aws.amazon.com'
  return [host, ...regionsOf(partition).map((region) => `${region}.${host}`)]
}

function samlAudience(partition: string): CallerKeys['chosen'] {
  const hosts = samlHosts(partition)
  return { 'SAML:aud': { values: hosts.map((each) => `https://${each}/saml`), mayBeAbsent: false } }
}

/** The endpoints of one provider: nobody knows the id of that, nor whether its assertions are encrypted. [STS-137] */
function ownAudience(partition: string): KeyDomain {
  const host = { variable: 'saml.Host', grammar: { values: samlHosts(partition) } }
  const id = { variable: 'saml.Provider', grammar: { characters: 'a-zA-Z0-9_-', most: 128 } }
  return { shape: ['https://', host, '/saml/acs/', id], mayBeAbsent: false }
}

/** The call in which a token is shown: what the token says is the same in every request of its session. */
export const tokenCall = 'token'

const mayBe: KeyDomain = { mayBeAbsent: true }

/** Whether a token names the role (behaviour STS-138); tokens of Amazon and Facebook cannot. */
const authorizedByIdp: Readonly<Record<string, KeyDomain>> = {
  'sts:RoleAuthorizedByIdp': { values: ['true', 'false'], mayBeAbsent: true },
}

/** Returns whether a token names the role; undefined if not all that it says is known. */
function isForRole(says: StatedClaims | undefined, role: string): boolean | undefined {
  if (says?.roles !== undefined) return says.roles.includes(role)
  return says?.isComplete === true ? false : undefined
}

/** The keys that the one whom a service serves decides. */
function chosenOf(chooses: readonly string[]): Readonly<Record<string, KeyDomain>> {
  const domainOf = (key: string): KeyDomain =>
    key === 'sts:SourceIdentity' ? sessionText('sts.SourceIdentity') : mayBe
  return Object.fromEntries(chooses.map((key) => [key, domainOf(key)]))
}

/** Makes the requests by which a service or the bearer of a token assumes a role. */
export class OutsideQuestions {
  readonly world: World
  /** Decides on requests that must be allowed together. */
  answer: (asked: readonly Asked[]) => Answer = answerTo
  /** The RCPs of the account. */
  readonly rcps: Asked['policies'] | undefined
  protected readonly neighbours: Neighbours<Neighbour>

  constructor(world: World, neighbours: Neighbours<Neighbour>) {
    this.world = world
    this.neighbours = neighbours
    this.rcps = world.organization.rcps && compile({ rcp: world.organization.rcps })
  }

  /** The RCPs of the account of a resource. */
  rcpsOf(arn: string): Asked['policies'] | undefined {
    return this.neighbours.isAlone ? this.rcps : this.rcpsOfAccount(accountOfArn(arn))
  }

  /** The RCPs of an account. */
  rcpsOfAccount(account: string): Asked['policies'] | undefined {
    const other = account === this.world.account ? undefined : this.neighbours.of(account)
    return other === undefined ? this.rcps : other.rcps
  }

  /** The facts about the organization of an account. */
  protected organizationOf(account: string): Organization {
    return account === this.world.account
      ? this.world.organization
      : (this.neighbours.of(account)?.world.organization ?? noOrganization)
  }

  /** The resource policies of an account. */
  protected resourcePoliciesOf(account: string): ResourcePolicies | undefined {
    return this.neighbours.of(account)?.index.resourcePolicies
  }

  /** The keys of a caller, with what is known of the organization of another account whose resource it uses. */
  inAccount<Keys extends CallerKeys>({ context, open, ...others }: Keys, account: string) {
    const resource = organizationKeys('aws:Resource', this.organizationOf(account))
    const without = <Each>(keys: Readonly<Record<string, Each>>): Record<string, Each> =>
      Object.fromEntries(Object.entries(keys).filter(([key]) => !key.startsWith('aws:ResourceOrg')))
    return {
      ...others,
      context: { ...without(context), ...resource.context },
      open: { ...without(open), ...resource.open },
    }
  }

  /** A request of a caller about a resource of an account, with further keys. */
  request(
    actor: Actor,
    action: string,
    resource: string | Shape,
    account: string,
    more: Partial<CallerKeys> = {},
    session?: string,
  ): OpenRequest {
    const direct = callerKeys(this.world, actor, session)
    const isOwn = account === this.world.account && actor.variant.outside === undefined
    const { principal, context, chosen, open } = isOwn ? direct : this.inAccount(direct, account)
    return {
      principal,
      action,
      resource,
      resourceAccount: account,
      context: { ...context, 'aws:ResourceAccount': account, ...more.context },
      chosen: { ...chosen, ...more.chosen },
      open: { ...open, ...more.open },
      absent: ['*'],
    }
  }

  /**
   * Whether a service may assume a role, as alternatives: with the tags and the source identity that its sessions have, and
   * without, where they can be turned off. [GRD-720]
   */
  serviceTrusts(
    role: Role,
    service: string,
    source: string | Shape | undefined,
    isOpened = false,
  ): readonly (readonly Asked[])[] {
    const { asks: actions = [], chooses = [], isOptional = false } = techniqueTable().services[service] ?? {}
    const plain = this.serviceTrust(role, service, source, isOpened)
    const request = { ...plain.request, chosen: { ...plain.request.chosen, ...chosenOf(chooses) } }
    const tagged = ['sts:AssumeRole', ...actions].map((action) => ({
      ...plain,
      request: { ...request, action },
    }))
    return isOptional ? [tagged, [plain]] : [tagged]
  }

  /** Whether a service may assume a role: its trust policy and the RCPs. */
  serviceTrust(role: Role, service: string, source: string | Shape | undefined, isOpened = false): Asked {
    const actions = ['sts:AssumeRole', ...(techniqueTable().services[service]?.asks ?? [])]
    const own = isOpened ? grantTo(service, actions, 'trust', 'Service') : undefined
    const principal: Principal = { type: 'service', names: [service] }
    const { account, organization } = this.world
    const sourceKeys = organizationKeys('aws:Source', organization)
    const resourceKeys = organizationKeys('aws:Resource', organization)
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
          ...sourceKeys.context,
          ...resourceKeys.context,
          ...ofResource(role.tags),
        },
        chosen: {
          'sts:RoleSessionName': sessionNames,
          ...(source === undefined ? {} : { 'aws:SourceArn': shapeDomain(source) }),
        },
        open: { ...sourceKeys.open, ...resourceKeys.open, ...callTime },
        absent: ['*'],
      },
      policies: this.withTrust(undefined, role, own),
    }
  }

  /** Whether the bearer of a token of a provider may assume a role. The attacker writes what the token says. */
  federatedTrust(role: Role, provider: string, action: string): Asked {
    const isSaml = action.endsWith('SAML')
    const principal: Principal = { type: isSaml ? 'saml' : 'webIdentity', provider }
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
        },
        chosen: {
          'sts:RoleSessionName': sessionNames,
          ...(isSaml ? samlAudience(this.world.partition) : {}),
          'SAML:*': mayBe,
          ...(isSaml ? {} : authorizedByIdp),
          [`${provider.slice(provider.indexOf('/') + 1)}:*`]: mayBe,
        },
        open: { 'aws:SourceIp': mayBe, 'aws:CurrentTime': callTime['aws:CurrentTime'] },
        absent: ['*'],
      },
      policies: this.withTrust(undefined, role),
    }
  }

  /**
   * Whether the bearer of a token may assume a role, as alternatives. What the token says is open. An assertion of SAML may
   * be sent to the endpoint of its provider, if a condition may ask for that.
   */
  tokenTrusts(role: Role, token: Token): readonly (readonly Asked[])[] {
    const roles = token.says?.roles
    if (roles !== undefined && !roles.includes(role.arn)) return []
    const asked = this.tokenTrust(role, token)
    const text = role.trust?.policy.text ?? ''
    const isKnown = claimKeys(token).context['saml:aud'] !== undefined || token.says?.isComplete === true
    if (!token.action.endsWith('SAML') || isKnown || !/saml:aud/i.test(text)) return [asked]
    const open = { 'SAML:aud': ownAudience(this.world.partition) }
    const sent = asked.map((each) => {
      const { 'SAML:aud': _endpoint, ...chosen } = each.request.chosen ?? {}
      return { ...each, request: { ...each.request, chosen, open: { ...each.request.open, ...open } } }
    })
    return [asked, sent]
  }

  /** Whether the bearer of a token may assume a role. What the token says is open. */
  tokenTrust(role: Role, token: Token): readonly Asked[] {
    const { provider, action, hasTags, says } = token
    const identity = says?.sourceIdentity
    const actions = [
      action,
      ...(hasTags ? ['sts:TagSession'] : []),
      ...(identity === undefined ? [] : ['sts:SetSourceIdentity']),
    ]
    const claims = claimKeys(token)
    const tags = tagKeys(token)
    const isAudience = 'saml:aud' in claims.context
    const isSaml = action.endsWith('SAML')
    const isAuthorized = isSaml ? undefined : isForRole(says, role.arn)
    return actions.map((each) => {
      const asked = this.federatedTrust(role, provider, action)
      const { chosen = {}, open = {}, context, ...request } = asked.request
      const { 'SAML:aud': audience } = chosen
      return {
        ...asked,
        call: tokenCall,
        request: {
          ...request,
          action: each,
          ...withStated(
            {
              context: {
                ...context,
                ...claims.context,
                ...tags.context,
                ...(identity === undefined ? {} : { 'sts:SourceIdentity': identity }),
                ...(isAuthorized === undefined ? {} : { 'sts:RoleAuthorizedByIdp': isAuthorized }),
              },
              chosen: {
                'sts:RoleSessionName': sessionNamed(token.name),
                ...(audience === undefined || isAudience ? {} : { 'SAML:aud': audience }),
              },
              open: {
                ...ambientKeys,
                ...open,
                ...claims.open,
                ...(isSaml || isAuthorized !== undefined ? {} : authorizedByIdp),
                ...(`${issuerOf(provider)}:aud` in claims.open ? this.#audience(provider) : {}),
                ...tags.open,
              },
            },
            this.world,
          ),
        },
      }
    })
  }

  /** The audiences that a provider of IAM takes, if the inventory says them. */
  #audience(provider: string): Readonly<Record<string, KeyDomain>> {
    const clients = this.clientIds(provider)
    if (clients === undefined) return {}
    const issuer = provider.slice(provider.indexOf('/') + 1)
    return { [`${issuer}:aud`]: { values: clients, mayBeAbsent: false } }
  }

  /** The client ids of a provider of IAM, if the inventory says them. */
  clientIds(provider: string): readonly string[] | undefined {
    const account = accountOfArn(provider)
    const { inventory } = this.neighbours.of(account)?.world ?? this.world
    return inventory.clientIds?.get(provider)
  }

  /** Whether a service may assume a role, whatever it acts for: as alternatives, as `serviceTrusts`. */
  serviceAlone(role: Role, service: string): readonly (readonly Asked[])[] {
    const sources = { 'aws:SourceAccount': mayBe, 'aws:SourceArn': mayBe }
    const { open } = organizationKeys('aws:Source', noOrganization)
    const alone = (asked: Asked): Asked => {
      const {
        'aws:SourceAccount': _account,
        'aws:SourceOrgID': _id,
        'aws:SourceOrgPaths': _paths,
        ...context
      } = asked.request.context
      const { 'sts:RoleSessionName': name = sessionNames, ...tags } = asked.request.chosen ?? {}
      return {
        ...asked,
        request: {
          ...asked.request,
          context,
          chosen: { 'sts:RoleSessionName': name },
          open: { ...asked.request.open, ...tags, ...open, ...sources },
        },
      }
    }
    return this.serviceTrusts(role, service, undefined).map((each) => each.map(alone))
  }

  /** Whether a user of an identity pool may assume a role. */
  poolTrust(role: Role, provider: string, { resources, context = {} }: Binding): Asked {
    const [pool] = resources?.values() ?? []
    const [aud, sub, amr] = [`${provider}:aud`, `${provider}:sub`, `${provider}:amr`]
    const asked = this.federatedTrust(role, provider, 'sts:AssumeRoleWithWebIdentity')
    const { context: known, chosen = {}, open, ...request } = asked.request
    const { [`${provider}:*`]: _claims, ...others } = chosen
    const guest = ['unauthenticated']
    const values = context[amr] === undefined ? ['authenticated', ...guest] : guest
    return {
      ...asked,
      request: {
        ...request,
        context: pool === undefined ? known : { ...known, [aud]: pool.arn.slice(pool.arn.indexOf('/') + 1) },
        open: pool === undefined ? { ...open, [aud]: { mayBeAbsent: false } } : { ...open },
        chosen: { ...others, [sub]: mayBe, [amr]: { values, mayBeAbsent: false, isMultivalued: true } },
      },
    }
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
