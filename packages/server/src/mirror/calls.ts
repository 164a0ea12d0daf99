import { type ArnOwner, iamArn, parseArn } from '../base/index.ts'
import type {
  MirroredGroup,
  MirroredOidcProvider,
  MirroredPolicy,
  MirroredProfile,
  MirroredRole,
  MirroredSamlProvider,
  MirroredUser,
  Thing,
  ThingTag,
} from './thing.ts'

/** A call of IAM to the upstream. */
export interface MirrorCall {
  readonly action: string
  readonly fields: Readonly<Record<string, string>>
  /** Faults that mean that nothing is left to do. */
  readonly tolerates?: readonly string[]
  /** The call is made only if the call before it that creates the entity found that it exists. */
  readonly ifExisted?: true
  /** The call attaches a policy of AWS, which the upstream may not have: it is then left out. */
  readonly ofAws?: true
}

const exists = ['EntityAlreadyExists', 'EntityAlreadyExistsException']
const gone = ['NoSuchEntity', 'NoSuchEntityException']

/**
 * The calls, in order, that turn the upstream's state into the wanted one. @param have the last state that was sent;
 * undefined if unknown or empty @param want undefined if the entity was deleted @param upstream the account and
 * partition of the upstream's ARNs
 */
export function callsBetween(
  have: Thing | undefined,
  want: Thing | undefined,
  upstream: ArnOwner,
): readonly MirrorCall[] {
  if (want === undefined) return have === undefined ? [] : removal(have, upstream)
  if (have === undefined) return creation(want, upstream)
  const moved = have.name !== want.name || pathOf(have) !== pathOf(want)
  if (moved || have.kind !== want.kind) return [...removal(have, upstream), ...creation(want, upstream)]
  return change(have, want, upstream)
}

/** The call that reads an entity at the upstream. Its result is `tolerated` if there is none. */
export function reading(thing: Thing, upstream: ArnOwner): MirrorCall {
  const last = removal(thing, upstream).at(-1)! // each removal ends with the entity's own
  return { ...last, action: last.action.replace(/^Delete(?:ServiceLinked)?/, 'Get') }
}

function pathOf(thing: Thing): string {
  return 'path' in thing ? thing.path : '/'
}

function creation(thing: Thing, upstream: ArnOwner): readonly MirrorCall[] {
  switch (thing.kind) {
    case 'policy':
      return policyCreation(thing, upstream)
    case 'group':
      return [
        created('CreateGroup', { GroupName: thing.name, Path: thing.path }),
        ...identityFields('Group', undefined, thing, upstream),
      ]
    case 'role':
      return roleCreation(thing, upstream)
    case 'user':
      return [
        created('CreateUser', {
          UserName: thing.name,
          Path: thing.path,
          ...boundaryField(thing.boundary, upstream),
          ...tagFields(thing.tags),
        }),
        ...identityFields('User', undefined, thing, upstream),
        ...memberships(undefined, thing),
      ]
    case 'profile':
      return [
        created('CreateInstanceProfile', { InstanceProfileName: thing.name, Path: thing.path }),
        ...profileRole(undefined, thing),
      ]
    case 'oidc':
      return [
        created('CreateOpenIDConnectProvider', {
          Url: `https://${thing.name}`,
          ...listFields('ClientIDList', thing.clientIds),
          ...listFields('ThumbprintList', thing.thumbprints),
        }),
      ]
    case 'saml':
      return [
        created('CreateSAMLProvider', { Name: thing.name, SAMLMetadataDocument: thing.metadata }),
        { ...samlUpdate(thing, upstream), ifExisted: true },
      ]
  }
}

