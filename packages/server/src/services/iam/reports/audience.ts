import type { PolicySource } from '@omen-iam/policy'
import {
  type AccessRequest,
  type Call,
  defaultDocument,
  storedDocument,
} from '../../../authorization/index.ts'
import { parseArn } from '../../../base/index.ts'
import { groups, type IamIdentity, type Role, roles, type User, users } from '../../../directory/index.ts'
import type { Iam } from '../../../model/index.ts'
import { findPolicy } from '../any-policy.ts'
import { byName } from '../by-name.ts'
import { asksEntity, findNamedEntity, policiesOf } from '../entity.ts'
import { actionOf } from '../target.ts'
import { checkedPolicyArn, roleArn, userArn } from '../targets.ts'
import { checkReportArn, noSuchArn } from './report-arn.ts'

/** A user or role in a report. */
export interface Member {
  readonly id: string
  readonly type: Iam.PolicyOwnerEntityType
  readonly name: string
  readonly path: string
  readonly arn: string
}

/** The subject of a report: the callers, and their policies. */
export interface Audience {
  readonly members: readonly Member[]
  readonly policies: readonly PolicySource[]
}

/** Returns the question of a report about a user, group, role or managed policy: the action on its ARN. */
export function asksAudience<I>(arnOf: (input: I) => string): {
  requests(input: I, call: Call): readonly AccessRequest[]
} {
  const ofEntity = asksEntity(arnOf)
  return {
    requests(input, call) {
      const arn = arnOf(input)
      checkReportArn(arn, ['user', 'group', 'role', 'policy'], call)
      if (!isPolicyArn(arn)) return ofEntity.requests(input, call)
      // AWS's own policies belong to no account: the question is about the caller's account
      return [{ action: actionOf(call), resource: arn, resourceAccount: call.account.id }]
    },
  }
}

/**
 * Returns a user, a role, the users of a group, or all entities that have a managed policy, directly or by a group.
 * @throws Fault NoSuchEntity or InvalidInput
 */
export function getAudience(arn: string, call: Call): Audience {
  if (isPolicyArn(arn)) return ofPolicy(arn, call)
  const entity = findNamedEntity(call.account, arn)
  if (entity === undefined) throw noSuchArn(arn)
  const policies = policiesOf(entity, call.account)
  switch (entity.type) {
    case 'user':
      return { members: [userMember(entity.record, call)], policies }
    case 'role':
      return { members: [roleMember(entity.record, call)], policies }
    case 'group':
      return { members: usersWith(call, (user) => user.groups.includes(entity.record.id)), policies }
  }
}

function isPolicyArn(arn: string): boolean {
  const parts = parseArn(arn)
  return parts?.service === 'iam' && parts.resource.startsWith('policy/')
}

function ofPolicy(arn: string, call: Call): Audience {
  const foundPolicy = findPolicy(call.account, checkedPolicyArn(arn, call))
  if (foundPolicy === undefined) throw noSuchArn(arn)
  const bears = (identity: IamIdentity) => identity.attached.includes(arn)
  const bearingGroups = new Set<string>()
  for (const group of call.account.table(groups).values()) if (bears(group)) bearingGroups.add(group.id)
  const members = usersWith(call, (user) => bears(user) || user.groups.some((id) => bearingGroups.has(id)))
  for (const role of byName(call.account, roles)) if (bears(role)) members.push(roleMember(role, call))
  const policy = storedDocument(defaultDocument(foundPolicy.policy), 'identity')
  const source = { type: foundPolicy.awsManaged ? 'aws-managed' : 'user-managed', arn } as const
  return { members, policies: policy === undefined ? [] : [{ policy, source }] }
}

function usersWith(call: Call, test: (user: User) => boolean): Member[] {
  const members: Member[] = []
  for (const user of byName(call.account, users)) if (test(user)) members.push(userMember(user, call))
  return members
}

function userMember(user: User, call: Call): Member {
  return { id: user.id, type: 'USER', name: user.name, path: user.path, arn: userArn(call, user) }
}

function roleMember(role: Role, call: Call): Member {
  return { id: role.id, type: 'ROLE', name: role.name, path: role.path, arn: roleArn(call, role) }
}
