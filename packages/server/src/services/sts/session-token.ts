import { family } from '../../authorization/index.ts'
import type { Sts } from '../../model/index.ts'
import { credentialsForEvent, issue, tokenForEvent } from './issue.ts'
import { longTermCaller, longTermSeconds } from './long-term.ts'
import { countMfa, useMfa } from './mfa.ts'

/** GetSessionToken: the same caller for a limited time, perhaps with MFA. */
export const sessionToken = family<Sts.Operations>()({
  GetSessionToken: {
    // it authenticates: no policy grants it, and none can deny it (behaviour POL-061)
    requests: () => [{ action: 'sts:GetSessionToken', resource: '*', exempt: true }],
    beforehand: countMfa,
    run(input, call) {
      const caller = longTermCaller(call)
      const mfa = useMfa(input, call)
      return issue(
        {
          kind: 'user',
          account: caller.account,
          userId: caller.kind === 'root' ? 'root' : caller.user.id,
          keyId: caller.accessKeyId,
          issuedAt: call.now,
          expiresAt: call.now + longTermSeconds(input.DurationSeconds, caller) * 1000,
          ...(mfa && { mfaAt: call.now }),
        },
        input.MinimumSessionTokenSize,
        call,
      )
    },
    event: (_input, output) =>
      output === undefined
        ? {}
        : {
            responseElements: {
              credentials: credentialsForEvent(output.Credentials),
              ...tokenForEvent(output),
            },
          },
  },
})
