import { query } from './aws.ts'
import { everyPage } from './iam.ts'

/** A group as IAM answers it. */
export interface Group {
  readonly name: string
  readonly path: string
  readonly arn: string
  readonly id: string
  /** ISO 8601. */
  readonly created: string
}

/** All groups, page by page. */
export async function listGroups(signal?: AbortSignal): Promise<readonly Group[]> {
  return (await everyPage('ListGroups', 'Groups', {}, signal)).map((group) => ({
    name: group.text('GroupName'),
    path: group.text('Path'),
    arn: group.text('Arn'),
    id: group.text('GroupId'),
    created: group.text('CreateDate'),
  }))
}

/** A group and the names of its members. */
export interface GroupWithMembers {
  readonly group: Group
  readonly members: readonly string[]
}

/** One group with its members. */
export async function groupWithMembers(name: string, signal?: AbortSignal): Promise<GroupWithMembers> {
  const members: string[] = []
  for (let Marker: string | undefined; ; ) {
    const answer = await query('iam', 'GetGroup', { GroupName: name, MaxItems: 1000, Marker }, { signal })
    members.push(...answer.list('Users').map((user) => user.text('UserName')))
    const group = answer.child('Group')
    if (answer.text('IsTruncated') !== 'true')
      return {
        group: {
          name: group.text('GroupName'),
          path: group.text('Path'),
          arn: group.text('Arn'),
          id: group.text('GroupId'),
          created: group.text('CreateDate'),
        },
        members,
      }
    Marker = answer.text('Marker')
  }
}

/** Deletes a group with its policies; its members stay, without what it gave them. */
export async function deleteGroup({ group, members }: GroupWithMembers): Promise<void> {
  const GroupName = group.name
  const [inline, attached] = await Promise.all([
    everyPage('ListGroupPolicies', 'PolicyNames', { GroupName }),
    everyPage('ListAttachedGroupPolicies', 'AttachedPolicies', { GroupName }),
  ])
  for (const UserName of members) await query('iam', 'RemoveUserFromGroup', { GroupName, UserName })
  for (const { own } of inline) await query('iam', 'DeleteGroupPolicy', { GroupName, PolicyName: own })
  for (const policy of attached)
    await query('iam', 'DetachGroupPolicy', { GroupName, PolicyArn: policy.text('PolicyArn') })
  await query('iam', 'DeleteGroup', { GroupName })
}
