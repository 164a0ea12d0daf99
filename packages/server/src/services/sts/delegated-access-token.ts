import type { Family } from '../../authorization/index.ts'
import { fault } from '../../base/index.ts'
import type { Sts } from '../../model/index.ts'

/**
 * GetDelegatedAccessToken trades in the token that a requestor is sent once a delegation request was granted and its
 * token sent. AWS delivers it through SNS, which this house has not, so that nobody has one (behaviour STS-120).
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
