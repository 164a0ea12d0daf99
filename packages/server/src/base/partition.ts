/** The partitions that an installation can have (behaviour PAR-1). */
export const partitions = ['aws', 'aws-cn', 'aws-us-gov'] as const

/** The text of ARNs after `arn:`. */
export type Partition = (typeof partitions)[number]

/** The differences between partitions. */
export interface PartitionFacts {
  /** The suffix of host names. */
  readonly dnsSuffix: string
  /** The region in which IAM, STS's global endpoint and sign-in record their events (behaviour PAR-5). */
  readonly globalRegion: string
  /** The region in which Organizations records its events (behaviour PAR-5). */
  readonly organizationsRegion: string
  /** The pattern of its region names. */
  readonly regionForm: RegExp
  /** The name in place of a region by which SDKs know its global endpoints (behaviour SIG-50). */
  readonly globalName: string
  /** The services with a global endpoint, by signing name, each with its region (behaviour SIG-50). */
  readonly globalEndpoints: ReadonlyMap<string, string>
  /** The host of the sign-in page (behaviour PAR-8). */
  readonly signInHost: string
  /** The audience of SAML assertions for all of AWS (behaviour PAR-8). */
  readonly samlAudience: string
  /** The web console (behaviour PAR-8). */
  readonly consoleHost: string
  /** Services whose principals end with the partition's own suffix (behaviour PAR-3). */
  readonly ownPrincipals: ReadonlySet<string>
  /** Further services that may also be named with that suffix (behaviour PAR-4). */
  readonly otherPrincipals: ReadonlySet<string>
}

const table: Readonly<Record<Partition, PartitionFacts>> = {
  aws: {
    dnsSuffix: 'amazonaws.com',
    globalRegion: 'us-east-1',
    organizationsRegion: 'us-east-1',
    regionForm: /^(?:us|eu|ap|sa|ca|me|af|il|mx)-[a-z]+-\d{1,2}$/,
    globalName: 'aws-global',
    globalEndpoints: regionsOf({
      'us-east-1':
        'account billingconductor budgets ce chime cloudfront codecatalyst health iam importexport ' +
        'notifications-contacts organizations route53 s3 savingsplans shield sts support tax waf',
      'us-west-2': 'networkmanager',
    }),
    signInHost: 'signin.aws.amazon.com',
    samlAudience: 'urn:amazon:webservices',
    consoleHost: 'console.aws.amazon.com',
    ownPrincipals: new Set(),
    otherPrincipals: new Set(),
  },
  'aws-cn': {
    dnsSuffix: 'amazonaws.com.cn',
    globalRegion: 'cn-north-1',
    organizationsRegion: 'cn-northwest-1',
    regionForm: /^cn-[a-z]+-\d{1,2}$/,
    globalName: 'aws-cn-global',
    globalEndpoints: regionsOf({
      'cn-north-1': 'iam support',
      'cn-northwest-1': 'account budgets ce cloudfront health organizations route53',
    }),
    signInHost: 'signin.amazonaws.cn',
    samlAudience: 'urn:amazon:webservices:cn-north-1',
    consoleHost: 'console.amazonaws.cn',
    ownPrincipals: new Set(['codedeploy', 'ec2', 'elasticmapreduce', 'logs']),
    otherPrincipals: new Set(['application-autoscaling', 'autoscaling', 'events']),
  },
  'aws-us-gov': {
    dnsSuffix: 'amazonaws.com',
    globalRegion: 'us-gov-west-1',
    organizationsRegion: 'us-gov-west-1',
    regionForm: /^us-gov-[a-z]+-\d{1,2}$/,
    globalName: 'aws-us-gov-global',
    globalEndpoints: regionsOf({ 'us-gov-west-1': 'iam networkmanager organizations route53 support' }),
    signInHost: 'signin.amazonaws-us-gov.com',
    samlAudience: 'urn:amazon:webservices:govcloud',
    consoleHost: 'console.amazonaws-us-gov.com',
    ownPrincipals: new Set(),
    otherPrincipals: new Set(),
  },
}

/** The address that assertions of SAML are sent to, which is `saml:aud` of their sessions (behaviour SSO-41). */
export function samlAddress(partition: Partition): string {
  return `https://${factsOf(partition).signInHost}/saml`
}

/** Returns the facts of a partition. */
export function factsOf(partition: Partition): PartitionFacts {
  return table[partition]
}

function regionsOf(services: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(services).flatMap(([region, names]) =>
      names.split(' ').map((name) => [name, region] as const),
    ),
  )
}

/**
 * Returns the region that a credential scope means for a service: a region of the partition as it is, and the region of
 * the service's global endpoint for the names that SDKs sign with there. Undefined if it is neither (behaviour SIG-50).
 */
export function scopedRegion(partition: Partition, signingName: string, named: string): string | undefined {
  const { regionForm, globalName, globalEndpoints } = table[partition]
  if (regionForm.test(named)) return named
  return named === globalName || named === 'GLOBAL' ? globalEndpoints.get(signingName) : undefined
}

/** Returns the host suffix of a region: `amazonaws.com.cn` in China. */
export function dnsSuffixIn(region: string): string {
  return table[partitionOfRegion(region)].dnsSuffix
}

/** Returns the partition of a region. A region that matches no other partition belongs to `aws`. */
export function partitionOfRegion(region: string): Partition {
  return partitions.find((each) => table[each].regionForm.test(region)) ?? 'aws'
}

/** Returns the text as a partition, or undefined if an installation cannot have it. */
export function parsePartition(text: string): Partition | undefined {
  return partitions.find((each) => each === text)
}

/** Returns the region in which a service with one endpoint records its events. */
export function globalRegionOf(partition: Partition, signingName: string): string {
  const { globalRegion, organizationsRegion } = table[partition]
  return signingName === 'organizations' ? organizationsRegion : globalRegion
}

const principalForm = /^([a-z0-9-]+)\.((?:[a-z0-9-]+\.)*)amazonaws\.com(\.cn)?$/

/** Returns the name of a service principal in a partition: `ec2.amazonaws.com` is `ec2.amazonaws.com.cn` in China. */
export function principalIn(partition: Partition, principal: string): string {
  if (partition !== 'aws-cn') return principal
  const [, service = '', , cn] = principalForm.exec(principal) ?? []
  return cn === undefined && table[partition].ownPrincipals.has(service) ? `${principal}.cn` : principal
}

/** Returns all names by which policies of a partition may name a service; the given name first (behaviour PAR-4). */
export function namesOfPrincipal(partition: Partition, principal: string): readonly string[] {
  if (partition !== 'aws-cn') return [principal]
  const [, service = '', , cn] = principalForm.exec(principal) ?? []
  if (!hasTwoNames(partition, service)) return [principal]
  return [principal, cn === undefined ? `${principal}.cn` : principal.slice(0, -'.cn'.length)]
}

/** Returns whether a service principal has the suffix that the service has in China (behaviour PAR-4). */
export function isPrincipalIn(partition: Partition, principal: string): boolean {
  const [, service = '', , cn] = principalForm.exec(principal.toLowerCase()) ?? []
  return partition !== 'aws-cn' || cn === undefined || hasTwoNames(partition, service)
}

function hasTwoNames(partition: Partition, service: string): boolean {
  const { ownPrincipals, otherPrincipals } = table[partition]
  return ownPrincipals.has(service) || otherPrincipals.has(service)
}
