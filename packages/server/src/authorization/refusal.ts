import { explain } from '@omen-iam/policy'
import { type Fault, fault } from '../base/index.ts'
import type { Judged } from './authorize.ts'
import type { Call } from './call.ts'
import { callerArn } from './call.ts'
import { encodeRefusal } from './encoded.ts'

/** The fault for a denied question, in the words of the service that was called. */
export function refusal(denied: Judged, call: Call): Fault {
  const sentence = refusalSentence(denied, call)
  switch (call.service.protocol) {
    case 'ec2Query': {
      // an action without resources is refused without the encoded message (behaviour EC2-18)
      if (denied.access.resource === '*') {
        return fault(
          'UnauthorizedOperation',
          `You are not authorized to perform this operation. ${sentence}`,
          403,
        )
      }
      const encoded = encodeRefusal(denied, call)
      return fault(
        'UnauthorizedOperation',
        `You are not authorized to perform this operation. ${sentence}. Encoded authorization failure message: ${encoded}`,
        403,
      )
    }
    case 'awsQuery':
    case 'restXml':
      return fault('AccessDenied', sentence, 403)
    case 'awsJson1_0':
    case 'awsJson1_1':
      return fault('AccessDeniedException', sentence, 400)
    case 'restJson':
      return fault('AccessDeniedException', sentence, 403)
  }
}

/** AWS's sentence for a denial, to the letter. */
export function refusalSentence(denied: Judged, call: Call): string {
  const { access, decision, request } = denied
  if (access.refusal !== undefined) return access.refusal
  const caller = callerArn(call)
  return explain(decision, request, {
    ...(caller === undefined ? {} : { caller }),
    ...(access.resourceInSentence === undefined ? {} : { resource: access.resourceInSentence }),
    because: access.bareSentence !== true,
  }).sentence
}
