import { sourceWriters } from './event-source.ts'
import { furtherCalls } from './further-call.ts'

/** The calls of a technique's user that facts ask for, besides those of the rows. What lists such calls is made of this. */
export const factCalls: readonly string[] = [
  ...Object.values(furtherCalls).flatMap((calls) => calls.map(({ action }) => action)),
  // A role that is passed, and an instance profile for it.
  'iam:PassRole',
  'iam:CreateInstanceProfile',
  'iam:AddRoleToInstanceProfile',
  'iam:RemoveRoleFromInstanceProfile',
  // Room for a group, or for a policy.
  'iam:RemoveUserFromGroup',
  'iam:DetachUserPolicy',
  'iam:DetachRolePolicy',
  'iam:DetachGroupPolicy',
  // A further role.
  'iam:CreateRole',
  'iam:AttachRolePolicy',
  'iam:PutRolePolicy',
  ...sourceWriters,
]
