import type { AccessRequest, Call } from '../../authorization/index.ts'
import { iamArn } from '../../base/index.ts'
import { actionOf } from './target.ts'

/**
 * Returns the question of listing all of a kind without a path: the action on `*`. A refusal names the kind, as AWS
 * does: `arn:aws:iam::123456789012:oidc-provider/*` (behaviour CRED-3).
 */
export function listsAll(kind: string): { requests(input: unknown, call: Call): readonly AccessRequest[] } {
  return {
    requests: (_input, call) => [
      {
        action: actionOf(call),
        resource: '*',
        resourceInSentence: iamArn(call.account, kind, '', ''),
      },
    ],
  }
}
