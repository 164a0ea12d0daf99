import type { House } from '../../authorization/index.ts'
import { type AccountId, factsOf } from '../../base/index.ts'
import { parseXml } from '../../wire/index.ts'
import { ask, type Reply } from '../ask.ts'
import { type CorsRule, corsRulesIn } from '../cors/rules.ts'
import type { BucketOwners } from '../parts.ts'
import type { Upstream } from '../upstream.ts'
import { type AclGrant, grantsOf } from './acl.ts'
import { Remembered } from './remembered.ts'

/** Whose a bucket is that belongs to none of the accounts that could be asked: it is never the caller's. */
const strangersAccount = '000000000000' as AccountId // twelve digits

/** What of the house counts for buckets. */
export type OfHouse = Pick<House, 'firstAccount' | 'partition'>

/** What a bucket's ARN does not say: whose it is, and what its public access block forbids. */
export class Buckets {
  readonly #upstream: Upstream
  /** Where the upstream is asked. */
  readonly #region: string
  readonly #firstAccount: AccountId
  readonly #owners: BucketOwners
  readonly #lists = new Remembered<BucketList>()
  readonly #blocks = new Remembered<ReadonlySet<string>>()
  /** By bucket, and by bucket and key. */
  readonly #grants = new Remembered<readonly AclGrant[]>()
  readonly #aclsCount = new Remembered<boolean>()
  readonly #cors = new Remembered<readonly CorsRule[] | undefined>()

  constructor(upstream: Upstream, { firstAccount, partition }: OfHouse, owners: BucketOwners) {
    this.#owners = owners
    this.#upstream = upstream
    this.#region = factsOf(partition).globalRegion
    this.#firstAccount = firstAccount
  }

