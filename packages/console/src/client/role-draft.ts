import { AwsError, query } from './aws.ts'
import { useDraft } from './drafts.ts'
import type { Tag } from './query-protocol.ts'
import { emptyTrust, type TrustFields } from './trust-templates.ts'

/** A role that is being made. */
export interface RoleDraft {
  readonly step: number
  readonly trust: TrustFields
  /** The trust policy as the person wrote it; absent while the template gives it. */
  readonly ownTrust?: string | undefined
  readonly managed: readonly string[]
  /** The text of an inline policy; absent if there is none. */
  readonly inline?: string | undefined
  readonly boundary: string
  readonly maxHours: number
  readonly name: string
  readonly path: string
  readonly description: string
  readonly tags: readonly Tag[]
}

const empty: RoleDraft = {
  step: 0,
  trust: emptyTrust,
  managed: [],
  boundary: '',
  maxHours: 1,
  name: '',
  path: '/',
  description: '',
  tags: [],
}

/** The role that is being made in this tab: it survives a reload, and a session that ends. */
export function useRoleDraft(): readonly [RoleDraft, (change: Partial<RoleDraft>) => void, () => void] {
  const [text, setText] = useDraft('create-role')
  const draft = parsed(text)
  return [draft, (change) => setText(JSON.stringify({ ...draft, ...change })), () => setText(undefined)]
}

function parsed(text: string | undefined): RoleDraft {
  if (text === undefined) return empty
  try {
    return { ...empty, ...(JSON.parse(text) as RoleDraft) } // written above
  } catch {
    return empty
  }
}

/** A role that was created, though something could not be added to it. */
export class IncompleteRole extends Error {
  override readonly name = 'IncompleteRole'
}

/**
 * Makes a role with its policies, limit and tags; for EC2 with an instance profile of its name, as AWS's console does.
 * @throws AwsError if there is no new role, IncompleteRole if something could not be added to it
 */
export async function createRole(draft: RoleDraft, trust: string): Promise<void> {
  const { name: RoleName } = draft
  await query('iam', 'CreateRole', {
    RoleName,
    AssumeRolePolicyDocument: trust,
    Path: draft.path === '' ? '/' : draft.path,
    MaxSessionDuration: draft.maxHours * 3_600,
    ...(draft.description === '' ? {} : { Description: draft.description }),
    ...(draft.boundary === '' ? {} : { PermissionsBoundary: draft.boundary }),
    ...(draft.tags.length === 0
      ? {}
      : { Tags: draft.tags.map(({ key, value }) => ({ Key: key, Value: value })) }),
  })
  try {
    for (const PolicyArn of draft.managed) await query('iam', 'AttachRolePolicy', { RoleName, PolicyArn })
    if (draft.inline !== undefined)
      await query('iam', 'PutRolePolicy', {
        RoleName,
        PolicyName: `${RoleName}-policy`,
        PolicyDocument: draft.inline,
      })
    if (isForEc2(trust)) {
      await query('iam', 'CreateInstanceProfile', { InstanceProfileName: RoleName })
      await query('iam', 'AddRoleToInstanceProfile', { InstanceProfileName: RoleName, RoleName })
    }
  } catch (error) {
    throw new IncompleteRole(error instanceof AwsError ? error.message : String(error), { cause: error })
  }
}

/** Whether EC2 is to wear the role. */
export function isForEc2(trust: string): boolean {
  return trust.includes('"ec2.amazonaws.com"')
}
