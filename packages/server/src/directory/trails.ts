import { type AccountId, type ArnOwner, changeSetting } from '../base/index.ts'
import type { EventPosition, Store } from '../store/index.ts'
import type { Tag } from './records.ts'
import { defineTable } from './table.ts'

/** A basic selector of the events that a trail delivers. */
export interface EventSelector {
  readonly readWriteType: 'All' | 'ReadOnly' | 'WriteOnly'
  readonly includeManagementEvents: boolean
  /** The data events, by the resources that they touch; none if empty. */
  readonly dataResources: readonly { readonly type: string; readonly values: readonly string[] }[]
  readonly excludeSources: readonly string[]
}

/** The comparison of a field; lists of one operator are alternatives. */
export interface FieldSelector {
  readonly field: string
  readonly equals?: readonly string[]
  readonly startsWith?: readonly string[]
  readonly endsWith?: readonly string[]
  readonly notEquals?: readonly string[]
  readonly notStartsWith?: readonly string[]
  readonly notEndsWith?: readonly string[]
}

export interface AdvancedEventSelector {
  readonly name?: string
  readonly fields: readonly FieldSelector[]
}

/** A period in which a trail logged, both ends included; without an end, the trail still logs. */
export interface LoggingPeriod {
  readonly from: number
  readonly to?: number
}

/** A log group of CloudWatch Logs that gets a trail's events, and the role that CloudTrail assumes to write there. */
export interface TrailLogs {
  /** `arn:aws:logs:REGION:ACCOUNT:log-group:NAME:*`. */
  readonly groupArn: string
  readonly roleArn: string
  /** The time from which events are sent. */
  readonly since: number
}

/** A trail as CloudTrail's API makes it. */
export interface Trail {
  readonly name: string
  readonly homeRegion: string
  readonly bucket: string
  readonly prefix?: string
  readonly multiRegion: boolean
  readonly globalEvents: boolean
  /** Whether digests are delivered. */
  readonly validated: boolean
  /** The time since when digests are delivered: a chain begins no earlier. */
  readonly validatedSince?: number
  /** Whether it covers all accounts of the organization. */
  readonly organization: boolean
  /** Whether events of its own delivery are recorded; if absent, they are. */
  readonly recursive?: boolean
  /** Where events go beside the bucket. */
  readonly logs?: TrailLogs
  /** The ARN of the key of AWS KMS that encrypts its files. */
  readonly kmsKey?: string
  readonly tags: readonly Tag[]
  /** At most one of the two kinds; neither means all management events. */
  readonly selectors?: readonly EventSelector[]
  readonly advancedSelectors?: readonly AdvancedEventSelector[]
  /** Periods whose events are not all delivered, and the current one; the newest is last. */
  readonly periods: readonly LoggingPeriod[]
  readonly startedAt?: number
  readonly stoppedAt?: number
  readonly createdAt: number
  /** Whether it is deleted: it is removed after its last events and digest are delivered. */
  readonly deletedAt?: number
}

/** A delivered file as digests list it. */
export interface DeliveredFile {
  readonly bucket: string
  readonly key: string
  /** SHA-256 of the uncompressed file, in hexadecimal. */
  readonly hash: string
  readonly newest: number
  readonly oldest: number
}

/**
 * The digests of one trail for one account in one region: each is chained to the previous one. The files that the next
 * one lists are beside the delivery (`DeliveryRecords`).
 */
export interface DigestChain {
  readonly account: AccountId
  readonly region: string
  /** The beginning of the current hour. */
  readonly start: number
  /** Files of the current hour that an earlier version kept here. */
  readonly files: readonly DeliveredFile[]
  readonly previous?: {
    readonly bucket: string
    readonly key: string
    readonly hash: string
    readonly signature: string
  }
}

