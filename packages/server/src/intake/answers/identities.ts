import { given } from '../../base/index.ts'
import type {
  GroupImage,
  IdentityImage,
  InlinePolicyImage,
  InstanceProfileImage,
  LastUseImage,
  ManagedPolicyImage,
  PolicyVersionImage,
  RoleImage,
  UserImage,
} from '../../image/index.ts'
import type { Fields } from '../fields.ts'
import { intakeLimits } from '../limits.ts'
import { type Answer, type AnswerReader, forms, named, type OwnArn, type Reading } from './answer.ts'

/** get-account-authorization-details, list-users, list-groups, list-roles, list-policies, get-user, get-role … */
export const identityReaders: readonly AnswerReader[] = [
  {
    namesAccount: true,
    fits: (fields) =>
      ['UserDetailList', 'GroupDetailList', 'RoleDetailList'].some((name) => fields.has(name)),
    read(answer, reading) {
      const { fields } = answer
      const arns: OwnArn[] = []
      const same = (thing: Fields, arn: OwnArn | undefined) => {
        if (arn === undefined) return
        const first = arns[0]
        if (first === undefined) arns.push(arn)
        else if (first.id !== arn.id)
          throw thing.problem(`it is of account ${arn.id}, and others of the same answer of ${first.id}`)
      }
      for (const each of fields.objects('UserDetailList')) same(each, user(each, reading, true))
      for (const each of fields.objects('GroupDetailList')) same(each, group(each, reading, true))
      for (const each of fields.objects('RoleDetailList')) same(each, role(each, reading, true))
      for (const each of fields.objects('Policies')) same(each, policy(each, reading))
    },
  },
  listed('Users', 'UserName', (each, reading) => user(each, reading, false)),
  listed('Groups', 'GroupName', (each, reading) => group(each, reading, false)),
  listed('Roles', 'RoleName', (each, reading) => role(each, reading, false)),
  listed('Policies', 'PolicyName', policy),
  listed('InstanceProfiles', 'InstanceProfileName', profile),
  single('User', 'UserName', (each, reading) => user(each, reading, false)),
  single('Role', 'RoleName', (each, reading) => role(each, reading, false)),
  single('Policy', 'PolicyName', policy),
  single('InstanceProfile', 'InstanceProfileName', profile),
]

type Read = (fields: Fields, reading: Reading) => unknown

/** The answer of a list operation: entities with names and ARNs. */
function listed(list: string, name: string, read: Read): AnswerReader {
  return {
    namesAccount: true,
    fits: (fields) => {
      const [first] = fields.objectsIfAny(list)
      return first?.has('Arn') === true && first.has(name)
    },
    read({ fields }, reading) {
      for (const each of fields.objects(list)) read(each, reading)
    },
  }
}

/** The answer of an operation that gets one entity. */
function single(thing: string, name: string, read: Read): AnswerReader {
  return {
    namesAccount: true,
    fits: (fields) => fields.inner(thing).has(name) && fields.inner(thing).has('Arn'),
    read({ fields }: Answer, reading) {
      read(fields.inner(thing), reading)
    },
  }
}

function user(fields: Fields, { draft }: Reading, whole: boolean): OwnArn | undefined {
  const { arn, thing } = named(fields, 'User', 'user')
  if (arn === undefined) return undefined
  const image = given<UserImage>({
    ...thing,
    ...identity(fields, 'UserPolicyList', whole),
    groups: whole || fields.has('GroupList') ? fields.texts('GroupList') : undefined,
    tags: tags(fields, whole),
    boundaryArn: boundary(fields, whole),
    passwordLastUsed: fields.instant('PasswordLastUsed'),
  })
  draft.add(arn.id, arn.partition, 'users', image)
  return arn
}

function group(fields: Fields, { draft }: Reading, whole: boolean): OwnArn | undefined {
  const { arn, thing } = named(fields, 'Group', 'group')
  if (arn === undefined) return undefined
  const image = given<GroupImage>({ ...thing, ...identity(fields, 'GroupPolicyList', whole) })
  draft.add(arn.id, arn.partition, 'groups', image)
  return arn
}

