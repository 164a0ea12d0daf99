import { type Call, family } from '../../../authorization/index.ts'
import { parseArn } from '../../../base/index.ts'
import type { Iam } from '../../../model/index.ts'
import { invalidInput, noSuchEntity } from '../faults.ts'
import { actionOf } from '../target.ts'

/**
 * Role templates belong to AWS's services, no operation creates one, and AWS publishes none: no ARN names a template
 * here (behaviour IAM-230).
 */
export const roleTemplateFamily = family<Iam.Operations>()({
  AcquireRole: {
    requests: (input, call) => [
      {
        action: actionOf(call),
        resource: '*',
        context: { 'iam:RoleTemplateArn': input.TemplateArn },
      },
    ],
    run: (input) => missing(input.TemplateArn),
  },
  GetRoleTemplateVersion: {
    requests: (input: Iam.GetRoleTemplateVersionRequest, call: Call) => [
      { action: actionOf(call), resource: input.TemplateArn, resourceAccount: call.account.id },
    ],
    run: (input) => missing(input.TemplateArn),
  },
})

/** @throws Fault always */
function missing(arn: string): never {
  const parts = parseArn(arn)
  if (parts?.service !== 'iam' || !parts.resource.startsWith('role-template/')) {
    throw invalidInput(`Invalid role template ARN: ${arn}`)
  }
  throw noSuchEntity(`The role template ${arn} cannot be found.`)
}
