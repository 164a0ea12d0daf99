import {
  type CompiledSet,
  combine,
  compile,
  type Policy,
  type PolicySet,
  type PolicySource,
  type Source,
} from '@omen-iam/policy'
import { iamArn, perObject, perText } from '../base/index.ts'
import {
  type Account,
  type Directory,
  groups,
  type IamIdentity,
  type Role,
  type User,
} from '../directory/index.ts'
import type { SessionPolicies, SignedCaller } from '../session/index.ts'
import type { ResourcePolicy } from './access.ts'
import { resourceDocument, storedDocument } from './documents.ts'
import { bindingManagement, rcpLayers, scpLevels } from './organization.ts'
import { effectivePolicy } from './policies.ts'

interface Gathered {
  /** The user or role as it was: a caller from before a change must not leave its policies to callers after it. */
  readonly record: User | Role | undefined
  readonly accountRevision: number
  /** The object itself: an account that was removed and loaded again counts its revisions anew. */
  readonly management: Account | undefined
  readonly organizationRevision: number | undefined
  readonly compiled: CompiledSet
}

const nothing = compile({})

/** The most entities of an account in the cache: more than its quotas allow, so that deleted ones are dropped too. */
const entitiesKept = 20_000
/** For each account, the gathered policies by the entity's id. Dropped with the account. */
const gatheredIn = perObject((_account: Account) => new Map<string, Gathered>())
/** For each account, the compiled policies of sessions. Sessions outlive accounts in memory, and must not hold them. */
const sessionLayersIn = perObject(
  (_account: Account) =>
    new WeakMap<SessionPolicies, { readonly revision: number; readonly compiled: CompiledSet }>(),
)

/**
 * Returns the policies that apply to a caller's questions, apart from the resource's: identity, boundary, session,
 * SCPs.
 */
export function callerPolicies(caller: SignedCaller, account: Account, directory: Directory): CompiledSet {
  switch (caller.kind) {
    case 'root':
      return rootPolicies(account, directory)
    case 'assumedRoot':
      // root's powers, reduced by the task's policy (behaviours POL-068 and POL-160)
      return withSession(
        rootPolicies(account, directory),
        taskPolicies(caller.session.taskPolicyArn),
        account,
      )
    case 'user':
      return entityPolicies(caller.user.id, caller.user, account, directory, () =>
        ofUser(caller.user, account),
      )
    case 'role': {
      const base =
        caller.role.linkedService === undefined
          ? entityPolicies(caller.role.id, caller.role, account, directory, () =>
              ofRole(caller.role, account),
            )
          : entityPolicies(caller.role.id, caller.role, account, undefined, () =>
              ofRole(caller.role, account),
            )
      return withSession(base, caller.session.policies, account)
    }
    case 'federated': {
      const { issuer, session } = caller
      const base =
        issuer === undefined
          ? rootPolicies(account, directory)
          : entityPolicies(issuer.id, issuer, account, directory, () => ofUser(issuer, account))
      // without session policies a federated user has no permissions of its own (POL-063): an empty layer
      return withSession(base, session.policies ?? noPolicies, account)
    }
  }
}

/** Only SCPs bind the root user. */
function rootPolicies(account: Account, directory: Directory): CompiledSet {
  return entityPolicies('root', undefined, account, directory, () => ({}))
}

/** The actions that the SCPs of an account leave of everything. */
export function organizationPolicies(account: Account, directory: Directory): CompiledSet {
  return entityPolicies('organization', undefined, account, directory, () => ({
    identity: source(everything, 'identity', { type: 'none' }),
    // a federated user without session policies has no permissions
    session: source(everything, 'session', { type: 'none' }),
  }))
}

const noPolicies: SessionPolicies = { arns: [] }

/** One object for each policy, so that it is compiled once. Only AWS's few task policies come here. */
const taskPolicies = perText((arn): SessionPolicies => ({ inline: everything, arns: [arn] }))

const everything = '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}'

/** Each scope as a set of its own, without other layers: it decides alone. */
export const scopeLayers = perObject((scopes: readonly string[]): readonly CompiledSet[] => {
  const identity = source(everything, 'identity', { type: 'none' })
  return scopes.map((text) => compile({ identity, session: source(text, 'session', { type: 'session' }) }))
})

/** Returns the layers of a resource for an action: its own policy, and the RCPs of the account that owns it. */
export function resourceLayers(
  policy: ResourcePolicy | undefined,
  owner: Account | undefined,
  directory: Directory,
  action: string,
): CompiledSet {
  const rcp = owner === undefined ? nothing : rcpLayers(owner, directory, action)
  if (policy === undefined) return rcp
  // nothing in a closed account can be reached, whatever its policies say (behaviour ORG-25)
  const reachable = owner?.settings.closedAt === undefined ? policy : { ...policy, document: undefined }
  return combine(rcp, resourceSet(reachable))
}

/** Sets with only a resource's policy, by their parsed policy, which contains their kind and so the grant. */
const resourceSets = new WeakMap<Policy, Map<string | undefined, CompiledSet>>()
/** Many resources have the same policy: none. */
const setsOfOnePolicy = 1_000

