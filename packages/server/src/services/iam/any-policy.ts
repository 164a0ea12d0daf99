import { managedPolicies } from '../../authorization/catalogue/index.ts'
import { customerPolicy } from '../../authorization/index.ts'
import { perObject } from '../../base/index.ts'
import type { Account, ManagedPolicy } from '../../directory/index.ts'
import { policyArn } from './targets.ts'

/** A managed policy as an account sees it, its own or AWS's. */
export interface AnyPolicy {
  readonly arn: string
  readonly policy: ManagedPolicy
  readonly awsManaged: boolean
}

/** Returns the managed policy of this ARN, or undefined. */
export function findPolicy(account: Account, arn: string): AnyPolicy | undefined {
  const policy = customerPolicy(account, arn)
  if (policy !== undefined) return { arn, policy, awsManaged: false }
  const aws = managedPolicies(account.partition).find(arn)
  return aws === undefined ? undefined : ofAws(aws)
}

export function ofAccount(account: Account, policy: ManagedPolicy): AnyPolicy {
  return { arn: policyArn(account, policy), policy, awsManaged: false }
}

type AwsPolicy = NonNullable<ReturnType<ReturnType<typeof managedPolicies>['find']>>

/** Returns AWS's policy as a record, always the same object; its document is unpacked on access. */
export const ofAws = perObject(asRecord)

function asRecord(aws: AwsPolicy): AnyPolicy {
  const { arn, name, path, createdAt, updatedAt, defaultVersion, description } = aws
  const version = {
    id: defaultVersion,
    createdAt: updatedAt,
    get document() {
      return aws.document
    },
  }
  const policy: ManagedPolicy = {
    get id() {
      return aws.id
    },
    name,
    path,
    createdAt,
    updatedAt,
    defaultVersion,
    versions: [version],
    nextVersion: Number(defaultVersion.slice(1)) + 1,
    tags: [],
    ...(description === undefined ? {} : { description }),
  }
  return { arn, policy, awsManaged: true }
}
