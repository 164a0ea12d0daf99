/** The partitions that an installation can have (behaviour PAR-1). */
export const partitions = ['aws', 'aws-cn', 'aws-us-gov'] as const

/** The text of ARNs after `arn:`. */
export type Partition = (typeof partitions)[number]

/** What differs between partitions. */
export interface PartitionFacts {
  /** The suffix of host names. */
  readonly dnsSuffix: string
  /** The region in which IAM, STS's global endpoint and sign-in record their events (behaviour PAR-5). */
  readonly globalRegion: string
  /** The region in which Organizations records its events (behaviour PAR-5). */
  readonly organizationsRegion: string
  /** The pattern of its region names. */
  readonly regionForm: RegExp
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
    regionForm: /^(?:us|eu|ap|sa|ca|me|af|il|mx)-\w+-\d+$/,
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
    regionForm: /^cn-\w+-\d+$/,
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
    regionForm: /^us-gov-\w+-\d+$/,
    signInHost: 'signin.amazonaws-us-gov.com',
    samlAudience: 'urn:amazon:webservices:govcloud',
    consoleHost: 'console.amazonaws-us-gov.com',
    ownPrincipals: new Set(),
    otherPrincipals: new Set(),
  },
}

/** Returns the facts of a partition. */
export function factsOf(partition: Partition): PartitionFacts {
  return table[partition]
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