function resourceSet(policy: ResourcePolicy): CompiledSet {
  const source = resourceSource(policy)
  let sets = resourceSets.get(source.policy)
  if (sets === undefined || sets.size >= setsOfOnePolicy) {
    sets = new Map()
    resourceSets.set(source.policy, sets)
  }
  let compiled = sets.get(policy.arn)
  if (compiled === undefined) {
    compiled = compile({ resource: { source, grant: policy.grant } })
    sets.set(policy.arn, compiled)
  }
  return compiled
}

function resourceSource(policy: ResourcePolicy): PolicySource {
  const kind = policy.grant === 'trust' ? 'trust' : policy.grant === 'explicit' ? 'key' : 'resource'
  const source: Source = { type: 'resource', ...(policy.arn === undefined ? {} : { arn: policy.arn }) }
  return { policy: resourceDocument(policy.document, kind), source }
}

function entityPolicies(
  id: string,
  record: User | Role | undefined,
  account: Account,
  directory: Directory | undefined,
  gather: () => Pick<PolicySet, 'identity' | 'boundary' | 'session'>,
): CompiledSet {
  const management = directory && bindingManagement(account, directory)
  const organizationRevision = management?.policyRevision
  const entries = gatheredIn(account)
  const entry = entries.get(id)
  if (
    entry !== undefined &&
    entry.record === record &&
    entry.accountRevision === account.policyRevision &&
    entry.management === management &&
    entry.organizationRevision === organizationRevision
  ) {
    return entry.compiled
  }
  if (entries.size >= entitiesKept) entries.clear()
  const scp = directory && scpLevels(account, directory)
  const compiled = compile({ ...gather(), scp })
  entries.set(id, {
    record,
    accountRevision: account.policyRevision,
    management,
    organizationRevision,
    compiled,
  })
  return compiled
}

function withSession(
  base: CompiledSet,
  policies: SessionPolicies | undefined,
  account: Account,
): CompiledSet {
  if (policies === undefined) return base
  const sessionLayers = sessionLayersIn(account)
  const layers = sessionLayers.get(policies)
  if (layers?.revision === account.policyRevision) return combine(base, layers.compiled)
  const compiled = compile({ session: sessionSources(policies, account) })
  sessionLayers.set(policies, { revision: account.policyRevision, compiled })
  return combine(base, compiled)
}

/** The Denys of a deleted policy are unknown: without it nothing is allowed (behaviour STS-24). */
function sessionSources({ arns, inline }: SessionPolicies, account: Account): readonly PolicySource[] {
  if (arns.some((arn) => effectivePolicy(account, arn) === undefined)) return []
  const managed = attachedSources(arns, account)
  return inline === undefined ? managed : [...managed, ...source(inline, 'session', { type: 'session' })]
}

/**
 * Returns the identity policies and the boundary of a user or role, for questions about an identity that is not
 * calling.
 */
export function entitySources(
  entity: { readonly type: 'user'; readonly user: User } | { readonly type: 'role'; readonly role: Role },
  account: Account,
): { readonly identity: readonly PolicySource[]; readonly boundary?: readonly PolicySource[] } {
  return entity.type === 'user' ? ofUser(entity.user, account) : ofRole(entity.role, account)
}

function ofUser(user: User, account: Account) {
  const identity = identitySources(user, 'user', account)
  for (const id of user.groups) {
    const group = account.table(groups).find(id)
    if (group !== undefined) identity.push(...identitySources(group, 'group', account))
  }
  return { identity, ...boundary(user.boundaryArn, account) }
}

function ofRole(role: Role, account: Account) {
  return { identity: identitySources(role, 'role', account), ...boundary(role.boundaryArn, account) }
}

function boundary(arn: string | undefined, account: Account) {
  return arn === undefined ? {} : { boundary: attachedSources([arn], account, 'boundary') }
}

/** Returns the inline and attached policies of one user (without its groups), group or role. */
export function identitySources(
  bearer: IamIdentity,
  type: 'user' | 'group' | 'role',
  account: Account,
): PolicySource[] {
  const sources: PolicySource[] = []
  for (const [name, text] of Object.entries(bearer.inline)) {
    const inline = { name, owner: bearer.name }
    sources.push(...source(text, 'identity', { type, name: `${type}_${bearer.name}_${name}`, inline }))
  }
  sources.push(...attachedSources(bearer.attached, account))
  if (type !== 'group') return sources
  const group = iamArn(account, type, bearer.path, bearer.name)
  return sources.map(({ policy, source: from }) => ({ policy, source: { ...from, group } }))
}

function attachedSources(
  arns: readonly string[],
  account: Account,
  kind: 'identity' | 'boundary' = 'identity',
): PolicySource[] {
  const sources: PolicySource[] = []
  for (const arn of arns) {
    const policy = effectivePolicy(account, arn)
    if (policy === undefined) continue
    const type = policy.awsManaged ? 'aws-managed' : 'user-managed'
    sources.push(...source(policy.document, kind, { type, arn, name: policy.name }))
  }
  return sources
}

/** A document that cannot be parsed gives no source: a layer that must allow then allows nothing. */
function source(text: string, kind: 'identity' | 'boundary' | 'session', from: Source): PolicySource[] {
  const policy = storedDocument(text, kind)
  return policy === undefined ? [] : [{ policy, source: from }]
}