function role(fields: Fields, reading: Reading, whole: boolean): OwnArn | undefined {
  const { arn, thing } = named(fields, 'Role', 'role')
  if (arn === undefined) return undefined
  const isGet = fields.has('RoleLastUsed')
  const image = given<RoleImage>({
    ...thing,
    ...identity(fields, 'RolePolicyList', whole),
    trust: fields.document('AssumeRolePolicyDocument'),
    tags: tags(fields, whole || isGet),
    boundaryArn: boundary(fields, whole || isGet),
    description: fields.text('Description'),
    maxSessionSeconds: fields.number('MaxSessionDuration'),
    lastUsed: lastUse(fields.inner('RoleLastUsed')),
  })
  reading.draft.add(arn.id, arn.partition, 'roles', image)
  for (const each of fields.objects('InstanceProfileList', intakeLimits.parts)) profile(each, reading)
  return arn
}

function policy(fields: Fields, { draft }: Reading): OwnArn | undefined {
  const { arn, thing } = named(fields, 'Policy', 'policy')
  if (arn === undefined) return undefined // AWS's own policies are in the server already
  const versions = fields.has('PolicyVersionList')
    ? fields.objects('PolicyVersionList', intakeLimits.parts).map(version)
    : undefined
  const image = given<ManagedPolicyImage>({
    ...thing,
    description: fields.text('Description'),
    updatedAt: fields.instant('UpdateDate'),
    defaultVersion: fields.text('DefaultVersionId', /^v[1-9]\d{0,8}$/),
    versions,
    tags: tags(fields, false),
  })
  draft.add(arn.id, arn.partition, 'policies', image)
  return arn
}

/** A version of a managed policy. */
export function version(fields: Fields): PolicyVersionImage {
  return given<PolicyVersionImage>({
    at: fields.at,
    id: fields.needs('VersionId', /^v[1-9]\d{0,8}$/),
    document: fields.needsDocument('Document'),
    createdAt: fields.instant('CreateDate'),
  })
}

function profile(fields: Fields, { draft }: Reading): OwnArn | undefined {
  const { arn, thing } = named(fields, 'InstanceProfile', 'instance-profile')
  if (arn === undefined) return undefined
  const [role] = fields.objects('Roles', 1)
  const image = given<InstanceProfileImage>({
    ...thing,
    role: role === undefined ? (fields.has('Roles') ? null : undefined) : role.needs('RoleName', forms.name),
    tags: tags(fields, false),
  })
  draft.add(arn.id, arn.partition, 'instanceProfiles', image)
  return arn
}

/** If the answer has everything of an entity, what it omits does not exist. */
function identity(
  fields: Fields,
  inlineName: string,
  whole: boolean,
): { inline: IdentityImage['inline'] | undefined; attached: IdentityImage['attached'] | undefined } {
  return {
    inline:
      whole || fields.has(inlineName)
        ? fields.objects(inlineName, intakeLimits.parts).flatMap(inline)
        : undefined,
    attached:
      whole || fields.has('AttachedManagedPolicies')
        ? fields
            .objects('AttachedManagedPolicies', intakeLimits.parts)
            .map((each) => each.needs('PolicyArn', forms.arn))
        : undefined,
  }
}

/** An inline policy. Emulators leave out its name, or all of it (behaviour TPL-39). */
function inline(fields: Fields, index: number): readonly InlinePolicyImage[] {
  if (!fields.has('PolicyName') && !fields.has('PolicyDocument')) return []
  const name = fields.text('PolicyName', forms.name) ?? `unnamed-${index + 1}`
  return [{ at: fields.at, name, document: fields.needsDocument('PolicyDocument') }]
}

function tags(fields: Fields, whole: boolean) {
  return fields.tags() ?? (whole ? [] : undefined)
}

function boundary(fields: Fields, whole: boolean): string | null | undefined {
  const arn = fields.inner('PermissionsBoundary').text('PermissionsBoundaryArn', forms.arn)
  return arn ?? (whole ? null : undefined)
}

function lastUse(fields: Fields): LastUseImage | undefined {
  const at = fields.instant('LastUsedDate')
  return at === undefined ? undefined : { at, region: fields.text('Region') ?? 'us-east-1' }
}
