import type { AccountId } from '../base/index.ts'
import { centerOf, organizationAccounts } from '../directory/index.ts'
import { enableCenter, type Omen, setCenterPassword } from '../gate/index.ts'
import type { SeedCalls } from './calls.ts'
import { plantEntitlements } from './entitlements.ts'
import type { ReadSeed, SeedPath } from './read.ts'
import type { SeedCenter, SeedDocument, SeedPermissionSet } from './seed.ts'

type Input = Readonly<Record<string, unknown>>

/** The parts that the planting of a directory needs. */
interface Ground {
  readonly omen: Omen
  readonly calls: SeedCalls
  readonly read: ReadSeed
  text(document: SeedDocument, at: SeedPath): string
}

/** Makes the instance of IAM Identity Center of a seed, with people, permission sets and assignments. */
export async function plantCenter(given: SeedCenter, ground: Ground): Promise<void> {
  const { omen, calls, read } = ground
  const { deps } = omen
  const owner = deps.firstAccount
  const at: SeedPath = ['identityCenter']
  await enableCenter(deps, given.region, (service, operation, input) =>
    calls.call(owner, service, operation, input, at),
  )
  const account = await deps.directory.find(owner)
  const center = account && centerOf(account)
  if (account === undefined || center === undefined) throw read.problem(at, 'the instance is gone')
  const { partition } = account
  const instance = { InstanceArn: `arn:${partition}:sso:::instance/${center.id}` }
  const store = async (operation: string, input: Input, place: SeedPath) =>
    (await calls.call(
      owner,
      'identitystore',
      operation,
      { IdentityStoreId: center.storeId, ...input },
      place,
    )) as Input // of its model
  const admin = async (operation: string, input: Input, place: SeedPath) =>
    (await calls.call(owner, 'sso-admin', operation, { ...instance, ...input }, place)) as Input // of its model
  const ids = new Map<string, string>()
  const idOf = (kind: 'USER' | 'GROUP' | 'SET', name: string, place: SeedPath): string => {
    const id = ids.get(`${kind} ${name}`)
    if (id === undefined) throw read.problem(place, `the seed has no ${name} here`)
    return id
  }

  for (const [name, group] of Object.entries(given.groups ?? {})) {
    const input = {
      DisplayName: name,
      ...(group?.description !== undefined && { Description: group.description }),
    }
    const { GroupId } = await store('CreateGroup', input, [...at, 'groups', name])
    ids.set(`GROUP ${name}`, String(GroupId))
  }
  for (const [name, user] of Object.entries(given.users ?? {})) {
    const place = [...at, 'users', name]
    const [GivenName = name, FamilyName = name] = user?.name ?? []
    const input = {
      UserName: name,
      DisplayName: `${GivenName} ${FamilyName}`,
      Name: { GivenName, FamilyName },
      ...(user?.email !== undefined && { Emails: [{ Value: user.email, Primary: true }] }),
    }
    const { UserId } = await store('CreateUser', input, place)
    ids.set(`USER ${name}`, String(UserId))
    const Operations = Object.entries(user?.attributes ?? {}).map(([AttributePath, AttributeValue]) => ({
      AttributePath,
      AttributeValue,
    }))
    if (Operations.length > 0) await store('UpdateUser', { UserId, Operations }, [...place, 'attributes'])
    for (const [index, group] of (user?.groups ?? []).entries()) {
      const where = [...place, 'groups', index]
      await store(
        'CreateGroupMembership',
        { GroupId: idOf('GROUP', group, where), MemberId: { UserId } },
        where,
      )
    }
    if (user?.password === undefined) continue
    const refused = await setCenterPassword(name, user.password, deps).then(
      () => undefined,
      (error: { readonly error?: string }) => error.error ?? 'refused',
    )
    if (refused !== undefined) throw read.problem([...place, 'password'], refused)
  }
  const attributes = Object.entries(given.attributes ?? {})
  if (attributes.length > 0) {
    const AccessControlAttributes = attributes.map(([Key, source]) => ({ Key, Value: { Source: [source] } }))
    const input = { InstanceAccessControlAttributeConfiguration: { AccessControlAttributes } }
    await admin('CreateInstanceAccessControlAttributeConfiguration', input, [...at, 'attributes'])
  }
  for (const [name, set] of Object.entries(given.permissionSets ?? {}))
    ids.set(
      `SET ${name}`,
      await plantSet(name, set ?? {}, partition, admin, ground, [...at, 'permissionSets', name]),
    )
  for (const [index, lent] of (given.assignments ?? []).entries()) {
    const place = [...at, 'assignments', index]
    const [type, who] =
      lent.user === undefined ? (['GROUP', lent.group ?? ''] as const) : (['USER', lent.user] as const)
    const input = {
      PermissionSetArn: idOf('SET', lent.set, place),
      PrincipalType: type,
      PrincipalId: idOf(type, who, place),
      TargetType: 'AWS_ACCOUNT',
    }
    for (const TargetId of await accountsOf(lent.accounts, owner, ground, place)) {
      const { AccountAssignmentCreationStatus: begun } = await admin(
        'CreateAccountAssignment',
        { ...input, TargetId },
        place,
      )
      const asked = { AccountAssignmentCreationRequestId: (begun as Input).RequestId } // of its model
      const { AccountAssignmentCreationStatus: status } = await admin(
        'DescribeAccountAssignmentCreationStatus',
        asked,
        place,
      )
      const { FailureReason } = status as Input // of its model
      if (FailureReason !== undefined) throw read.problem(place, String(FailureReason))
    }
  }
  await plantEntitlements(given.entitlements ?? [], {
    owner: account,
    seed: read.seed,
    instanceArn: instance.InstanceArn,
    region: center.region,
    call: (service, operation, input, place, region) =>
      calls.call(owner, service, operation, input, place, region),
    idOf,
  })
}

