import { type AccessRequest, type Call, family } from '../../authorization/index.ts'
import type { Sts } from '../../model/index.ts'
import { credentialsForEvent, issue, tokenForEvent } from './issue.ts'
import { longTermCaller, longTermSeconds } from './long-term.ts'
import { sessionPolicies } from './session-policy.ts'
import { checkSessionTags, tagKeys } from './session-tags.ts'

/** GetFederationToken: a name under the calling user, limited by session policies. */
export const federationToken = family<Sts.Operations>()({
  GetFederationToken: {
    readOnly: false, // so CloudTrail records it (behaviour STS-33)
    requests(input, call) {
      const ask = (action: string): AccessRequest => ({
        action,
        resource: arnOf(input, call),
        context: tagKeys(input.Tags ?? [], []),
      })
      const request = ask('sts:GetFederationToken')
      return (input.Tags?.length ?? 0) === 0 ? [request] : [request, ask('sts:TagSession')]
    },
    run(input, call) {
      const caller = longTermCaller(call)
      const tags = input.Tags ?? []
      checkSessionTags(tags, [], [])
      const policies = sessionPolicies(input.Policy, input.PolicyArns, call.account)
      const issued = issue(
        {
          kind: 'federated',
          account: caller.account,
          name: input.Name,
          issuerId: caller.kind === 'root' ? 'root' : caller.user.id,
          issuedAt: call.now,
          expiresAt: call.now + longTermSeconds(input.DurationSeconds, caller) * 1000,
          ...(policies && { policies }),
          ...(tags.length > 0 && { tags }),
        },
        input.MinimumSessionTokenSize,
        call,
      )
      return {
        ...issued,
        FederatedUser: { FederatedUserId: `${caller.account}:${input.Name}`, Arn: arnOf(input, call) },
        // also if nothing was packed (behaviour STS-20)
        PackedPolicySize: issued.SessionTokenUtilization,
      }
    },
    event: (_input, output) =>
      output === undefined
        ? {}
        : {
            responseElements: {
              credentials: credentialsForEvent(output.Credentials),
              federatedUser: {
                federatedUserId: output.FederatedUser?.FederatedUserId,
                arn: output.FederatedUser?.Arn,
              },
              packedPolicySize: output.PackedPolicySize,
              ...tokenForEvent(output),
            },
          },
  },
})

function arnOf(input: Sts.GetFederationTokenRequest, call: Call): string {
  return `arn:${call.account.partition}:sts::${call.account.id}:federated-user/${input.Name}`
}
