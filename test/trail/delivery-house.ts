import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import type { CreateOmenOptions } from 'omen-iam'
import { keysOf } from '../support/s3-server.ts'
import { type EventRecord, openTrailServer } from '../wire/cloudtrail-house.ts'

export const bucket = 'trail-bucket'
export const account = '123456789012'
export const noon = Date.UTC(2026, 2, 4, 12, 0, 0)
export const minute = 60_000
export const hour = 60 * minute

/** A digest as it is delivered. */
export interface Digest {
  readonly digestStartTime: string
  readonly digestEndTime: string
  readonly digestS3Object: string
  readonly digestPublicKeyFingerprint: string
  readonly previousDigestS3Object: string | null
  readonly previousDigestSignature: string | null
  readonly previousDigestHashValue: string | null
  readonly newestEventTime: string | null
  readonly logFiles: readonly { readonly s3Object: string; readonly hashValue: string }[]
}

/** A server whose trails deliver to a folder, at noon. */
export async function openDeliveringServer(options: CreateOmenOptions = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'omen-trail-'))
  const server = await openTrailServer({ now: noon, trailFolder: folder, ...options })
  const root = join(folder, bucket)
  const read = (key: string) => gunzipSync(readFileSync(join(root, key))).toString('utf8')
  const keys = (kind: 'CloudTrail' | 'CloudTrail-Digest') =>
    keysOf(root).filter((key) => key.includes(`/${kind}/`))
  const records = (key: string) => (JSON.parse(read(key)) as { Records: EventRecord[] }).Records
  return {
    ...server,
    folder,
    root,
    read,
    logKeys: () => keys('CloudTrail'),
    digestKeys: () => keys('CloudTrail-Digest'),
    records,
    /** All delivered events, in the order of their files' names. */
    delivered: (): readonly EventRecord[] => keys('CloudTrail').flatMap(records),
    digests(): readonly Digest[] {
      return keys('CloudTrail-Digest').map((key) => JSON.parse(read(key)) as Digest)
    },
    /** A trail that logs. */
    async trail(Name: string, settings: object = {}) {
      const made = await server.cloudtrail.createTrail({ Name, S3BucketName: bucket, ...settings })
      await server.cloudtrail.startLogging({ Name })
      return made.TrailARN!
    },
    deliver: () => server.omen.omen.deliverTrails(),
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
