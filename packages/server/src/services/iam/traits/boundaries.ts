import { type Call, effectivePolicy, type Operation } from '../../../authorization/index.ts'
import type { IamIdentity } from '../../../directory/index.ts'
import type { Iam } from '../../../model/index.ts'
import { noSuchEntity } from '../faults.ts'
import { asks, boundaryKey, get, type Target } from '../target.ts'
import { checkedPolicyArn } from '../targets.ts'

interface Bounded extends IamIdentity {
  readonly boundaryArn?: string
}

/** The permissions boundary of one kind of entity: put, delete. */
export function boundaries<R extends Bounded, I>(
  target: Target<R, I>,
  rules: { readonly checkChangeable?: (identity: R) => void } = {},
): {
  readonly put: Operation<I & { readonly PermissionsBoundary: string }, undefined>
  readonly delete: Operation<I, undefined>
} {
  return {
    put: {
      ...asks(target, (input: I & { readonly PermissionsBoundary: string }) =>
        boundaryKey(input.PermissionsBoundary),
      ),
      run(input, call) {
        const identity = get(target, input, call)
        rules.checkChangeable?.(identity)
        const boundaryArn = checkedBoundary(input.PermissionsBoundary, call)
        call.account.table(target.table).put({ ...identity, boundaryArn })
      },
    },
    delete: {
      ...asks(target, (_input, identity) => boundaryKey(identity?.boundaryArn)),
      run(input, call) {
        const identity = get(target, input, call)
        rules.checkChangeable?.(identity)
        if (identity.boundaryArn === undefined) {
          throw noSuchEntity(`The ${target.word} ${identity.name} has no permissions boundary.`) // behaviour IAM-77
        }
        const { boundaryArn: _, ...rest } = identity
        call.account.table(target.table).put(rest as R) // R without an optional member of it
      },
    },
  }
}

/** Returns the ARN of an existing managed policy. @throws Fault NoSuchEntity if there is none (behaviour IAM-75) */
export function checkedBoundary(arn: string, call: Call): string {
  checkedPolicyArn(arn, call)
  if (effectivePolicy(call.account, arn) === undefined) {
    throw noSuchEntity(`Scope ARN: ${arn} does not exist or is not attachable.`)
  }
  return arn
}

/** Returns `PermissionsBoundary` as answers contain it. */
export function boundaryOut(arn: string | undefined): {
  readonly PermissionsBoundary?: Iam.AttachedPermissionsBoundary
} {
  if (arn === undefined) return {}
  // the model has PermissionsBoundaryPolicy, AWS's answers have Policy (behaviour IAM-76)
  const type = 'Policy' as unknown as Iam.PermissionsBoundaryAttachmentType
  return { PermissionsBoundary: { PermissionsBoundaryType: type, PermissionsBoundaryArn: arn } }
}