/** Makes a permission set. Returns its ARN. */
async function plantSet(
  Name: string,
  set: SeedPermissionSet,
  partition: string,
  admin: (operation: string, input: Input, place: SeedPath) => Promise<Input>,
  { text }: Ground,
  at: SeedPath,
): Promise<string> {
  const optional = {
    ...(set.description !== undefined && { Description: set.description }),
    ...(set.session !== undefined && { SessionDuration: set.session }),
    ...(set.relayState !== undefined && { RelayState: set.relayState }),
    ...(set.tags !== undefined && { Tags: Object.entries(set.tags).map(([Key, Value]) => ({ Key, Value })) }),
  }
  const { PermissionSet } = await admin('CreatePermissionSet', { Name, ...optional }, at)
  const { PermissionSetArn } = PermissionSet as Input // of its model
  const own = { PermissionSetArn }
  const ofAws = (name: string) =>
    name.startsWith('arn:') ? name : `arn:${partition}:iam::aws:policy/${name}`
  for (const [index, name] of (set.managed ?? []).entries())
    await admin('AttachManagedPolicyToPermissionSet', { ...own, ManagedPolicyArn: ofAws(name) }, [
      ...at,
      'managed',
      index,
    ])
  for (const [index, name] of (set.customerManaged ?? []).entries()) {
    const input = { ...own, CustomerManagedPolicyReference: referenceOf(name) }
    await admin('AttachCustomerManagedPolicyReferenceToPermissionSet', input, [
      ...at,
      'customerManaged',
      index,
    ])
  }
  if (set.inline !== undefined) {
    const place = [...at, 'inline']
    await admin('PutInlinePolicyToPermissionSet', { ...own, InlinePolicy: text(set.inline, place) }, place)
  }
  if (set.boundary !== undefined) {
    const PermissionsBoundary = set.boundary.startsWith('arn:')
      ? { ManagedPolicyArn: set.boundary }
      : { CustomerManagedPolicyReference: referenceOf(set.boundary) }
    await admin('PutPermissionsBoundaryToPermissionSet', { ...own, PermissionsBoundary }, [...at, 'boundary'])
  }
  return String(PermissionSetArn)
}

/** `/team/audit`, or `audit`. */
function referenceOf(text: string) {
  const slash = text.lastIndexOf('/')
  return { Name: text.slice(slash + 1), Path: slash <= 0 ? '/' : text.slice(0, slash + 1) }
}

/** The accounts of an assignment: by number, or every active member but the management account. */
async function accountsOf(
  given: 'all' | readonly string[],
  owner: AccountId,
  { omen, calls }: Ground,
  at: SeedPath,
): Promise<readonly AccountId[]> {
  if (given !== 'all') return given.map((text, index) => calls.number(text, [...at, 'accounts', index]))
  const account = await omen.deps.directory.find(owner)
  const members = [...(account?.table(organizationAccounts).values() ?? [])]
  return members.flatMap(({ id, status }) => (id !== owner && status === 'ACTIVE' ? [id] : []))
}
