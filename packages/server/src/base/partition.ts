/** The partitions that a house can be of (behaviour PAR-1). */
export const partitions = ['aws', 'aws-cn', 'aws-us-gov'] as const

/** What ARNs begin with behind `arn:`. */
export type Partition = (typeof partitions)[number]

/** What differs between partitions. */
export interface PartitionFacts {
  /** What names of hosts end with. */
  readonly dnsSuffix: string
  /** Where IAM, STS's global endpoint and sign-in record their events (behaviour PAR-5). */
  readonly globalRegion: string
  /** Where Organizations records its events (behaviour PAR-5). */
  readonly organizationsRegion: string
  /** What the names of its regions look like. */
  readonly regionForm: RegExp
  /** Where people sign in (behaviour PAR-8). */
  readonly signInHost: string
  /** The audience of SAML assertions for all of AWS (behaviour PAR-8). */
  readonly samlAudience: string
  /** The web console (behaviour PAR-8). */
  readonly consoleHost: string
  /** Services whose principals end with the partition's own suffix (behaviour PAR-3). */
  readonly ownPrincipals: ReadonlySet<string>
  /** Further services that may be named with that suffix, too (behaviour PAR-4). */
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

/** The facts of a partition. */
export function factsOf(partition: Partition): PartitionFacts {
  return table[partition]
}

/** The suffix of hosts' names in a region: `amazonaws.com.cn` in China. */
export function dnsSuffixIn(region: string): string {
  return table[partitionOfRegion(region)].dnsSuffix
}

/** The partition that a region is of; what looks like none of the others counts as one of `aws`. */
export function partitionOfRegion(region: string): Partition {
  return partitions.find((each) => table[each].regionForm.test(region)) ?? 'aws'
}

/** The text as a partition, or undefined if it is none that a house can be of. */
export function parsePartition(text: string): Partition | undefined {
  return partitions.find((each) => each === text)
}

/** The region in which a service of one endpoint records its events. */
export function globalRegionOf(partition: Partition, signingName: string): string {
  const { globalRegion, organizationsRegion } = table[partition]
  return signingName === 'organizations' ? organizationsRegion : globalRegion
}

const principalForm = /^([a-z0-9-]+)\.((?:[a-z0-9-]+\.)*)amazonaws\.com(\.cn)?$/

/** The name of a service principal in a partition: `ec2.amazonaws.com` is `ec2.amazonaws.com.cn` in China. */
export function principalIn(partition: Partition, principal: string): string {
  if (partition !== 'aws-cn') return principal
  const [, service = '', , cn] = principalForm.exec(principal) ?? []
  return cn === undefined && table[partition].ownPrincipals.has(service) ? `${principal}.cn` : principal
}

/** All names by which policies of a partition may name a service; the given name first (behaviour PAR-4). */
export function namesOfPrincipal(partition: Partition, principal: string): readonly string[] {
  if (partition !== 'aws-cn') return [principal]
  const [, service = '', , cn] = principalForm.exec(principal) ?? []
  if (!hasTwoNames(partition, service)) return [principal]
  return [principal, cn === undefined ? `${principal}.cn` : principal.slice(0, -'.cn'.length)]
}

/** Whether the name of a service principal has the suffix that the service has in China (behaviour PAR-4). */
export function isPrincipalIn(partition: Partition, principal: string): boolean {
  const [, service = '', , cn] = principalForm.exec(principal.toLowerCase()) ?? []
  return partition !== 'aws-cn' || cn === undefined || hasTwoNames(partition, service)
}

function hasTwoNames(partition: Partition, service: string): boolean {
  const { ownPrincipals, otherPrincipals } = table[partition]
  return ownPrincipals.has(service) || otherPrincipals.has(service)
}
