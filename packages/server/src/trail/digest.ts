import { createHash, generateKeyPair, type KeyObject, sign } from 'node:crypto'
import { promisify } from 'node:util'
import { type AccountId, isoSeconds } from '../base/index.ts'
import { basic, type FilePlace, folderOf, type TrailFile, trailFile } from './log-file.ts'

/** The content of a digest: one hour. */
export interface DigestFacts {
  readonly place: FilePlace & { readonly account: AccountId }
  readonly bucket: string
  readonly trailName: string
  readonly homeRegion: string
  readonly start: number
  readonly end: number
  readonly fingerprint: string
  readonly files: readonly {
    readonly bucket: string
    readonly key: string
    readonly hash: string
    readonly newest: number
    readonly oldest: number
  }[]
  /** The previous digest of the chain; the first has none. */
  readonly previous:
    | { readonly bucket: string; readonly key: string; readonly hash: string; readonly signature: string }
    | undefined
}

export const signatureAlgorithm = 'SHA256withRSA'

/**
 * A digest file and its signature in hexadecimal, which is in the object's metadata (behaviours TRL-82 to TRL-85).
 */
export async function digestFile(
  facts: DigestFacts,
  privateKey: KeyObject,
): Promise<TrailFile & { readonly signature: string }> {
  const { place, bucket, trailName, homeRegion, end, files, previous } = facts
  const { account, region } = place
  const folder = folderOf(place, 'CloudTrail-Digest', end)
  const key = `${folder}/${account}_CloudTrail-Digest_${region}_${trailName}_${homeRegion}_${basic(end)}.json.gz`
  const text = JSON.stringify({
    awsAccountId: account,
    digestStartTime: isoSeconds(facts.start),
    digestEndTime: isoSeconds(end),
    digestS3Bucket: bucket,
    digestS3Object: key,
    digestPublicKeyFingerprint: facts.fingerprint,
    digestSignatureAlgorithm: signatureAlgorithm,
    newestEventTime: files.length === 0 ? null : isoSeconds(Math.max(...files.map(({ newest }) => newest))),
    oldestEventTime: files.length === 0 ? null : isoSeconds(Math.min(...files.map(({ oldest }) => oldest))),
    previousDigestS3Bucket: previous?.bucket ?? null,
    previousDigestS3Object: previous?.key ?? null,
    previousDigestHashValue: previous?.hash ?? null,
    previousDigestHashAlgorithm: previous === undefined ? null : 'SHA-256',
    previousDigestSignature: previous?.signature ?? null,
    logFiles: files.map((file) => ({
      s3Bucket: file.bucket,
      s3Object: file.key,
      hashValue: file.hash,
      hashAlgorithm: 'SHA-256',
      newestEventTime: isoSeconds(file.newest),
      oldestEventTime: isoSeconds(file.oldest),
    })),
  })
  const file = await trailFile(key, text)
  const signed = `${isoSeconds(end)}\n${bucket}/${key}\n${file.hash}\n${previous?.signature ?? 'null'}`
  return { ...file, signature: sign('sha256', Buffer.from(signed, 'utf8'), privateKey).toString('hex') }
}

const generate = promisify(generateKeyPair)

/**
 * Makes a pair of keys that signs digests. The public key has the form that ListPublicKeys returns (behaviour TRL-86).
 */
export async function newDigestKey() {
  const { publicKey, privateKey } = await generate('rsa', { modulusLength: 2_048 })
  const der = publicKey.export({ type: 'pkcs1', format: 'der' })
  return {
    fingerprint: createHash('sha256').update(der).digest('hex').slice(0, 32),
    publicKey: der.toString('base64'),
    privatePem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  }
}
