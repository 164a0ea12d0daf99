import { family, openRefusal } from '../../authorization/index.ts'
import { fault } from '../../base/index.ts'
import type { Sts } from '../../model/index.ts'
import { withoutResource } from './no-resource.ts'

/** Decodes the encoded messages of EC2's denials (behaviours MSG-1 to MSG-4). */
export const authorizationMessage = family<Sts.Operations>()({
  DecodeAuthorizationMessage: {
    requests: () => [withoutResource('sts:DecodeAuthorizationMessage')],
    run(input, call) {
      const opened = openRefusal(call.deps.vault, input.EncodedMessage, call.now)
      if (opened === undefined || opened.account !== call.account.id)
        throw fault('InvalidAuthorizationMessageException', 'Message is not valid', 400)
      return { DecodedMessage: opened.json }
    },
  },
})
