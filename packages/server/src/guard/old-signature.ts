import type { RequestHead } from '../base/index.ts'
import { oldSignature } from '../wire/index.ts'
import { mentionsOldSignature } from '../wire/sigv4/index.ts'
import type { IdentifiedCall } from './catalogue/index.ts'

/** How a signature of version 2 is taken. */
export interface OldTerms {
  readonly region: string
  /** The bucket that the host names. */
  readonly bucketInHost: string | undefined
}

/** The regions that were there before 30 January 2014: S3 takes signatures of version 2 in these alone. */
const oldRegions: ReadonlySet<string> = new Set([
  'us-east-1',
  'us-west-1',
  'us-west-2',
  'eu-west-1',
  'ap-southeast-1',
  'ap-southeast-2',
  'ap-northeast-1',
  'sa-east-1',
  'us-gov-west-1',
])

const regionInHost = /(?:^|[.])s3[.-](?:dualstack[.])?([a-z]{2}(?:-[a-z]+)+-\d)[.]/

/** How a call's signature of version 2 is taken; undefined where it is not (behaviour GRD-26). */
export function oldTermsOf(
  { service, request, bucketInHost }: IdentifiedCall,
  sigv2: boolean,
  defaultRegion: string,
): OldTerms | undefined {
  if (!sigv2 || service.id !== 's3') return undefined
  const region = regionInHost.exec(request.headers.host ?? '')?.[1] ?? defaultRegion
  return oldRegions.has(region) ? { region, bucketInHost } : undefined
}

/**
 * Refuses a URL of S3 that is signed in version 2 where that is not taken, and would else pass for one that nobody signed.
 * @throws Fault in S3's words
 */
export function refuseOldSignature({ rawQuery }: RequestHead, signingName: string): void {
  if (signingName.startsWith('s3') && (mentionsOldSignature(rawQuery) || spelledOtherwise.test(rawQuery)))
    throw oldSignature()
}

const spelledOtherwise = /(?:^|&)(?:AWSAccessKeyId|Signature)=/i
