import { type CompiledSet, type Context, compile, type PolicySource } from '@omen-iam/policy'
import { assert } from '../base/index.ts'
import {
  type Account,
  type AuthorizationPolicyType,
  attachedPolicies,
  type Directory,
  organizationOf,
  organizationPath,
  organizationPolicyArn,
  pathToRoot,
} from '../directory/index.ts'
import { storedDocument } from './documents.ts'
import { isBoundByRcps } from './rcp-services.ts'

/** Policies by level, from the organization's root down to the account. */
export type Levels = readonly (readonly PolicySource[])[]

interface CompiledRcps {
  readonly management: Account
  readonly revision: number
  readonly ownRevision: number
  readonly compiled: CompiledSet
}

/** For each account that owns resources. Dropped with the account. */
const rcps = new WeakMap<Account, CompiledRcps>()

const none = compile({})

/**
 * Returns the management account whose policies apply to an account. None apply to the management account itself
 * (behaviours POL-013 and POL-016).
 */
export function bindingManagement(account: Account, directory: Directory): Account | undefined {
  const management = managementOf(account, directory)
  return management === account ? undefined : management
}

/** Returns the SCPs of an account's principals; undefined if there are none. */
export function scpLevels(account: Account, directory: Directory): Levels | undefined {
  const management = bindingManagement(account, directory)
  return management && levels(account, management, 'SERVICE_CONTROL_POLICY')
}

/** Returns the RCPs of an account's resources, whatever the action; undefined if there are none. */
export function rcpLevels(account: Account, directory: Directory): Levels | undefined {
  const management = bindingManagement(account, directory)
  return management && levels(account, management, 'RESOURCE_CONTROL_POLICY')
}

/** Returns the RCPs for an action on an account's resources, as the only layer of a set. */
export function rcpLayers(owner: Account, directory: Directory, action: string): CompiledSet {
  const management = bindingManagement(owner, directory)
  if (management === undefined || !isBoundByRcps(action)) return none
  const entry = rcps.get(owner)
  if (
    entry !== undefined &&
    entry.management === management &&
    entry.revision === management.policyRevision &&
    entry.ownRevision === owner.policyRevision
  ) {
    return entry.compiled
  }
  const compiled = compile({ rcp: levels(owner, management, 'RESOURCE_CONTROL_POLICY') })
  rcps.set(owner, {
    management,
    revision: management.policyRevision,
    ownRevision: owner.policyRevision,
    compiled,
  })
  return compiled
}

/**
 * Returns aws:PrincipalOrgID and aws:PrincipalOrgPaths of the caller's account, aws:Resource… of the resource's
 * account, and aws:Source… of the account for which a service acts (behaviour POL-109).
 */
export function addOrganizationKeys(
  context: Context,
  of: 'Principal' | 'Resource' | 'Source',
  account: Account,
  directory: Directory,
): void {
  const management = managementOf(account, directory)
  const organization = management && organizationOf(management)
  if (organization === undefined) return
  context.set(`aws:${of}OrgID`, organization.id)
  context.set(`aws:${of}OrgPaths`, () => {
    const path = organizationPath(management!, account.id)
    return path === undefined ? undefined : [path]
  })
}

function managementOf(account: Account, directory: Directory): Account | undefined {
  const id = account.settings.managementAccount
  if (id === undefined) return undefined
  if (id === account.id) return account
  // without it every SCP and RCP would be ignored
  const management = directory.known(id)
  assert(management !== undefined, `the management account ${id} of ${account.id} does not exist`)
  return management
}

function levels(account: Account, management: Account, type: AuthorizationPolicyType): Levels | undefined {
  const organization = organizationOf(management)
  if (organization === undefined || !organization.enabledPolicyTypes.includes(type)) return undefined
  const kind = type === 'SERVICE_CONTROL_POLICY' ? 'scp' : 'rcp'
  const path = pathToRoot(management, account.id)
  // an account outside its organization's tree gets a level that allows nothing, instead of no level
  if (path.length === 0) return [[]]
  return path.map((target) =>
    attachedPolicies(management, target, type).map((policy): PolicySource => {
      const read = storedDocument(policy.content, kind)
      // a skipped document could contain a Deny, so it must not be skipped
      assert(read !== undefined, `the stored policy ${policy.id} cannot be read`)
      const arn = organizationPolicyArn(organization, policy)
      return { policy: read, source: { type: kind, arn, name: policy.name, id: policy.id } }
    }),
  )
}
