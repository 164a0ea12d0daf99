import { accessDenied, type Call, signedCaller } from '../../../authorization/index.ts'
import { type Fault, parseArn } from '../../../base/index.ts'
import { invalidInput, noSuchEntity, validationError } from '../faults.ts'

/**
 * @throws Fault if reports cannot be about what the ARN names: ValidationError, AccessDenied for another account,
 * InvalidInput (behaviour RPT-36)
 */
export function checkReportArn(text: string, types: readonly string[], call: Call): void {
  const { account, service } = call
  const arn = parseArn(text)
  if (arn === undefined) {
    throw invalidInput(`Invalid Entity Arn: ${text} does not clearly define entity type and name.`)
  }
  if (arn.partition !== account.partition) throw validationError('Invalid ARN partition')
  if (arn.service !== 'iam') throw validationError('Invalid service in ARN')
  const type = arn.resource.split('/', 1)[0] ?? ''
  const isOfAws = arn.account === 'aws' && type === 'policy'
  if (arn.account !== account.id && !isOfAws) {
    const { arn: caller } = signedCaller(call)
    throw accessDenied(
      `User: ${caller} is not authorized to perform the operation on ${text}`,
      service.protocol,
    )
  }
  if (!types.includes(type)) throw invalidInput(`Invalid Entity Arn: ${text} is not supported.`)
}

/** The fault for an entity that does not exist. */
export function noSuchArn(arn: string): Fault {
  return noSuchEntity(`ARN ${arn} does not exist.`)
}
