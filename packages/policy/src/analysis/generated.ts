import { escapedText, literalPattern } from '../match/literal.ts'

/**
 * The names that AWS and its deployment tools generate, in one part of an ARN between `:` and `/`, and the pattern for them. The first
 * row that fits counts. Each keeps what a person has chosen.
 */
const forms: readonly (readonly [form: RegExp, pattern: (...parts: readonly string[]) => string])[] = [
  // ids of EC2 and of services that follow it: i-0123456789abcdef0, tgw-attach-0123456789abcdef0
  [/^((?:[a-z]+-)+)(?:[0-9a-f]{8}|[0-9a-f]{17})$/, (prefix = '') => `${prefix}*`],
  // UUIDs, with what is before them
  [/^(.*?)[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i, (prefix = '') => `${escapedText(prefix)}*`],
  // unique ids of IAM, hosted zones, distributions
  [/^(?:A[A-Z]{3}[A-Z2-7]{17}|Z[0-9A-Z]{8,31}|E[0-9A-Z]{12,13})$/, () => '*'],
  // load balancers, tasks, multi-region keys
  [/^(mrk-)?(?:[0-9a-f]{16}|[0-9a-f]{32})$/, (prefix = '') => `${prefix}*`],
  // organizations, their roots, units and policies
  [/^(o|r|ou|p)-[0-9a-z]{4,32}(?:-[0-9a-z]{8,32})?$/, (prefix = '') => `${prefix}-*`],
  // user pools
  [/^([a-z]{2}(?:-[a-z]+)+-\d_)[0-9A-Za-z]{9}$/, (prefix = '') => `${prefix}*`],
  // names with the end that Terraform makes of the time and a counter
  [/^(.*?)\d{18}[0-9a-f]{8}$/, (prefix = '') => `${escapedText(prefix)}*`],
  // names with the random end of CloudFormation
  [
    /^(.+-)(?:(?=\d*[A-Z])[0-9A-Z]{12,13}|(?=[A-Za-z]{0,12}\d)(?=\d{0,12}[A-Za-z])[0-9A-Za-z]{12,13})$/,
    (prefix = '') => `${escapedText(prefix)}*`,
  ],
]

/** Parts of an ARN that are versions, behind the name: `function:NAME:7`, `task-definition/NAME:7`. */
const versioned = /^(?:function|layer|task-definition|job-definition)[:/]/

/**
 * A pattern for a resource and those that differ from it in what AWS generates: ids, random ends of names, versions. Names,
 * paths, accounts and regions stay.
 */
export function withoutGenerated(resource: string): string {
  const parts = resource.split(':')
  const rest = parts.slice(5).join(':')
  if (parts[0] !== 'arn' || rest === '') return literalPattern(resource)
  // the name of a resource that does not exist yet
  const isUnnamed = rest.endsWith('*') && /^\d{12}$/.test(parts[4] ?? '')
  const named = isUnnamed ? rest.slice(0, -1) : rest
  return `${escapedText(parts.slice(0, 5).join(':'))}:${patternOf(parts[2] ?? '', named)}${isUnnamed ? '*' : ''}`
}

function patternOf(service: string, rest: string): string {
  const [, name = '', suffix] = /^(secret:.+-)([0-9A-Za-z]{6})$/.exec(rest) ?? []
  if (service === 'secretsmanager' && suffix !== undefined) return `${escapedText(name)}??????`
  const [, group, stream] = /^(log-group:[^:]+:log-stream:)(.+)$/.exec(rest) ?? []
  if (service === 'logs' && group !== undefined && stream !== undefined) return `${escapedText(group)}*`
  // the key of an object is chosen, whatever it looks like
  const [, bucket = rest, key = ''] = service === 's3' ? (/^([^/]*)(\/.*)?$/s.exec(rest) ?? []) : []
  const [, versionless = bucket, version] = versioned.test(bucket) ? (/^(.+:)(\d+)$/s.exec(bucket) ?? []) : []
  const isApi = service === 'apigateway' || service === 'execute-api'
  const made = versionless
    .split(/([:/])/)
    .map((part) => partOf(part, isApi))
    .join('')
  return `${made}${version === undefined ? '' : '*'}${escapedText(key)}`
}

/** Longer parts are no ids, and no names with a random end. */
const longest = 256

function partOf(part: string, isApi: boolean): string {
  if (part.length > longest) return escapedText(part)
  if (isApi && /^(?=.*\d)(?=.*[a-z])[0-9a-z]{6,10}$/.test(part)) return '*'
  for (const [form, pattern] of forms) {
    const found = form.exec(part)
    if (found !== null) return pattern(...found.slice(1))
  }
  return escapedText(part)
}