function change(have: Thing, want: Thing, upstream: ArnOwner): readonly MirrorCall[] {
  switch (want.kind) {
    case 'policy':
      return sameKind(have, want).document === want.document ? [] : policyVersion(want, upstream)
    case 'group':
      return identityFields('Group', sameKind(have, want), want, upstream)
    case 'role':
      return roleChange(sameKind(have, want), want, upstream)
    case 'user': {
      const before = sameKind(have, want)
      return [
        ...boundaryChange('User', before, want, upstream),
        ...tagChange('User', before, want),
        ...identityFields('User', before, want, upstream),
        ...memberships(before, want),
      ]
    }
    case 'profile':
      return profileRole(sameKind(have, want), want)
    case 'oidc':
      return JSON.stringify(have) === JSON.stringify(want)
        ? []
        : [...removal(have, upstream), ...creation(want, upstream)]
    case 'saml':
      return sameKind(have, want).metadata === want.metadata ? [] : [samlUpdate(want, upstream)]
  }
}

/** Callers have compared the kinds. */
function sameKind<T extends Thing>(have: Thing, _want: T): T {
  return have as T // its kind is that of `_want`
}

function removal(thing: Thing, upstream: ArnOwner): readonly MirrorCall[] {
  switch (thing.kind) {
    case 'policy':
      return [deleted('DeletePolicy', { PolicyArn: arnOf(thing, upstream) })]
    case 'group':
      return [...withoutPolicies('Group', thing, upstream), deleted('DeleteGroup', { GroupName: thing.name })]
    case 'role':
      return thing.linkedService === undefined
        ? [...withoutPolicies('Role', thing, upstream), deleted('DeleteRole', { RoleName: thing.name })]
        : [deleted('DeleteServiceLinkedRole', { RoleName: thing.name })]
    case 'user':
      return [
        ...thing.groups.map((GroupName) =>
          deleted('RemoveUserFromGroup', { UserName: thing.name, GroupName }),
        ),
        ...withoutPolicies('User', thing, upstream),
        deleted('DeleteUser', { UserName: thing.name }),
      ]
    case 'profile':
      return [
        ...profileRole(thing, { ...thing, role: undefined }),
        deleted('DeleteInstanceProfile', { InstanceProfileName: thing.name }),
      ]
    case 'oidc':
      return [deleted('DeleteOpenIDConnectProvider', { OpenIDConnectProviderArn: arnOf(thing, upstream) })]
    case 'saml':
      return [deleted('DeleteSAMLProvider', { SAMLProviderArn: arnOf(thing, upstream) })]
  }
}

function created(action: string, fields: MirrorCall['fields']): MirrorCall {
  return { action, fields, tolerates: exists }
}

function deleted(action: string, fields: MirrorCall['fields']): MirrorCall {
  return { action, fields, tolerates: gone }
}

function arnOf(
  thing: MirroredPolicy | MirroredOidcProvider | MirroredSamlProvider,
  upstream: ArnOwner,
): string {
  const kind = thing.kind === 'policy' ? 'policy' : `${thing.kind}-provider`
  return iamArn(upstream, kind, pathOf(thing), thing.name)
}

/** A managed policy's ARN in the upstream, where the account may have another number. */
function policyThere(arn: string, upstream: ArnOwner): string {
  const parts = parseArn(arn)
  if (parts === undefined || parts.account === 'aws' || parts.account === upstream.id) return arn
  return `arn:${parts.partition}:iam::${upstream.id}:${parts.resource}`
}

function policyCreation(thing: MirroredPolicy, upstream: ArnOwner): readonly MirrorCall[] {
  const { name, path, description, document, tags } = thing
  return [
    created('CreatePolicy', {
      PolicyName: name,
      Path: path,
      PolicyDocument: document,
      ...(description === undefined ? {} : { Description: description }),
      ...tagFields(tags),
    }),
    ...policyVersion(thing, upstream).map((call): MirrorCall => ({ ...call, ifExisted: true })),
  ]
}

