import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { type AccountId, isoSeconds, type Random } from '../base/index.ts'
import type { StoredEvent } from '../store/index.ts'

const compress = promisify(gzip)

/** The owner of the events in a file, and the prefix of its key. */
export interface FilePlace {
  readonly prefix?: string | undefined
  /** The organization's id if its trail delivers the file. */
  readonly organization?: string | undefined
  readonly account: AccountId
  readonly region: string
}

/** A file to be delivered. */
export interface TrailFile {
  readonly key: string
  readonly bytes: Uint8Array
  /** SHA-256 of the uncompressed content, in hexadecimal. */
  readonly hash: string
}

/** A log file: the compressed events of one account and region, under AWS's name (behaviours TRL-80 and TRL-81). */
export async function logFile(
  place: FilePlace,
  events: readonly StoredEvent[],
  now: number,
  random: Random,
): Promise<TrailFile> {
  const { account, region } = place
  const minute = `${basic(now).slice(0, 13)}Z`
  const name = `${account}_CloudTrail_${region}_${minute}_${suffix(random)}.json.gz`
  const text = `{"Records":[${events.map(({ json }) => json).join(',')}]}`
  return trailFile(`${folderOf(place, 'CloudTrail', now)}/${name}`, text)
}

/** A text under its key, with its hash. */
export async function trailFile(key: string, text: string): Promise<TrailFile> {
  const plain = Buffer.from(text, 'utf8')
  return { key, bytes: await compress(plain), hash: createHash('sha256').update(plain).digest('hex') }
}

/** `[PREFIX/]AWSLogs/[o-ID/]ACCOUNT/KIND/REGION/YYYY/MM/DD`. */
export function folderOf(place: FilePlace, kind: 'CloudTrail' | 'CloudTrail-Digest', time: number): string {
  const { prefix, organization, account, region } = place
  const day = isoSeconds(time).slice(0, 10).replaceAll('-', '/')
  return [prefix, 'AWSLogs', organization, account, kind, region, day].filter(Boolean).join('/')
}

/** `YYYYMMDDTHHMMSSZ`. */
export function basic(time: number): string {
  return isoSeconds(time).replace(/[-:]/g, '')
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

function suffix(random: Random): string {
  let text = ''
  while (text.length < 16) {
    // bytes beyond the last full round of the alphabet would favour its first letters
    for (const byte of random.bytes(24)) {
      if (byte < 248 && text.length < 16) text += letters[byte % 62]!
    }
  }
  return text
}
