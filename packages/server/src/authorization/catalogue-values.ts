import type { Finding, Policy, Statement } from '@omen-iam/policy'
import { nearest } from '../base/index.ts'
import {
  globalKeys,
  prefixOf,
  regions,
  serviceInfo,
  serviceLinkedRoles,
  services,
} from './catalogue/index.ts'
import { isKey, meant } from './names.ts'
import { isServicePrincipal } from './service-principals.ts'

type Fault = Pick<Finding, 'code' | 'message'>

/** Finds regions, service principals and variables that do not exist (behaviour LNT-1). */
export function valueFindings(policy: Policy, statement: Statement): readonly Finding[] {
  const { index, resource, principal, condition } = statement
  const findings: Finding[] = []
  const note = (fault: Fault | undefined, path: Finding['path'], span: Finding['span']): void => {
    if (fault !== undefined) findings.push({ class: 'error', ...fault, path, span })
  }
  const element = resource?.negated === true ? 'NotResource' : 'Resource'
  for (const { value, span } of resource?.values ?? []) {
    const path = ['Statement', index, element]
    note(serviceOfArn(value) ?? regionOfArn(value), path, span)
    if (policy.version === '2012-10-17') note(unknownVariable(value), path, span)
  }
  for (const { type, value, span } of principal?.entries ?? []) {
    const path = ['Statement', index, principal?.negated === true ? 'NotPrincipal' : 'Principal']
    if (type === 'Service') note(unknownService(value), path, span)
  }
  for (const { operator, key, values } of condition) {
    const path = ['Statement', index, 'Condition', operator, key]
    const lowered = key.toLowerCase()
    if (/Null/.test(operator)) continue
    for (const { value, span } of values) {
      if (ofRegions.has(lowered)) note(unknownRegion(value), path, span)
      if (ofServices.has(lowered)) note(unknownService(value), path, span)
      if (policy.version === '2012-10-17' && /String|Arn/.test(operator))
        note(unknownVariable(value), path, span)
    }
  }
  return findings
}

/** Keys whose values are regions, and those whose values are service principals. */
const ofRegions: ReadonlySet<string> = new Set(['aws:requestedregion', 'ec2:region'])
const ofServices: ReadonlySet<string> = new Set([
  'aws:calledvia',
  'aws:calledviafirst',
  'aws:calledvialast',
  'aws:principalservicename',
  'aws:principalservicenameslist',
  'iam:awsservicename',
  'iam:passedtoservice',
])

function unknownRegion(value: string): Fault | undefined {
  if (/[*?]|\$\{/.test(value) || regions.has(value.toLowerCase())) return undefined
  return {
    code: 'INVALID_REGION',
    message: `The Region ${value} is not valid. Update the condition value to a supported Region.${meant(nearest(value, regions))}`,
  }
}

/** Services in the ARNs of the reference's resource types that are no prefixes of actions. */
const arnServices: ReadonlySet<string> = new Set(['catalog', 'elastic-inference', 'route53-recovery-control'])

/** A service in an ARN is the prefix of an action, or one of a few others (behaviour LNT-23). */
function serviceOfArn(value: string): Fault | undefined {
  // the policy package reports capitals
  const service = /^arn:[^:]*:([a-z0-9-]+)(?::|$)/.exec(value)?.[1]
  if (service === undefined || services().has(service)) return undefined
  if (arnServices.has(service)) return undefined
  const near = nearest(service, services().keys())
  return {
    code: 'INVALID_SERVICE',
    message: `The service ${service} does not exist. Use a valid service name.${meant(near)}`,
  }
}

function regionOfArn(value: string): Fault | undefined {
  if (!value.startsWith('arn:')) return undefined
  const region = value.replaceAll(/\$\{[^{}]*\}/g, '*').split(':')[3] ?? ''
  if (region === '' || /[*?]/.test(region) || regions.has(region)) return undefined
  // global services have words there
  if (region === 'aws' || region === 'global') return undefined
  return {
    code: 'INVALID_ARN_REGION',
    message: `The Region ${region} is not valid for this resource. Update the resource ARN to include a supported Region.${meant(nearest(region, regions))}`,
  }
}

let principals: readonly string[] | undefined

function unknownService(value: string): Fault | undefined {
  // the policy package reports other forms
  if (!/^[a-z0-9][a-z0-9.-]*\.amazonaws\.com(?:\.cn)?$/.test(value) || isServicePrincipal(value))
    return undefined
  principals ??= [
    ...new Set([
      ...serviceLinkedRoles().keys(),
      ...[...services().keys()].map((name) => `${name}.amazonaws.com`),
    ]),
  ]
  return {
    code: 'UNKNOWN_SERVICE_PRINCIPAL',
    message: `The service principal ${value} does not exist.${meant(nearest(value, principals))}`,
  }
}

/** Prefixes of variables that no service's keys cover: tokens and SAML may use any name. */
function unknownVariable(value: string): Fault | undefined {
  for (const [, inside] of value.matchAll(/\$\{([^{}]*)\}/g)) {
    const name = inside!.split(',')[0]!.trim()
    const prefix = prefixOf(name).toLowerCase()
    // `${*}`, `${?}` and `${$}` are the characters themselves; other mistakes have findings of their own
    if (name === '' || /^[*?$]$/.test(name) || /\s/.test(name.split('/')[0]!)) continue
    if (prefix === 'saml' || /[./]/.test(prefix) || name === 'unknown') continue
    const known =
      prefix === 'aws' ? globalKeys : (serviceInfo(prefix)?.conditionKeys.map(({ key }) => key) ?? [])
    if (known.some((key) => isKey(name, key))) continue
    const near = nearest(name, known.length === 0 ? globalKeys : known)
    return {
      code: 'UNKNOWN_VARIABLE',
      message: `The policy variable \${${name}} does not exist, so that this value matches nothing.${meant(near === undefined ? undefined : `\${${near}}`)}`,
    }
  }
  return undefined
}
