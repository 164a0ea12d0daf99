import type { AccountId } from '../base/index.ts'

/** Names the delivery of one trail of an account. */
export interface DeliveryName {
  readonly account: AccountId
  readonly trail: string
}

/** A delivered file, as the digest of its hour lists it. */
export interface StoredFile {
  /** Whose digests list the file. */
  readonly chain: string
  /** Greater than that of every earlier file of the delivery. */
  readonly number: number
  readonly value: string
}

/** One step of a delivery: its state, and with it the files that were delivered or listed. */
export interface DeliveryStep extends DeliveryName {
  /** The state that the step was made on; undefined if there was none. */
  readonly before: string | undefined
  /** If undefined, the delivery ends, and its files are forgotten. */
  readonly after: string | undefined
  readonly files?: readonly StoredFile[]
  /** The chains whose files are listed by a digest now: all files of theirs up to here are forgotten. */
  readonly listed?: readonly string[]
}

/** Where deliveries of trails are, and what they have delivered since the last digest. They are no part of an account. */
export interface DeliveryRecords {
  read(name: DeliveryName): Promise<string | undefined>
  /** Returns the deliveries of an account, by trail. */
  of(account: AccountId): Promise<ReadonlyMap<string, string>>
  /** Returns the files of a delivery that no digest has listed yet, in the order of their numbers. */
  files(name: DeliveryName, chain?: string): Promise<readonly StoredFile[]>
  /** Keeps a step, whole, if the state is still `before`. Returns whether it was. */
  keep(step: DeliveryStep): Promise<boolean>
}