  /**
   * The account that a bucket belongs to (behaviour GRD-83): the one that created it through the guard; of an
   * upstream that tells accounts apart, the caller's where its list of buckets has it; else the first account.
   */
  async owner(bucket: string, caller: AccountId, now: number): Promise<AccountId> {
    const created = await this.#owners.find(bucket)
    if (created !== undefined) return created
    if (!this.#upstream.tellsAccounts) return this.#firstAccount
    for (const account of new Set([caller, this.#firstAccount])) {
      const list = await this.#lists.get(account, now, () => this.#list(account))
      if (list.names.has(bucket)) return account
    }
    return strangersAccount
  }

  /**
   * Names of the settings of public access blocks that are on, such as `RestrictPublicBuckets`: the bucket's, and
   * those of its account (behaviour GRD-86).
   */
  async blocked(bucket: string, owner: AccountId, now: number): Promise<ReadonlySet<string>> {
    const read = async () => settingsIn(await this.#ask(owner, `/${bucket}`, 'publicAccessBlock='))
    const own = this.#blocks.get(bucket, now, read, owner)
    const settings = await Promise.all([own, this.blockedInAccount(owner, now)])
    return new Set(settings.flatMap((each) => [...each]))
  }

  /** The settings that are on in an account's own public access block. */
  blockedInAccount(account: AccountId, now: number): Promise<ReadonlySet<string>> {
    return this.#blocks.get(accountKey(account), now, async () =>
      settingsIn(
        await this.#ask(account, '/v20180820/configuration/publicAccessBlock', '', {
          'x-amz-account-id': account,
        }),
      ),
    )
  }

  /** Whether a bucket's ACLs count: only where its Object Ownership says so (behaviour GRD-30). */
  aclsCount(bucket: string, owner: AccountId, now: number): Promise<boolean> {
    const read = async () => {
      const { status, text } = await this.#ask(owner, `/${bucket}`, 'ownershipControls=')
      return (
        status === 200 &&
        /<ObjectOwnership>(?:ObjectWriter|BucketOwnerPreferred)<\/ObjectOwnership>/.test(text)
      )
    }
    return this.#aclsCount.get(bucket, now, read, owner)
  }

  /** A bucket's CORS rules; undefined where it has none. */
  corsRules(bucket: string, owner: AccountId, now: number): Promise<readonly CorsRule[] | undefined> {
    const read = async () => {
      const { status, text } = await this.#ask(owner, `/${bucket}`, 'cors=')
      return status === 200 ? corsRulesIn(text) : undefined
    }
    return this.#cors.get(bucket, now, read, owner)
  }

  /** A bucket's CORS rules may have been changed through the guard. */
  noteCorsChanged(bucket: string): void {
    this.#cors.forget(bucket)
  }

  /** The grants in the ACL of a bucket, or of an object in it. */
  grants(bucket: string, object: AclObject | undefined, owner: AccountId, now: number) {
    const path = `/${bucket}${object === undefined ? '' : `/${encodedKey(object.key)}`}`
    const version = object?.version
    const query = `acl=${version === undefined ? '' : `&versionId=${encodeURIComponent(version)}`}`
    const read = async () => {
      const { status, text } = await this.#ask(owner, path, query)
      return status === 200 ? grantsOf(text) : []
    }
    return version === undefined ? this.#grants.get(path, now, read, owner) : read()
  }

  /** Whether an object may be there: only the answer that it is not says so. It is asked anew each time. */
  async hasObject(bucket: string, key: string, owner: AccountId): Promise<boolean> {
    return (await this.#ask(owner, `/${bucket}/${encodedKey(key)}`, 'acl=')).status !== 404
  }

  /**
   * The canonical user id by which ACLs name an account that is not the owner's; undefined where the upstream does not
   * tell accounts apart, or may not: by an id that is everybody's, ACLs would grant to all what is the owner's.
   */
  async canonicalId(account: AccountId, owner: AccountId, now: number): Promise<string | undefined> {
    if (!this.#upstream.tellsAccounts || account === owner) return undefined
    const idOf = async (whose: AccountId) =>
      (await this.#lists.get(whose, now, () => this.#list(whose))).ownerId
    const [id, owners] = await Promise.all([idOf(account), idOf(owner)])
    return owners === undefined || id === owners ? undefined : id
  }

  /**
   * A bucket was created through the guard. Who asked for it before another got it does not own it, though an upstream
   * that keeps no accounts apart says yes to both.
   */
  noteCreated(bucket: string, creation: Creation): void {
    this.#lists.forget(creation.account)
    void this.#owners.note(bucket, creation)
  }

  /** A bucket may have been deleted through the guard; its owner is another's only once it was. */
  noteDeleted(bucket: string, succeeded: boolean): void {
    if (succeeded) void this.#owners.forget(bucket)
    this.refresh(bucket)
  }

  /** What is remembered of a bucket is read anew. */
  refresh(bucket: string): void {
    this.#blocks.forget(bucket)
    this.#aclsCount.forget(bucket)
    this.#cors.forget(bucket)
    this.#grants.clear()
    this.#lists.clear()
  }

  /** ACLs, or whether they count, may have been changed through the guard. */
  noteAclChanged(bucket: string, key: string | undefined): void {
    this.#aclsCount.forget(bucket)
    this.#grants.forget(`/${bucket}${key === undefined ? '' : `/${encodedKey(key)}`}`)
  }

  /** An account's public access block was changed through the guard. */
  noteAccountBlockChanged(account: AccountId): void {
    this.#blocks.forget(accountKey(account))
  }

  /** A bucket's public access block was changed through the guard. */
  noteBlockChanged(bucket: string): void {
    this.#blocks.forget(bucket)
  }

  /** Everything is read anew. */
  forget(): void {
    for (const each of [this.#lists, this.#blocks, this.#grants, this.#aclsCount, this.#cors]) each.clear()
  }

  async #list(account: AccountId): Promise<BucketList> {
    const { status, text } = await this.#ask(account, '/', '')
    const root = parseXml(status === 200 ? text : '')
    const part = (name: string) => root?.children.find((child) => child.name === name)?.children ?? []
    const names = part('Buckets').flatMap(({ children }) =>
      children.filter(({ name }) => name === 'Name').map((each) => each.text),
    )
    return { names: new Set(names), ownerId: part('Owner').find(({ name }) => name === 'ID')?.text }
  }

  #ask(account: AccountId, path: string, query: string, headers: Readonly<Record<string, string>> = {}) {
    const question = { account, region: this.#region, service: 's3', method: 'GET', path, query } as const
    return ask({ ...question, headers: { 'x-amz-content-sha256': emptyHash, ...headers } }, this.#upstream)
  }
}

/** Whose a new bucket is, when it was asked for, and when it was there. */
interface Creation {
  readonly account: AccountId
  readonly since: number
  readonly now: number
}

/** An account's buckets, and its canonical user id. */
interface BucketList {
  readonly names: ReadonlySet<string>
  readonly ownerId: string | undefined
}

/** An object whose ACL is asked for. */
export interface AclObject {
  readonly key: string
  readonly version: string | undefined
}

/** The names of what is `true` in a public access block; nothing where there is none. */
function settingsIn({ status, text }: Reply): ReadonlySet<string> {
  const settings = status === 200 ? (parseXml(text)?.children ?? []) : []
  return new Set(settings.filter((each) => each.text.trim() === 'true').map((each) => each.name))
}

/** No bucket has such a name. */
function accountKey(account: AccountId): string {
  return `account ${account}`
}

function encodedKey(key: string): string {
  return key.split('/').map(encodeURIComponent).join('/')
}

const emptyHash = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'
