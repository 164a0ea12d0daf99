import type { RequestHead } from '../base/index.ts'
import { oldSignature } from '../wire/index.ts'
import { mentionsOldSignature } from '../wire/sigv4/index.ts'
import type { IdentifiedCall } from './catalogue/index.ts'

/** The terms of a signature of version 2. */
export interface OldTerms {
  readonly region: string
  /** The bucket that the host names. */
  readonly bucketInHost: string | undefined
}

/** The regions that existed before 30 January 2014: S3 accepts signatures of version 2 only in these. */
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

/** The verification of a version 2 signature; undefined if it is not accepted (behaviour GRD-26). */
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
 * Refuses an S3 URL with a version 2 signature if these are not accepted; it would otherwise pass as unsigned. @throws
 * Fault in S3's words
 */
export function refuseOldSignature({ rawQuery }: RequestHead, signingName: string): void {
  if (signingName.startsWith('s3') && (mentionsOldSignature(rawQuery) || spelledOtherwise.test(rawQuery)))
    throw oldSignature()
}

const spelledOtherwise = /(?:^|&)(?:AWSAccessKeyId|Signature)=/i
