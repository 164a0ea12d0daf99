import type { Dependencies } from '../../authorization/index.ts'
import { type AccountId, factsOf } from '../../base/index.ts'
import { parseXml } from '../../wire/index.ts'
import { ask, type Reply } from '../ask.ts'
import { type CorsRule, corsRulesIn } from '../cors/rules.ts'
import type { BucketOwners } from '../parts.ts'
import type { Upstream } from '../upstream.ts'
import { type AclGrant, aclOwnerOf, grantsOf } from './acl.ts'
import { Remembered } from './remembered.ts'

/** The owner of a bucket that belongs to none of the known accounts: it is never the caller's. */
export const strangersAccount = '000000000000' as AccountId // twelve digits

/** The server's facts that matter for buckets. */
export type BucketDeps = Pick<Dependencies, 'firstAccount' | 'partition'>

/** The facts that a bucket's ARN does not contain: its owner, and the prohibitions of its public access block. */
export class Buckets {
  readonly #upstream: Upstream
  /** The endpoint to call. */
  readonly #region: string
  readonly #firstAccount: AccountId
  readonly #owners: BucketOwners
  readonly #lists: Remembered<BucketList>
  readonly #blocks: Remembered<ReadonlySet<string>>
  /** By bucket, and by bucket and key. */
  readonly #acls: Remembered<Acl>
  readonly #ownership: Remembered<Ownership>
  readonly #cors: Remembered<readonly CorsRule[] | undefined>

  constructor(upstream: Upstream, { firstAccount, partition }: BucketDeps, owners: BucketOwners) {
    this.#owners = owners
    this.#upstream = upstream
    this.#region = factsOf(partition).globalRegion
    this.#firstAccount = firstAccount
    const { rememberedFor } = upstream
    this.#lists = new Remembered(rememberedFor)
    this.#blocks = new Remembered(rememberedFor)
    this.#acls = new Remembered(rememberedFor)
    this.#ownership = new Remembered(rememberedFor)
    this.#cors = new Remembered(rememberedFor)
  }

  /**
   * The account that owns a bucket (behaviour GRD-83): the account that created it through the guard. For an upstream
   * that separates accounts, the caller's account if its list of buckets contains it; otherwise the first account.
   */
  async owner(bucket: string, caller: AccountId, now: number): Promise<AccountId> {
    const created = await this.#owners.find(bucket)
    if (created !== undefined) return created
    if (!this.#upstream.separatesAccounts) return this.#firstAccount
    for (const account of new Set([caller, this.#firstAccount])) {
      const list = await this.#lists.get(account, now, () => this.#list(account))
      if (list.names.has(bucket)) return account
    }
    return strangersAccount
  }

  /**
   * The enabled settings of public access blocks, such as `RestrictPublicBuckets`: the bucket's, and those of its
   * account (behaviour GRD-86).
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

  /** The Object Ownership of a bucket, which decides on ACLs (behaviours GRD-30 and GRD-147). */
  ownership(bucket: string, owner: AccountId, now: number): Promise<Ownership> {
    const read = async (): Promise<Ownership> => {
      const { status, text } = await this.#ask(owner, `/${bucket}`, 'ownershipControls=')
      if (status !== 200) return 'unset'
      const [, set] = /<ObjectOwnership>(\w+)<\/ObjectOwnership>/.exec(text) ?? []
      return set === 'ObjectWriter' || set === 'BucketOwnerPreferred' ? 'counts' : 'enforced'
    }
    return this.#ownership.get(bucket, now, read, owner)
  }

  /** A bucket's CORS rules; undefined if it has none. */
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

  /** The ACL of a bucket, or of an object in it. */
  acl(bucket: string, object: AclObject | undefined, owner: AccountId, now: number): Promise<Acl> {
    const path = `/${bucket}${object === undefined ? '' : `/${encodedKey(object.key)}`}`
    const version = object?.version
    const query = `acl=${version === undefined ? '' : `&versionId=${encodeURIComponent(version)}`}`
    const read = async () => {
      const { status, text } = await this.#ask(owner, path, query)
      return status === 200 ? { owner: aclOwnerOf(text), grants: grantsOf(text) } : { grants: [] }
    }
    return version === undefined ? this.#acls.get(path, now, read, owner) : read()
  }

  /** Returns whether an object may exist: only an answer that it does not returns false. Asked again each time. */
  async hasObject(bucket: string, key: string, owner: AccountId): Promise<boolean> {
    return (await this.#ask(owner, `/${bucket}/${encodedKey(key)}`, 'acl=')).status !== 404
  }

  /**
   * The canonical user id by which ACLs name an account other than the owner's. Undefined if the upstream does not
   * separate accounts: with an id that all accounts share, ACLs would grant everyone what is the owner's.
   */
  async canonicalId(account: AccountId, owner: AccountId, now: number): Promise<string | undefined> {
    if (account === owner) return undefined
    const [id, owners] = await Promise.all([this.idOf(account, now), this.idOf(owner, now)])
    return owners === undefined || id === owners ? undefined : id
  }

  /** The canonical user id of an account; undefined if the upstream does not separate accounts. */
  async idOf(account: AccountId, now: number): Promise<string | undefined> {
    if (!this.#upstream.separatesAccounts) return undefined
    return (await this.#lists.get(account, now, () => this.#list(account))).ownerId
  }

  /**
   * Notes that a bucket was created through the guard. A caller whose request came before another's success does not
   * own it, although an upstream without accounts accepts both.
   */
  noteCreated(bucket: string, creation: Creation): void {
    this.#lists.forget(creation.account)
    void this.#owners.note(bucket, creation)
  }

  /** A bucket may have been deleted through the guard; only a deletion changes its owner. */
  noteDeleted(bucket: string, succeeded: boolean): void {
    if (succeeded) void this.#owners.forget(bucket)
    this.refresh(bucket)
  }

  /** Forgets what is remembered of a bucket, so that it is read again. */
  refresh(bucket: string): void {
    this.#blocks.forget(bucket)
    this.#ownership.forget(bucket)
    this.#cors.forget(bucket)
    this.#acls.clear()
    this.#lists.clear()
  }

  /** ACLs, or whether they count, may have been changed through the guard. */
  noteAclChanged(bucket: string, key: string | undefined): void {
    this.#ownership.forget(bucket)
    this.#acls.forget(`/${bucket}${key === undefined ? '' : `/${encodedKey(key)}`}`)
  }

  /** An account's public access block was changed through the guard. */
  noteAccountBlockChanged(account: AccountId): void {
    this.#blocks.forget(accountKey(account))
  }

  /** A bucket's public access block was changed through the guard. */
  noteBlockChanged(bucket: string): void {
    this.#blocks.forget(bucket)
  }

  /** Everything is read again. */
  forget(): void {
    for (const each of [this.#lists, this.#blocks, this.#acls, this.#ownership, this.#cors]) each.clear()
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

/** The owner of a new bucket, the time of the request and the time of the success. */
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

/** Whether ACLs count: they do, they do not, or the bucket has no setting, as buckets made before 2023. */
export type Ownership = 'counts' | 'enforced' | 'unset'

/** An ACL, with the canonical user id of its owner. */
export interface Acl {
  readonly owner?: string | undefined
  readonly grants: readonly AclGrant[]
}

/** An object whose ACL is read. */
export interface AclObject {
  readonly key: string
  readonly version: string | undefined
}

/** The names of the true settings in a public access block. */
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
