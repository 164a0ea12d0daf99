/** The service and region of an address. */
export interface Target {
  readonly service: string
  readonly region?: string
}

/** Prefixes of X-Amz-Target for services whose requests have the name nowhere else. */
const targets: Readonly<Record<string, string | undefined>> = {
  AWSOrganizationsV20161128: 'organizations',
  CloudTrail_20131101: 'cloudtrail',
  'com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101': 'cloudtrail',
}

/** Returns the service of a request, from its address or its X-Amz-Target; undefined if neither has it. */
export function serviceOf(url: URL, target: string | undefined): Target | undefined {
  if (url.pathname.startsWith('/_omen/')) return { service: 'omen' }
  const host =
    /^([a-z0-9-]+)(?:\.([a-z]{2}(?:-[a-z]+)+-\d))?\.(?:amazonaws\.com(?:\.cn)?|api\.aws|api\.amazonwebservices\.com\.cn)$/.exec(
      url.hostname,
    )
  if (host?.[1] !== undefined) {
    const service = host[1]
    return host[2] === undefined ? { service } : { service, region: host[2] }
  }
  const prefix = target?.slice(0, target.lastIndexOf('.'))
  const service = prefix === undefined ? undefined : targets[prefix]
  return service === undefined ? undefined : { service }
}