/** The upstream has one version, and for a moment a second one: AWS lets a policy have five. */
function policyVersion(thing: MirroredPolicy, upstream: ArnOwner): readonly MirrorCall[] {
  const PolicyArn = arnOf(thing, upstream)
  return [
    {
      action: 'CreatePolicyVersion',
      fields: { PolicyArn, PolicyDocument: thing.document, SetAsDefault: 'true' },
    },
  ]
}

function roleCreation(thing: MirroredRole, upstream: ArnOwner): readonly MirrorCall[] {
  const { name, path, trust, description, linkedService } = thing
  if (linkedService !== undefined) {
    const tolerates = [...exists, 'InvalidInput', 'InvalidParameterValue']
    return [{ action: 'CreateServiceLinkedRole', fields: { AWSServiceName: linkedService }, tolerates }]
  }
  const more: readonly MirrorCall[] = [
    { action: 'UpdateAssumeRolePolicy', fields: { RoleName: name, PolicyDocument: trust } },
    ...boundaryChange('Role', { boundary: undefined }, thing, upstream),
  ]
  return [
    created('CreateRole', {
      RoleName: name,
      Path: path,
      AssumeRolePolicyDocument: trust,
      MaxSessionDuration: String(thing.maxSessionSeconds),
      ...(description === undefined ? {} : { Description: description }),
      ...boundaryField(thing.boundary, upstream),
      ...tagFields(thing.tags),
    }),
    ...more.map((call): MirrorCall => ({ ...call, ifExisted: true })),
    ...identityFields('Role', undefined, thing, upstream),
  ]
}

function roleChange(have: MirroredRole, want: MirroredRole, upstream: ArnOwner): readonly MirrorCall[] {
  if (want.linkedService !== undefined) return []
  const { name: RoleName, trust, description = '', maxSessionSeconds } = want
  const calls: MirrorCall[] = []
  if (have.trust !== trust)
    calls.push({ action: 'UpdateAssumeRolePolicy', fields: { RoleName, PolicyDocument: trust } })
  if ((have.description ?? '') !== description || have.maxSessionSeconds !== maxSessionSeconds) {
    const fields = { RoleName, Description: description, MaxSessionDuration: String(maxSessionSeconds) }
    calls.push({ action: 'UpdateRole', fields })
  }
  calls.push(...boundaryChange('Role', have, want, upstream), ...tagChange('Role', have, want))
  return [...calls, ...identityFields('Role', have, want, upstream)]
}

type IamIdentity = 'Role' | 'User' | 'Group'
type WithPolicies = MirroredRole | MirroredUser | MirroredGroup

/** Inline and attached policies: those that are gone are removed. */
function identityFields(
  of: IamIdentity,
  have: WithPolicies | undefined,
  want: WithPolicies,
  upstream: ArnOwner,
): readonly MirrorCall[] {
  const named = { [`${of}Name`]: want.name }
  const calls: MirrorCall[] = []
  for (const PolicyName of Object.keys(have?.inline ?? {}))
    if (!Object.hasOwn(want.inline, PolicyName))
      calls.push(deleted(`Delete${of}Policy`, { ...named, PolicyName }))
  for (const [PolicyName, PolicyDocument] of Object.entries(want.inline))
    if (have?.inline[PolicyName] !== PolicyDocument)
      calls.push({ action: `Put${of}Policy`, fields: { ...named, PolicyName, PolicyDocument } })
  for (const arn of have?.attached ?? [])
    if (!want.attached.includes(arn))
      calls.push(deleted(`Detach${of}Policy`, { ...named, PolicyArn: policyThere(arn, upstream) }))
  for (const arn of want.attached) {
    if (have?.attached.includes(arn) === true) continue
    const fields = { ...named, PolicyArn: policyThere(arn, upstream) }
    const ofAws = parseArn(arn)?.account === 'aws'
    calls.push({ action: `Attach${of}Policy`, fields, ...(ofAws ? { ofAws } : {}) })
  }
  return calls
}

