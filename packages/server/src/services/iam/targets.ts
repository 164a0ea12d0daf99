import { type Call, customerPolicy } from '../../authorization/index.ts'
import { iamArn, parseArn } from '../../base/index.ts'
import {
  type Account,
  groups,
  type InstanceProfile,
  instanceProfiles,
  type ManagedPolicy,
  type Named,
  policies,
  type Role,
  roles,
  type TableDefinition,
  type Tag,
  type User,
  users,
} from '../../directory/index.ts'
import { invalidInput, noSuchEntity, validationError } from './faults.ts'
import type { Tagging, Target } from './target.ts'

type Naming<M extends string> = { readonly [K in M]: string }

interface NamedKind<R extends Named, M extends string> {
  readonly member: M
  /** The kind in ARNs. */
  readonly type: string
  readonly word: string
  readonly table: TableDefinition<R, 'name'>
  readonly missing: (name: string) => string
  readonly tagsOf?: (record: R) => readonly Tag[]
  readonly tagKeys?: readonly string[]
  readonly tagging?: Tagging
}

/** A target that the input names; names are found ignoring case (behaviour IAM-2). */
export function named<R extends Named, M extends string>(kind: NamedKind<R, M>): Target<R, Naming<M>> {
  const { member, type, word, table, missing, tagsOf, tagKeys = [], tagging } = kind
  return {
    table,
    word,
    find: (input, call) => findNamed(table, call.account, input[member]),
    missing: (input) => noSuchEntity(missing(input[member])),
    arn: (input, call, record) =>
      record === undefined
        ? iamArn(call.account, type, '/', input[member])
        : iamArn(call.account, type, record.path, record.name),
    spoken: (input) => `${word} ${input[member]}`,
    ...(tagsOf === undefined ? {} : { tagsOf }),
    tagKeys,
    ...(tagging === undefined ? {} : { tagging }),
  }
}

/** Returns the record of a name, ignoring case. */
export function findNamed<R extends Named>(
  table: TableDefinition<R, 'name'>,
  account: Account,
  name: string,
): R | undefined {
  return account.table(table).findBy('name', name.toLowerCase())
}

const tagOfPrincipal = ['aws:ResourceTag/', 'iam:ResourceTag/']
const tagOfResource = ['aws:ResourceTag/']

export const theUser = named({
  member: 'UserName',
  type: 'user',
  word: 'user',
  table: users,
  missing: (name) => `The user with name ${name} cannot be found.`,
  tagsOf: (user: User) => user.tags,
  tagKeys: tagOfPrincipal,
  tagging: { action: 'iam:TagUser', quota: 'TagsPerUser', ignoresCase: true },
})

export const theGroup = named({
  member: 'GroupName',
  type: 'group',
  word: 'group',
  table: groups,
  missing: (name) => `The group with name ${name} cannot be found.`,
})

export const theRole = named({
  member: 'RoleName',
  type: 'role',
  word: 'role',
  table: roles,
  missing: (name) => `The role with name ${name} cannot be found.`,
  tagsOf: (role: Role) => role.tags,
  tagKeys: tagOfPrincipal,
  tagging: { action: 'iam:TagRole', quota: 'TagsPerRole', ignoresCase: true },
})

export const theProfile = named({
  member: 'InstanceProfileName',
  type: 'instance-profile',
  word: 'instance profile',
  table: instanceProfiles,
  missing: (name) => `Instance Profile ${name} cannot be found.`,
  tagsOf: (profile: InstanceProfile) => profile.tags,
  tagKeys: tagOfResource,
  tagging: { action: 'iam:TagInstanceProfile', quota: 'TagsPerInstanceProfile' },
})

/** One of the account's own managed policies, by ARN. */
export const thePolicy: Target<ManagedPolicy, { readonly PolicyArn: string }> = {
  table: policies,
  word: 'policy',
  find: (input, call) => customerPolicy(call.account, input.PolicyArn),
  missing: (input, call) => policyNotFound(input.PolicyArn, call),
  arn: (input, call) => checkedPolicyArn(input.PolicyArn, call),
  spoken: (input) => `policy ${input.PolicyArn}`,
  tagsOf: (policy) => policy.tags,
  tagKeys: tagOfResource,
  tagging: { action: 'iam:TagPolicy', quota: 'TagsPerPolicy' },
}

export function policyNotFound(arn: string, call: Call) {
  return noSuchEntity(`Policy ${checkedPolicyArn(arn, call)} was not found.`)
}

/** @throws Fault ValidationError if the text is not an ARN of IAM (behaviours IAM-70 and IAM-78) */
export function checkedArn(text: string, { account: { partition } }: Call): string {
  const arn = /\s/.test(text) ? undefined : parseArn(text)
  if (arn === undefined) throw validationError('Invalid ARN:  Could not be parsed!')
  if (arn.partition !== partition) throw validationError('Invalid ARN partition')
  if (arn.service !== 'iam') throw validationError('Invalid ARN service')
  if (arn.region !== '') throw validationError('Invalid ARN region')
  return text
}

/** @throws Fault also InvalidInput if the ARN is not a policy's (behaviour IAM-78) */
export function checkedPolicyArn(text: string, call: Call): string {
  if (!parseArn(checkedArn(text, call))?.resource.startsWith('policy/')) {
    throw invalidInput(`ARN ${text} is not valid.`)
  }
  return text
}

export function userArn(call: Call, user: Named): string {
  return iamArn(call.account, 'user', user.path, user.name)
}

export function groupArn(call: Call, group: Named): string {
  return iamArn(call.account, 'group', group.path, group.name)
}

export function roleArn(call: Call, role: Named): string {
  return iamArn(call.account, 'role', role.path, role.name)
}

export function profileArn(call: Call, profile: Named): string {
  return iamArn(call.account, 'instance-profile', profile.path, profile.name)
}

export function policyArn(account: Account, policy: Named): string {
  return iamArn(account, 'policy', policy.path, policy.name)
}
