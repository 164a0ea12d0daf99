import type { Family } from '../../authorization/index.ts'
import { fault } from '../../base/index.ts'
import type { Sts } from '../../model/index.ts'

/**
 * GetDelegatedAccessToken trades in a token that IAM sends to AWS's product partners once a delegation request
 * was granted. Nobody is sent one by this house, so that no token can be one of its own (behaviour STS-120).
 */
export const delegatedAccessToken: Family<Sts.Operations, 'GetDelegatedAccessToken'> = {
  GetDelegatedAccessToken: {
    readOnly: false,
    run() {
      throw fault('AccessDenied', 'The trade-in token is not valid.', 403)
    },
    event: () => ({ requestParameters: null }), // the token is a secret
  },
}