/** The events up to `to` are delivered in files of the time `at`. */
export interface DeliveryPlan {
  readonly to: EventPosition
  readonly at: number
  /** Where the files are put, though the trail is changed meanwhile: some may be there. If absent, where the trail says. */
  readonly place?: { readonly bucket: string; readonly prefix?: string | undefined }
  /** The source of the files' names. If absent, the positions; those are others in a copy of the store. */
  readonly named?: string
}

/** The position of the delivery of a trail's events. */
export interface TrailDelivery {
  /** The trail's `trailKey`. */
  readonly trail: string
  /** When the trail was created: a later one of the same name begins anew. Absent in earlier versions. */
  readonly of?: number
  /** Where the next event is read; absent before the first start. */
  readonly position?: EventPosition
  /** The plan that is under way. */
  readonly plan?: DeliveryPlan
  /** The same in deliveries of earlier versions: a sequence number. */
  readonly sequence?: number
  readonly attemptedAt?: number
  readonly deliveredAt?: number
  readonly digestAt?: number
  readonly error?: string
  /** The number of the last delivered file. */
  readonly filed?: number
  /** Whether everything of a deleted trail is delivered. */
  readonly isOver?: true
  readonly chains: readonly DigestChain[]
}

/** Returns where a delivery continues; undefined before its first start. */
export function positionOfDelivery(delivery: TrailDelivery | undefined): EventPosition | undefined {
  if (delivery?.position !== undefined || delivery?.sequence === undefined) return delivery?.position
  return String(delivery.sequence) as EventPosition // the form of the store that has such deliveries
}

/** A key that signs digests in one region. */
export interface DigestKey {
  readonly region: string
  /** 32 hexadecimal digits. */
  readonly fingerprint: string
  /** PKCS#1 DER in base64. */
  readonly publicKey: string
  /** PKCS#8 PEM, sealed for `digestKeyPurpose`. */
  readonly sealedPrivateKey: string
  readonly from: number
  readonly to: number
}

/** The purpose of sealing digest keys in the store. */
export const digestKeyPurpose = 'digest-key'

export const trails = defineTable<Trail>({
  kind: 'trail',
  key: (trail) => trailKey(trail.homeRegion, trail.name),
})
/** Deliveries as earlier versions kept them. Now the store has them beside the accounts: see `readDelivery`. */
export const trailDeliveries = defineTable<TrailDelivery>({
  kind: 'trail-delivery',
  key: ({ trail }) => trail,
})
export const digestKeys = defineTable<DigestKey>({ kind: 'digest-key', key: (key) => key.fingerprint })

/** A trail's name is unique in its home region. */
export function trailKey(homeRegion: string, name: string): string {
  return `${homeRegion}/${name}`
}

/** The name under which the store keeps how far the log group of a trail is. No trail has a name with a space. */
export function trailLogsKey(trail: Pick<Trail, 'homeRegion' | 'name'>): string {
  return `${trailKey(trail.homeRegion, trail.name)} logs`
}

/** `arn:PARTITION:cloudtrail:REGION:ACCOUNT:trail/NAME`, with the trail's home region. */
export function trailArn(
  { id, partition }: ArnOwner,
  { homeRegion, name }: Pick<Trail, 'homeRegion' | 'name'>,
): string {
  return `arn:${partition}:cloudtrail:${homeRegion}:${id}:trail/${name}`
}

const setting = 'accounts-with-trails'

/** Accounts that have, or had, a trail: deliveries read no others. */
export async function accountsWithTrails(store: Store): Promise<readonly AccountId[]> {
  return accountsIn(await store.readSetting(setting))
}

/** Records that an account may have a trail; durable when resolved. */
export async function noteTrailAccount(store: Store, account: AccountId): Promise<void> {
  await changeSetting(store, setting, (before) => {
    const accounts = accountsIn(before)
    return before !== undefined && accounts.includes(account)
      ? before
      : JSON.stringify([...accounts, account])
  })
}

function accountsIn(text = '[]'): readonly AccountId[] {
  return JSON.parse(text) as AccountId[] // `noteTrailAccount` wrote it
}
