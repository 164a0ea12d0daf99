import { awsPolicyArn } from '../base/index.ts'
import { type Account, findByArn, type ManagedPolicy, policies } from '../directory/index.ts'
import { managedPolicies } from './catalogue/index.ts'

/** A managed policy in its current form: AWS's or the account's own, with its default version's text. */
export interface EffectivePolicy {
  readonly arn: string
  readonly name: string
  readonly document: string
  readonly awsManaged: boolean
}

/** Returns the managed policy of this ARN as seen from the account, or undefined. */
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

/** Returns the account's own managed policy of this ARN; ARNs are compared exactly, path included. */
export function customerPolicy(account: Account, arn: string): ManagedPolicy | undefined {
  return findByArn(account, policies, 'policy', arn)
}

/** Returns the text of a customer managed policy's default version. */
export function defaultDocument(policy: ManagedPolicy): string {
  return policy.versions.find((version) => version.id === policy.defaultVersion)!.document
}
