import { awsPolicyArn } from '../base/index.ts'
import { type Account, findByArn, type ManagedPolicy, policies } from '../directory/index.ts'
import { managedPolicies } from './catalogue/index.ts'

/** A managed policy as it counts now: AWS's own or the account's, with its default version's text. */
export interface EffectivePolicy {
  readonly arn: string
  readonly name: string
  readonly document: string
  readonly awsManaged: boolean
}

/** The managed policy of this ARN as seen from the account, or undefined. */
export function effectivePolicy(account: Account, arn: string): EffectivePolicy | undefined {
  if (arn.startsWith(awsPolicyArn(account.partition, ''))) {
    const policy = managedPolicies(account.partition).find(arn)
    return policy === undefined
      ? undefined
      : { arn, name: policy.name, document: policy.document, awsManaged: true }
  }
  const policy = customerPolicy(account, arn)
  return policy === undefined
    ? undefined
    : { arn, name: policy.name, document: defaultDocument(policy), awsManaged: false }
}

/** The account's own managed policy of this ARN; ARNs are compared to the letter, path included. */
export function customerPolicy(account: Account, arn: string): ManagedPolicy | undefined {
  return findByArn(account, policies, 'policy', arn)
}

/** The text of a customer-managed policy's default version. */
export function defaultDocument(policy: ManagedPolicy): string {
  return policy.versions.find((version) => version.id === policy.defaultVersion)?.document ?? ''
}
