import { type AccessRequest, type Call, passRoleRequest, trustsService } from '../../authorization/index.ts'
import { parseArn } from '../../base/index.ts'
import { type Account, findRole } from '../../directory/index.ts'
import { invalid } from './faults.ts'
import { functionArn, type Target } from './target.ts'

export const lambdaPrincipal = 'lambda.amazonaws.com'

/** Lambda's message about a role that is missing or does not trust it (behaviour LAM-14). */
export const cannotBeAssumed = 'The role defined for the function cannot be assumed by Lambda.'

/**
 * Returns the question whether the caller may pass the role to Lambda, for the function without a qualifier; never one of
 * another account (behaviours LAM-12 and LAM-13).
 */
export function passRequest(arn: string, target: Target, call: Call): AccessRequest {
  const { qualifier: _, ...own } = target
  const associatedResourceArn = functionArn(own)
  const request = passRoleRequest({ roleArn: arn, service: lambdaPrincipal, associatedResourceArn }, call)
  const owner = parseArn(arn)?.account
  return owner === call.account.id && owner === target.account
    ? request
    : { ...request, refusal: 'Cross-account pass role is not allowed.' }
}

/** @throws Fault if Lambda could not assume the role */
export function checkRole(arn: string, account: Account, call: Call): void {
  const role = findRole(account, arn)
  if (role === undefined || !trustsService(role, lambdaPrincipal, { ...call, account }))
    throw invalid(cannotBeAssumed)
}
