import { effectivePolicy, type Operation } from '../../../authorization/index.ts'
import { awsPolicyArn, fault } from '../../../base/index.ts'
import type { IamIdentity, Quotas } from '../../../directory/index.ts'
import type { Iam } from '../../../model/index.ts'
import { checkQuota, noSuchEntity } from '../faults.ts'
import { type Paging, page, sortedBy } from '../page.ts'
import { asks, boundaryKey, get, type Target } from '../target.ts'
import { checkedPolicyArn, policyNotFound } from '../targets.ts'
import type { IdentityRules } from './identity-rules.ts'

type OfPolicy<I> = I & { readonly PolicyArn: string }

/** Managed policies attached to one kind of entity: attach, detach, list. */
export function attachments<R extends IamIdentity, I>(
  target: Target<R, I>,
  rules: IdentityRules<R> & { readonly countQuota: keyof Quotas },
): {
  readonly attach: Operation<OfPolicy<I>, undefined>
  readonly detach: Operation<OfPolicy<I>, undefined>
  readonly list: Operation<
    I & Paging & { readonly PathPrefix?: string | undefined },
    Iam.ListAttachedUserPoliciesResponse
  >
} {
  const changing = asks(target, (input: OfPolicy<I>, identity) => ({
    'iam:PolicyARN': input.PolicyArn,
    ...boundaryKey(identity === undefined ? undefined : rules.boundaryOf?.(identity)),
  }))
  return {
    attach: {
      ...changing,
      run(input, call) {
        const arn = checkedPolicyArn(input.PolicyArn, call)
        const identity = get(target, input, call)
        rules.checkChangeable?.(identity)
        if (effectivePolicy(call.account, arn) === undefined) {
          throw noSuchEntity(`Policy ${arn} does not exist or is not attachable.`)
        }
        if (arn.startsWith(awsPolicyArn(call.account.partition, serviceRolePath))) {
          throw fault('PolicyNotAttachable', 'Cannot attach a Service Role Policy to a Customer Role.', 400)
        }
        if (identity.attached.includes(arn)) return
        checkQuota(call, rules.countQuota, identity.attached.length + 1)
        call.account.table(target.table).put({ ...identity, attached: [...identity.attached, arn] })
      },
    },
    detach: {
      ...changing,
      run(input, call) {
        const arn = checkedPolicyArn(input.PolicyArn, call)
        const identity = get(target, input, call)
        rules.checkChangeable?.(identity)
        if (!identity.attached.includes(arn)) throw policyNotFound(arn, call)
        const attached = identity.attached.filter((each) => each !== arn)
        call.account.table(target.table).put({ ...identity, attached })
      },
    },
    list: {
      ...asks(target),
      run(input, call) {
        const identity = get(target, input, call)
        const { items, rest } = page(
          sortedBy(identity.attached.map(attachedPolicy), attachmentKey),
          attachmentKey,
          input,
          (policy) => pathInArn(policy.PolicyArn).startsWith(input.PathPrefix ?? '/'),
        )
        return { AttachedPolicies: items, ...rest }
      },
    },
  }
}

/** Policies that only service-linked roles may have (behaviour IAM-71). */
const serviceRolePath = 'aws-service-role/'

/** Returns an attached policy as answers contain it. */
export function attachedPolicy(arn: string): { readonly PolicyName: string; readonly PolicyArn: string } {
  return { PolicyName: arn.slice(arn.lastIndexOf('/') + 1), PolicyArn: arn }
}

/** Unique: the names of one account are, and so are AWS's own. */
function attachmentKey({ PolicyName, PolicyArn }: ReturnType<typeof attachedPolicy>): string {
  return `${PolicyName.toLowerCase()} ${/^arn:[^:]*:iam::aws:/.test(PolicyArn) ? 'aws' : 'own'}`
}

/** `/service-role/` of `arn:aws:iam::aws:policy/service-role/X`. */
function pathInArn(arn: string): string {
  return arn.slice(arn.indexOf('/'), arn.lastIndexOf('/') + 1)
}
