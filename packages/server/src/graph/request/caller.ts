import { type ContextInput, type KeyDomain, type Principal, principalContext } from '@omen-iam/policy'
import { type TechniqueTable, techniqueTable } from '../../authorization/catalogue/index.ts'
import { perObject } from '../../base/index.ts'
import type { Organization, World } from '../world/world.ts'
import type { Actor } from './actor.ts'
import type { Token } from './carried.ts'
import { mayHaveMfa } from './form.ts'
import { keysOfTags } from './keys-of-tags.ts'
import { claimKeys } from './token-keys.ts'
import type { CallerKeys, Variant } from './variant.ts'

/** The name of a session that the attacker starts. */
export const sessionName = 'omen'

/** The caller as policies name it. */
export function callerOf({ principal, ...variant }: Variant, named?: string): Principal {
  if (variant.outside !== undefined) return variant.outside.principal
  const session = named ?? variant.carried.name ?? sessionName
  const { arn, account, id } = principal
  if (principal.type === 'user') return { type: 'user', arn, account, ...(id === undefined ? {} : { id }) }
  const partition = arn.split(':')[1] ?? ''
  return {
    type: 'roleSession',
    sessionArn: `arn:${partition}:sts::${account}:assumed-role/${principal.name}/${session}`,
    roleArn: arn,
    account,
    ...(id === undefined ? {} : { roleId: id }),
    ...(principal.isServiceLinked ? { serviceLinked: true } : {}),
  }
}

/** The ARN of the caller itself, as a trust policy that the attacker writes names it. */
export function callerArn(principal: Principal): string {
  if (principal.type === 'roleSession') return principal.sessionArn
  return 'arn' in principal ? principal.arn : ''
}

/** The id of a session whose name is not known. */
function userIdOf(id: string): KeyDomain {
  const grammar = { characters: 'a-zA-Z0-9_+=,.@-', least: 2, most: 64 }
  return { shape: [`${id}:`, { variable: 'sts.SessionName', grammar }], mayBeAbsent: false }
}

const anything: KeyDomain = { mayBeAbsent: true }

/** The keys that hold what code runs in. */
const sourceKeys = perObject(({ resources }: TechniqueTable) =>
  Object.values(resources).flatMap((each) => each?.source ?? []),
)

/** When a call can be made: not before this technique table was made, so a condition on an earlier time cannot be met. */
export const callTime: Readonly<Record<'aws:CurrentTime' | 'aws:EpochTime', KeyDomain>> = {
  'aws:CurrentTime': {
    dates: { earliest: '2026-11-01T00:00:00Z', latest: '9999-01-01T00:00:00Z' },
    mayBeAbsent: false,
  },
  'aws:EpochTime': { range: { least: 1_793_491_200, most: 253_370_764_800 }, mayBeAbsent: false },
}

/** Keys of the surroundings: nobody can say what they hold when the attacker comes. */
export const ambientKeys: Readonly<Record<string, KeyDomain>> = {
  'aws:SourceIp': anything,
  'aws:SourceVpc': anything,
  'aws:SourceVpce': anything,
  'aws:SourceVpcArn': anything,
  'aws:VpcSourceIp': anything,
  'aws:VpceAccount': anything,
  'aws:VpceOrgID': anything,
  'aws:VpceOrgPaths': anything,
  ...callTime,
}

const issueTime = callTime['aws:CurrentTime']

/** Keys that a question may state: of the surroundings of the attacker, of its MFA, and the external id that it knows. */
export const statableKeys: readonly string[] = [
  ...Object.keys(ambientKeys),
  'aws:MultiFactorAuthPresent',
  'aws:MultiFactorAuthAge',
  'aws:TokenIssueTime',
  'sts:ExternalId',
]

/** The keys of a request; what the question states is known instead of open. [GRD-640] */
export function withStated(keys: CallerKeys, { stated = {} }: Pick<World, 'stated'>): CallerKeys {
  const names = Object.keys(stated).filter((name) => keys.open[name] !== undefined)
  if (names.length === 0) return keys
  const open = Object.entries(keys.open).filter(([name]) => !names.includes(name))
  const known = Object.entries(stated).filter(([name]) => names.includes(name))
  return {
    ...keys,
    context: { ...keys.context, ...Object.fromEntries(known) },
    open: Object.fromEntries(open),
  }
}

/** The known and the open keys about the organization of a caller, of a resource, or of whom a service acts for. */
export function organizationKeys(
  side: 'aws:Principal' | 'aws:Resource' | 'aws:Source',
  { id, path, managementAccount, isNone = false }: Organization,
): Pick<CallerKeys, 'context' | 'open'> {
  // An account that is in no organization has none of these keys.
  if (isNone) return { context: {}, open: {} }
  const context: Record<string, ContextInput> = {}
  const open: Record<string, KeyDomain> = {}
  if (id === undefined) open[`${side}OrgID`] = anything
  else context[`${side}OrgID`] = id
  if (path === undefined) open[`${side}OrgPaths`] = { mayBeAbsent: true, isMultivalued: true }
  else context[`${side}OrgPaths`] = [path]
  if (side === 'aws:Principal') {
    if (managementAccount === undefined) open['aws:PrincipalOrgMasterAccountId'] = anything
    else context['aws:PrincipalOrgMasterAccountId'] = managementAccount
  }
  return { context, open }
}

