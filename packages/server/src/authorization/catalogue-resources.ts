import type { Finding, Policy, Statement } from '@omen-iam/policy'
import { perText } from '../base/index.ts'
import { serviceInfo } from './catalogue/index.ts'
import { isBoundByRcps } from './rcp-services.ts'

type Fault = Pick<Finding, 'code' | 'message'>

/** The fields of an ARN, as a resource type or a policy has them. */
interface Fields {
  readonly region: string
  readonly account: string
  readonly resource: string
}

/** Finds resources of no type of their service, and services that RCPs do not support (behaviour RSN-2). */
export function resourceFindings(policy: Policy, statement: Statement): readonly Finding[] {
  const { resource, action, index } = statement
  const findings: Finding[] = []
  const note = (fault: Fault, path: Finding['path'], span: Finding['span']): void => {
    findings.push({ class: 'error', ...fault, path, span })
  }
  for (const { value, span } of resource?.values ?? []) {
    const fault = faultOf(value)
    if (fault !== undefined)
      note(fault, ['Statement', index, resource?.negated === true ? 'NotResource' : 'Resource'], span)
  }
  if (policy.kind !== 'rcp' || action.negated || statement.effect === 'Allow') return findings
  for (const { value, span } of action.values) {
    if (isBoundByRcps(value)) continue
    const message = 'RCPs only support specifying select service prefixes in the Action element.'
    note({ code: 'RCP_SYNTAX_ERROR_ACTION', message }, ['Statement', index, 'Action'], span)
  }
  return findings
}

function faultOf(value: string): Fault | undefined {
  // colons inside variables do not separate fields
  const [, , service = '', ...rest] = value.replace(/\$\{[^{}]*\}/g, '${}').split(':')
  const written = fieldsOf(rest)
  // the policy package checks IAM's own resources
  if (!value.startsWith('arn:') || written === undefined || service === 'iam' || /[*?$]/.test(service))
    return undefined
  const types = typesOf(service)
  if (types.length === 0) return undefined
  const fitting = types.filter((type) => mayBe(written.resource, type.resource))
  if (fitting.length === 0) {
    return {
      code: 'INVALID_ARN_RESOURCE',
      message: 'Resource ARN does not match the expected ARN format. Update the resource portion of the ARN.',
    }
  }
  if (
    written.region === '' &&
    !anyRegion.test(`${service}:${written.resource}`) &&
    fitting.every(({ region }) => region !== '')
  )
    return { code: 'MISSING_ARN_REGION', message: `Add a Region to the ${service} resource ARN.` }
  const isOwned = written.account !== '' || /^[*?]/.test(written.resource) || ofAws.has(service)
  if (!isOwned && fitting.every(({ account }) => account === '${Account}'))
    return {
      code: 'MISSING_ARN_ACCOUNT',
      message: `The resource ${written.resource} in the arn is missing an account id. Please provide a 12 digit account id.`,
    }
  return notAllowed(service, written, fitting)
}

/** Services with resources of AWS's own, whose ARNs have no account: documents and parameters of Systems Manager. */
const ofAws: ReadonlySet<string> = new Set(['resource-explorer-2', 'ssm'])

/** Resources that a request names without their Region in some of its calls: models in every Region, by inference profiles. */
const anyRegion = /^bedrock:foundation-model\//

/** Returns what no matching type has; for S3 the policy package finds it without the catalogue. */
function notAllowed(service: string, written: Fields, fitting: readonly Fields[]): Fault | undefined {
  if (service === 's3') return undefined
  if (!/^\*?$/.test(written.region) && fitting.every(({ region }) => region === '')) {
    return {
      code: 'ARN_REGION_NOT_ALLOWED',
      message: `The service ${service} does not support specifying a Region in the resource ARN.`,
    }
  }
  if (!/^\*?$/.test(written.account) && fitting.every(({ account }) => account === '')) {
    return {
      code: 'ARN_ACCOUNT_NOT_ALLOWED',
      message: `The service ${service} does not support specifying an account ID in the resource ARN.`,
    }
  }
  return undefined
}

/** Types that services' own guides document and the reference of actions lacks. */
const undocumented: Readonly<Record<string, readonly string[] | undefined>> = {
  apigateway: ['arn:${Partition}:apigateway:${Region}::/v2/${Path}'],
  autoscaling: ['arn:${Partition}:autoscaling:${Region}:${Account}:scalingPolicy:${Id}'],
  cloudformation: ['arn:${Partition}:cloudformation:${Region}:${Account}:transform/${Name}'],
}

/**
 * Returns the types of a service whose ARNs have its name, or a variable service: some of its actions are about other
 * services' resources.
 */
const typesOf = perText((service): readonly Fields[] => {
  const documented = [...(serviceInfo(service)?.resourceTypes.values() ?? [])].flat()
  return [...documented, ...(undocumented[service] ?? [])].flatMap((pattern) => {
    const [, , owner, ...rest] = pattern.split(':')
    const fields = owner === service || owner?.startsWith('${') === true ? fieldsOf(rest) : undefined
    return fields === undefined ? [] : [fields]
  })
})

function fieldsOf([region, account, ...resource]: readonly string[]): Fields | undefined {
  return resource.length === 0
    ? undefined
    : { region: region!, account: account!, resource: resource.join(':') }
}

/**
 * Returns whether the kind of resource (up to the first separator) may be the other one. The reference does not
 * describe the rest well enough to call a policy wrong.
 */
function mayBe(written: string, type: string): boolean {
  const one = kindOf(written.replace(/(?:[*?]|\$\{)[\s\S]*/, ''))
  const other = kindOf(type.replace(/\$\{[\s\S]*/, ''))
  return other === '' || other.startsWith(one)
}

function kindOf(literal: string): string {
  return /\/?[^/:]*[/:]?/.exec(literal)![0]
}
