import { query } from './aws.ts'
import { everyPage } from './iam.ts'

/** A policy of a role, user or group, with its document as it was written. */
export interface HeldPolicy {
  readonly kind: 'inline' | 'managed'
  readonly name: string
  /** Of a managed policy. */
  readonly arn?: string
  /** Of a managed policy: the version that counts. */
  readonly version?: string
  readonly document: string
}

/** The kinds of principals that hold policies, as IAM's operations name them. */
export type Holder = 'Role' | 'User' | 'Group'

/** A policy document as IAM answers it, URL-encoded. */
export function decoded(document: string): string {
  return decodeURIComponent(document)
}

/** All policies that a role, user or group holds itself. */
export async function policiesOf(
  holder: Holder,
  name: string,
  signal?: AbortSignal,
): Promise<readonly HeldPolicy[]> {
  const who = { [`${holder}Name`]: name }
  const [inline, attached] = await Promise.all([
    everyPage(`List${holder}Policies`, 'PolicyNames', who, signal),
    everyPage(`ListAttached${holder}Policies`, 'AttachedPolicies', who, signal),
  ])
  return Promise.all([
    ...attached.map((policy) => managedPolicy(policy.text('PolicyArn'), signal)),
    ...inline.map(async ({ own }): Promise<HeldPolicy> => {
      const answer = await query('iam', `Get${holder}Policy`, { ...who, PolicyName: own }, { signal })
      return { kind: 'inline', name: own, document: decoded(answer.text('PolicyDocument')) }
    }),
  ])
}

/** A managed policy with the version that counts. */
export async function managedPolicy(arn: string, signal?: AbortSignal): Promise<HeldPolicy> {
  const answer = await query('iam', 'GetPolicy', { PolicyArn: arn }, { signal })
  const version = answer.child('Policy').text('DefaultVersionId')
  const found = await query('iam', 'GetPolicyVersion', { PolicyArn: arn, VersionId: version }, { signal })
  return {
    kind: 'managed',
    name: answer.child('Policy').text('PolicyName'),
    arn,
    version,
    document: decoded(found.child('PolicyVersion').text('Document')),
  }
}

/** A managed policy as lists show it. */
export interface ManagedPolicy {
  readonly name: string
  readonly arn: string
  readonly description: string
  readonly attachments: number
  /** Whether AWS manages it. */
  readonly isAws: boolean
  readonly defaultVersion: string
}

/** Managed policies: the account's own, AWS's, or all. */
export async function listPolicies(
  scope: 'Local' | 'AWS' | 'All',
  signal?: AbortSignal,
): Promise<readonly ManagedPolicy[]> {
  return (await everyPage('ListPolicies', 'Policies', { Scope: scope }, signal)).map((policy) => ({
    name: policy.text('PolicyName'),
    arn: policy.text('Arn'),
    description: policy.text('Description'),
    attachments: Number(policy.text('AttachmentCount')),
    isAws: policy.text('Arn').includes(':iam::aws:'),
    defaultVersion: policy.text('DefaultVersionId'),
  }))
}
