import type { AccountId, ArnOwner } from '../base/index.ts'
import type { Store } from '../store/index.ts'
import type { Tag } from './records.ts'
import { defineTable } from './table.ts'

/** Which events a trail delivers, the simple way. */
export interface EventSelector {
  readonly readWriteType: 'All' | 'ReadOnly' | 'WriteOnly'
  readonly includeManagementEvents: boolean
  /** Which data events, by what they touch; none where it is empty. */
  readonly dataResources: readonly { readonly type: string; readonly values: readonly string[] }[]
  readonly excludeSources: readonly string[]
}

/** How a field must compare; lists of one operator are alternatives. */
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

/** A time during which a trail logged, both ends included; without an end it still does. */
export interface LoggingPeriod {
  readonly from: number
  readonly to?: number
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
  /** Since when: a chain of digests begins no earlier. */
  readonly validatedSince?: number
  /** Whether it takes the events of all accounts of the organization. */
  readonly organization: boolean
  readonly tags: readonly Tag[]
  /** At most one of the two kinds; neither means all management events. */
  readonly selectors?: readonly EventSelector[]
  readonly advancedSelectors?: readonly AdvancedEventSelector[]
  /** Periods whose events are not all delivered yet, and the running one; the newest stands last. */
  readonly periods: readonly LoggingPeriod[]
  readonly startedAt?: number
  readonly stoppedAt?: number
  readonly createdAt: number
  /** Deleted: it goes once its last events and digest are delivered. */
  readonly deletedAt?: number
}

/** A delivered file, as digests list it. */
export interface DeliveredFile {
  readonly bucket: string
  readonly key: string
  /** SHA-256 of the file before it was compressed, in hexadecimal. */
  readonly hash: string
  readonly newest: number
  readonly oldest: number
}

/** The digests of one trail for one account in one region: each is chained to the one before. */
export interface DigestChain {
  readonly account: AccountId
  readonly region: string
  /** Where the running hour began. */
  readonly start: number
  readonly files: readonly DeliveredFile[]
  readonly previous?: {
    readonly bucket: string
    readonly key: string
    readonly hash: string
    readonly signature: string
  }
}

/** How far the delivery of a trail's events has come. */
export interface TrailDelivery {
  /** The trail's `trailKey`. */
  readonly trail: string
  /** The sequence of the last event that was looked at; undefined until a start. */
  readonly sequence?: number
  readonly attemptedAt?: number
  readonly deliveredAt?: number
  readonly digestAt?: number
  readonly error?: string
  readonly chains: readonly DigestChain[]
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

/** The purpose under which digest keys are sealed at rest. */
export const digestKeyPurpose = 'digest-key'

export const trails = defineTable<Trail>({
  kind: 'trail',
  key: (trail) => trailKey(trail.homeRegion, trail.name),
})
export const trailDeliveries = defineTable<TrailDelivery>({
  kind: 'trail-delivery',
  key: ({ trail }) => trail,
})
export const digestKeys = defineTable<DigestKey>({ kind: 'digest-key', key: (key) => key.fingerprint })

/** A trail's name counts in its home region. */
export function trailKey(homeRegion: string, name: string): string {
  return `${homeRegion}/${name}`
}

/** `arn:PARTITION:cloudtrail:REGION:ACCOUNT:trail/NAME`, the region being the trail's home. */
export function trailArn(
  { id, partition }: ArnOwner,
  { homeRegion, name }: Pick<Trail, 'homeRegion' | 'name'>,
): string {
  return `arn:${partition}:cloudtrail:${homeRegion}:${id}:trail/${name}`
}

const setting = 'accounts-with-trails'
const noting = new WeakMap<Store, Promise<void>>()

/** Accounts that have, or had, a trail: deliveries look at no other. */
export async function accountsWithTrails(store: Store): Promise<readonly AccountId[]> {
  return JSON.parse((await store.readSetting(setting)) ?? '[]') as AccountId[] // `noteTrailAccount` wrote it
}

/** Notes that an account may have a trail; durable once resolved. */
export function noteTrailAccount(store: Store, account: AccountId): Promise<void> {
  const note = async () => {
    const known = await accountsWithTrails(store)
    if (!known.includes(account)) await store.writeSetting(setting, JSON.stringify([...known, account]))
  }
  const noted = (noting.get(store) ?? Promise.resolve()).then(note, note)
  noting.set(store, noted)
  return noted
}
