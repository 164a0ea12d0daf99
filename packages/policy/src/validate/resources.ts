import type { Policy } from '../document/policy.ts'
import { isWild } from '../match/action.ts'
import { isAccountId, splitArn } from '../match/arn.ts'
import type { Report } from '../parse/report.ts'

/** Resource ARNs that match nothing, or more than intended (behaviour POL-150). */
export function checkResources({ statements }: Policy, report: Report): void {
  for (const { index, resource } of statements) {
    for (const { value, span } of resource?.values ?? []) {
      const path = ['Statement', index, resource?.negated === true ? 'NotResource' : 'Resource']
      for (const fault of faultsOf(value)) report.note(...fault, path, span)
    }
  }
}

type Fault = readonly [kind: 'error' | 'suggestion', code: string, message: string]

function faultsOf(value: string): readonly Fault[] {
  const arn = splitArn(value)
  if (arn === undefined) return []
  const { service, region, account, resource } = arn
  const faults: Fault[] = []
  if (service !== '*' && isWild(service)) {
    faults.push([
      'suggestion',
      'WILDCARD_IN_SERVICE_NAME',
      'Avoid using wildcards (*, ?) in the service name because it might grant unintended access to other AWS services with similar names.',
    ])
  } else if (service !== service.toLowerCase()) {
    faults.push([
      'error',
      'INVALID_ARN_SERVICE_CASE',
      `Update the service name ${service} in the resource ARN to use all lowercase letters.`,
    ])
  }
  const plain = account !== '' && !isWild(account) && !account.includes('${')
  if (service === 's3' && region === '' && plain && !resource.startsWith('accesspoint/')) {
    faults.push([
      'error',
      'ARN_ACCOUNT_NOT_ALLOWED',
      'The service s3 does not support specifying an account ID in the resource ARN.',
    ])
  } else if (plain && /^[\d-]+$/.test(account) && !isAccountId(account)) {
    faults.push([
      'error',
      'INVALID_ARN_ACCOUNT',
      `The resource ARN account ID ${account} is not valid. Provide a 12-digit account ID.`,
    ])
  }
  return faults
}
