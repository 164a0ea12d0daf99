import { family, signedCaller, userIdOf } from '../../authorization/index.ts'
import { fault } from '../../base/index.ts'
import type { Sts } from '../../model/index.ts'
import { withoutResource } from './no-resource.ts'

/** The caller's identity, and the account of a key. */
export const identity = family<Sts.Operations>()({
  GetCallerIdentity: {
    // needs no permission, and no policy can deny it (behaviour POL-065)
    requests: () => [{ action: 'sts:GetCallerIdentity', resource: '*', exempt: true }],
    run(_input, call) {
      const caller = signedCaller(call)
      return { UserId: userIdOf(caller), Account: caller.account, Arn: caller.arn }
    },
  },
  GetAccessKeyInfo: {
    requests: () => [withoutResource('sts:GetAccessKeyInfo')],
    run(input, call) {
      const account = call.deps.credentials.accountOf(input.AccessKeyId)
      if (account === undefined) throw fault('InvalidParameterValue', 'Invalid AccessKeyId', 400)
      return { Account: account }
    },
  },
})
