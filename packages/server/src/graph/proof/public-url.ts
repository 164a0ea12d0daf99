import { type Asked, compile } from '@omen-iam/policy'
import { ambientKeys } from '../request/caller.ts'
import { type FactOption, type FactQuestion, never } from './fact-option.ts'
import { isGiven, member } from './fact-value.ts'

/** The requests that AWS Lambda makes of a call of a function's URL without a signature. [LAM-81] */
const calls: readonly (readonly [action: string, key: string, value: string])[] = [
  ['lambda:InvokeFunctionUrl', 'lambda:FunctionUrlAuthType', 'NONE'],
  ['lambda:InvokeFunction', 'lambda:InvokedViaFunctionUrl', 'true'],
]

/** A function has a URL that answers without a signature: its policy lets everyone in. */
export function publicUrl(question: FactQuestion, fact: string): readonly FactOption[] {
  const { questions, binding } = question
  const function_ = binding.workload
  const url = member(question, 'url')
  if (function_?.policy === undefined || url === undefined || !isGiven(url)) return never
  const account = binding.account ?? questions.world.account
  const policies = questions.withResource(function_.arn, compile({}), account)
  const asked = calls.map(
    ([action, key, value]): Asked => ({
      request: {
        principal: { type: 'anonymous' },
        action,
        resource: function_.arn,
        resourceAccount: account,
        context: { [key]: value, 'aws:ResourceAccount': account, 'aws:SecureTransport': true },
        open: ambientKeys,
        absent: ['*'],
      },
      policies: questions.withRcps(action, policies, account),
    }),
  )
  return [{ facts: [{ fact, says: 'answers', known: 'inventory' }], needs: [], asked }]
}
