import type { PolicySource } from '@omen-iam/policy'

/**
 * A policy's title for people: its name, and what it is the policy of. `resource` is the resource of the request,
 * which a resource policy or a trust policy belongs to; if absent, it is not named.
 */
export function policyTitle({ policy, source }: PolicySource, resource?: string): string {
  const { type, inline, group } = source
  const name = source.name ?? source.arn ?? source.id
  const byGroup = group === undefined ? '' : ` of group ${lastOf(group)}`
  switch (type) {
    case 'user':
    case 'group':
    case 'role':
      return inline === undefined
        ? `inline policy ${name}`
        : `inline policy ${inline.name} of ${type} ${inline.owner}`
    case 'aws-managed':
      return `AWS managed policy ${name}${byGroup}`
    case 'user-managed':
      return `managed policy ${name}${byGroup}`
    case 'resource':
      if (policy.kind === 'trust')
        return resource === undefined ? 'trust policy' : `trust policy of role ${lastOf(resource)}`
      return `${policy.kind === 'key' ? 'key' : 'resource'} policy${resource === undefined ? '' : ` of ${resource}`}`
    case 'session':
      return 'session policy'
    case 'scp':
      return `SCP ${name}`
    case 'rcp':
      return `RCP ${name}`
    case 'endpoint':
      return 'VPC endpoint policy'
    case 'none':
      return name ?? 'policy'
  }
}

function lastOf(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1)
}
