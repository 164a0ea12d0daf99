import { family } from '../../authorization/index.ts'
import { fault } from '../../base/index.ts'
import type { Sts } from '../../model/index.ts'

/**
 * GetDelegatedAccessToken exchanges the token that a requestor receives after a delegation request is granted. AWS
 * delivers it through SNS, which Omen lacks, so no one has one (behaviour STS-120).
 */
export const delegatedAccessToken = family<Sts.Operations>()({
  GetDelegatedAccessToken: {
    readOnly: false,
    run() {
      throw fault('AccessDenied', 'The trade-in token is not valid.', 403)
    },
    event: () => ({ requestParameters: null }), // the token is a secret
  },
})
