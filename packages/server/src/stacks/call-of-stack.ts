import type { Call, Dependencies } from '../authorization/index.ts'
import { type Fault, fault, principalIn } from '../base/index.ts'
import { findRole } from '../directory/index.ts'

const cloudformation = 'cloudformation.amazonaws.com'

/** The call as CloudFormation makes it further: in the caller's name, or in that of the role that was passed. */
export async function callOfStack(
  call: Call,
  roleArn: string | undefined,
  deps: Dependencies,
): Promise<Call | Fault> {
  const service = principalIn(call.account.partition, cloudformation)
  const origin = {
    ...call.origin,
    sourceIp: service,
    userAgent: service,
    invokedBy: service,
  }
  if (roleArn === undefined) return { ...call, origin }
  const role = findRole(call.account, roleArn)
  const lender =
    role &&
    (await deps.assumeForService({
      account: call.account,
      role,
      service,
      sessionName: 'AWSCloudFormation',
      lifetimeSeconds: 3_600,
    }))
  const credential =
    lender && deps.credentials.find(call.account, lender.accessKeyId, lender.sessionToken, deps.clock.now())
  if (credential === undefined || typeof credential === 'string')
    return fault('ValidationError', `Role ${roleArn} is invalid or cannot be assumed`, 400)
  return { ...call, caller: credential.caller, origin }
}
