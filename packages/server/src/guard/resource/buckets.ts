import type { AccountId } from '../../base/index.ts'
import { parseXml } from '../../wire/index.ts'
import { ask } from '../ask.ts'
import { guardLimits } from '../limits.ts'
import type { Upstream } from '../upstream.ts'
import { Remembered } from './remembered.ts'

/** Whose a bucket is that belongs to none of the accounts that could be asked: it is never the caller's. */
export const strangersAccount = '000000000000' as AccountId // twelve digits

/** What a bucket's ARN does not say: whose it is, and what its public access block forbids. */
export class Buckets {
  readonly #upstream: Upstream
  readonly #firstAccount: AccountId
  /** Buckets that were created through the guard. */
  readonly #created = new Map<string, AccountId>()
  readonly #lists = new Remembered<ReadonlySet<string>>()
  readonly #blocks = new Remembered<ReadonlySet<string>>()

  constructor(upstream: Upstream, firstAccount: AccountId) {
    this.#upstream = upstream
    this.#firstAccount = firstAccount
  }

  /**
   * The account that a bucket belongs to (behaviour GRD-83): the one that created it through the guard; of an
   * upstream that tells accounts apart, the caller's where its list of buckets has it; else the first account.
   */
  async owner(bucket: string, caller: AccountId, now: number): Promise<AccountId> {
    const created = this.#created.get(bucket)
    if (created !== undefined) return created
    if (!this.#upstream.tellsAccounts) return this.#firstAccount
    for (const account of new Set([caller, this.#firstAccount])) {
      const list = await this.#lists.get(account, now, () => this.#list(account))
      if (list.has(bucket)) return account
    }
    return strangersAccount
  }

  /** Names of the settings of a bucket's public access block that are on, such as `RestrictPublicBuckets`. */
  blocked(bucket: string, owner: AccountId, now: number): Promise<ReadonlySet<string>> {
    return this.#blocks.get(bucket, now, async () => {
      const { status, text } = await ask(
        {
          account: owner,
          region: 'us-east-1',
          service: 's3',
          method: 'GET',
          path: `/${bucket}`,
          query: 'publicAccessBlock=',
          headers: { 'x-amz-content-sha256': emptyHash },
        },
        this.#upstream,
      )
      const settings = status === 200 ? (parseXml(text)?.children ?? []) : []
      return new Set(settings.filter((each) => each.text.trim() === 'true').map((each) => each.name))
    })
  }

  /** A bucket was created through the guard. */
  noteCreated(bucket: string, account: AccountId): void {
    this.#created.delete(bucket)
    this.#created.set(bucket, account)
    if (this.#created.size > guardLimits.remembered) this.#created.delete(this.#created.keys().next().value!) // it is not empty
    this.#lists.forget(account)
  }

  /** A bucket was deleted through the guard. */
  noteDeleted(bucket: string): void {
    this.#created.delete(bucket)
    this.#blocks.forget(bucket)
    this.#lists.clear()
  }

  /** A bucket's public access block was changed through the guard. */
  noteBlockChanged(bucket: string): void {
    this.#blocks.forget(bucket)
  }

  async #list(account: AccountId): Promise<ReadonlySet<string>> {
    const { status, text } = await ask(
      {
        account,
        region: 'us-east-1',
        service: 's3',
        method: 'GET',
        path: '/',
        headers: { 'x-amz-content-sha256': emptyHash },
      },
      this.#upstream,
    )
    const buckets = parseXml(status === 200 ? text : '')?.children.find(({ name }) => name === 'Buckets')
    const names = (buckets?.children ?? []).flatMap(({ children }) =>
      children.filter(({ name }) => name === 'Name').map((each) => each.text),
    )
    return new Set(names)
  }
}

const emptyHash = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'
