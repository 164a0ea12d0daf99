import { decodeRefusal, type Family } from '../../authorization/index.ts'
import { fault } from '../../base/index.ts'
import type { Sts } from '../../model/index.ts'

/** Opens the encoded messages that EC2's denials carry. */
export const authorizationMessage: Family<Sts.Operations, 'DecodeAuthorizationMessage'> = {
  DecodeAuthorizationMessage: {
    run(input, call) {
      const json = decodeRefusal(call.house.vault, input.EncodedMessage)
      if (json === undefined)
        throw fault('InvalidAuthorizationMessageException', 'The message is not valid', 400)
      return { DecodedMessage: json }
    },
  },
}
