import type { RequestHead } from '../base/index.ts'
import { oldSignature } from '../wire/index.ts'

/**
 * Refuses a URL of S3 that is signed in the way of version 2, which would else pass for one that nobody signed
 * (behaviour GRD-26).
 * @throws Fault in S3's words
 */
export function refuseOldSignature({ rawQuery }: RequestHead, signingName: string): void {
  if (signingName.startsWith('s3') && /(?:^|&)(?:AWSAccessKeyId|Signature)=/i.test(rawQuery))
    throw oldSignature()
}