/** A caller as the requests that it makes have it: who it is, and its keys. */
export interface Caller extends CallerKeys {
  readonly principal: Principal
}

/** The caller that an actor is, in a session of a name if one is given. */
export function callerKeys(world: World, actor: Actor, session?: string): Caller {
  const { variant, form } = actor
  const principal = callerOf(variant, session)
  if (variant.outside !== undefined) return { principal, ...withStated(variant.outside.keys, world) }
  const mfa = actor.asksMfa === true && mayHaveMfa(form)
  const caller = organizationKeys('aws:Principal', world.organization)
  const resource = organizationKeys('aws:Resource', world.organization)
  const context: Record<string, ContextInput> = {
    ...principalContext(principal),
    ...keysOfTags('aws:PrincipalTag', variant.tags),
    'aws:SecureTransport': true,
    'aws:ViaAWSService': false,
    ...caller.context,
    ...resource.context,
  }
  const chosen: Record<string, KeyDomain> = { 'aws:UserAgent': anything, 'aws:Referer': anything }
  const open: Record<string, KeyDomain> = {
    ...ambientKeys,
    ...caller.open,
    ...resource.open,
  }
  // No session lives longer than 36 hours. [GRD-434]
  if (form !== 'key') open['aws:TokenIssueTime'] = issueTime
  // A service names its sessions itself, and of the session that a path begins with, nobody knows the name.
  const isNamed = variant.carried.name !== undefined || (form !== 'service' && variant.isStart !== true)
  if (!isNamed && variant.principal.id !== undefined && variant.principal.type === 'role') {
    delete context['aws:userid']
    open['aws:userid'] = userIdOf(variant.principal.id)
  }
  if (form === 'service') {
    const places = sourceKeys(techniqueTable())
    for (const key of places) open[key] = anything
    // Code on an instance may ask for the second version. [POL-175]
    open['ec2:RoleDelivery'] = { values: ['2.0'], mayBeAbsent: true }
    open['aws:Ec2InstanceSourceVpc'] = anything
    open['aws:Ec2InstanceSourcePrivateIPv4'] = anything
    // Code runs in one place alone. [LAM-56, POL-175]
    for (const [key, arn] of Object.entries(variant.carried.source ?? {})) {
      for (const other of places) delete open[other]
      context[key] = arn
    }
  }
  if (variant.carried.token !== undefined) tokenKeys(variant.carried.token, context, open)
  if (variant.carried.sourceIdentity !== undefined)
    context['aws:SourceIdentity'] = variant.carried.sourceIdentity
  else if (form === 'assumed' && variant.isStart === true) open['aws:SourceIdentity'] = anything
  if (mfa || form === 'mfa') {
    const where = form === 'mfa' ? chosen : open
    if (form === 'mfa') context['aws:MultiFactorAuthPresent'] = 'true'
    else
      open['aws:MultiFactorAuthPresent'] =
        form === 'key'
          ? { values: ['true'], mayBeAbsent: true }
          : { values: ['true', 'false'], mayBeAbsent: false }
    where['aws:MultiFactorAuthAge'] = { range: { least: 0, most: 129_600 }, mayBeAbsent: form !== 'mfa' }
    if (form === 'key') open['aws:TokenIssueTime'] = { ...issueTime, mayBeAbsent: true }
  } else if (form !== 'key') context['aws:MultiFactorAuthPresent'] = 'false'
  // Code that runs in a service calls from elsewhere.
  const keys = { context, chosen, open }
  return { principal, ...(form === 'service' ? keys : withStated(keys, world)) }
}

/**
 * The keys of a token, in every request of its session: claims, the provider, and its session tags. [POL-067, POL-172,
 * STS-88]
 */
function tokenKeys(
  token: Token,
  context: Record<string, ContextInput>,
  open: Record<string, KeyDomain>,
): void {
  const { provider, action, hasTags, transitive = {}, says } = token
  if (action !== 'sts:AssumeRoleWithSAML') context['aws:FederatedProvider'] = provider
  const claims = claimKeys(token)
  Object.assign(context, claims.context)
  Object.assign(open, claims.open)
  if (!hasTags || says !== undefined) return
  const passed = new Set(Object.keys(transitive).map((key) => `aws:PrincipalTag/${key}`))
  for (const key of Object.keys(context))
    if (key.startsWith('aws:PrincipalTag/') && !passed.has(key)) delete context[key]
  open['aws:PrincipalTag/*'] = anything
}