/** Takes everything away that hinders the deletion. */
function withoutPolicies(of: IamIdentity, thing: WithPolicies, upstream: ArnOwner): readonly MirrorCall[] {
  return identityFields(of, thing, { ...thing, inline: {}, attached: [] }, upstream)
}

function boundaryChange(
  of: 'Role' | 'User',
  have: { readonly boundary?: string | undefined },
  want: MirroredRole | MirroredUser,
  upstream: ArnOwner,
): readonly MirrorCall[] {
  if (have.boundary === want.boundary) return []
  const named = { [`${of}Name`]: want.name }
  if (want.boundary === undefined) return [deleted(`Delete${of}PermissionsBoundary`, named)]
  const fields = { ...named, ...boundaryField(want.boundary, upstream) }
  return [{ action: `Put${of}PermissionsBoundary`, fields }]
}

function tagChange(
  of: 'Role' | 'User',
  have: { readonly tags: readonly ThingTag[] },
  want: MirroredRole | MirroredUser,
): readonly MirrorCall[] {
  const named = { [`${of}Name`]: want.name }
  const lost = have.tags.flatMap(({ Key }) => (want.tags.some((tag) => tag.Key === Key) ? [] : [Key]))
  const fresh = want.tags.filter(
    ({ Key, Value }) => !have.tags.some((tag) => tag.Key === Key && tag.Value === Value),
  )
  const calls: MirrorCall[] = []
  if (lost.length > 0) calls.push(deleted(`Untag${of}`, { ...named, ...listFields('TagKeys', lost) }))
  if (fresh.length > 0) calls.push({ action: `Tag${of}`, fields: { ...named, ...tagFields(fresh) } })
  return calls
}

function memberships(have: MirroredUser | undefined, want: MirroredUser): readonly MirrorCall[] {
  const UserName = want.name
  const left = (have?.groups ?? []).filter((group) => !want.groups.includes(group))
  const joined = want.groups.filter((group) => have?.groups.includes(group) !== true)
  return [
    ...left.map((GroupName) => deleted('RemoveUserFromGroup', { UserName, GroupName })),
    ...joined.map((GroupName): MirrorCall => ({ action: 'AddUserToGroup', fields: { UserName, GroupName } })),
  ]
}

/** An instance profile has one role at most. */
function profileRole(have: MirroredProfile | undefined, want: MirroredProfile): readonly MirrorCall[] {
  if (have?.role === want.role) return []
  const InstanceProfileName = want.name
  const calls: MirrorCall[] = []
  if (have?.role !== undefined)
    calls.push(deleted('RemoveRoleFromInstanceProfile', { InstanceProfileName, RoleName: have.role }))
  if (want.role !== undefined) {
    const fields = { InstanceProfileName, RoleName: want.role }
    // of a profile that existed, the upstream may have the role already
    calls.push({ action: 'AddRoleToInstanceProfile', fields, tolerates: [...exists, 'LimitExceeded'] })
  }
  return calls
}

function samlUpdate(thing: MirroredSamlProvider, upstream: ArnOwner): MirrorCall {
  const fields = { SAMLProviderArn: arnOf(thing, upstream), SAMLMetadataDocument: thing.metadata }
  return { action: 'UpdateSAMLProvider', fields }
}

function boundaryField(boundary: string | undefined, upstream: ArnOwner): Record<string, string> {
  return boundary === undefined ? {} : { PermissionsBoundary: policyThere(boundary, upstream) }
}

function tagFields(tags: readonly ThingTag[]): Record<string, string> {
  return Object.fromEntries(
    tags.flatMap(({ Key, Value }, index) => [
      [`Tags.member.${index + 1}.Key`, Key],
      [`Tags.member.${index + 1}.Value`, Value],
    ]),
  )
}

function listFields(name: string, values: readonly string[]): Record<string, string> {
  return Object.fromEntries(values.map((value, index) => [`${name}.member.${index + 1}`, value]))
}
