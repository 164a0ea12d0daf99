import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { type AccountId, isoSeconds } from '../base/index.ts'
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

/**
 * A log file: the compressed events of one account and region, under AWS's name (behaviours TRL-80 and TRL-81).
 * `delivery` names the trail and the events: the same delivery has the same name.
 */
export async function logFile(
  place: FilePlace,
  events: readonly StoredEvent[],
  now: number,
  delivery: string,
): Promise<TrailFile> {
  const { account, region } = place
  const minute = `${basic(now).slice(0, 13)}Z`
  const name = `${account}_CloudTrail_${region}_${minute}_${suffixOf(`${delivery} ${account} ${region}`)}.json.gz`
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

/** Sixteen letters and digits that a text determines. */
function suffixOf(text: string): string {
  let rest = BigInt(`0x${createHash('sha256').update(text).digest('hex')}`)
  let suffix = ''
  for (; suffix.length < 16; rest /= 62n) suffix += letters[Number(rest % 62n)]
  return suffix
}
