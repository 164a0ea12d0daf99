import {
  type AccessRequest,
  type ContextKeys,
  parsedDocument,
  type ResourcePolicy,
} from '../../authorization/index.ts'
import { type AccountId, type Partition, parseAccountId } from '../../base/index.ts'
import { ask } from '../ask.ts'
import type { CorsRule } from '../cors/rules.ts'
import { guardLimits } from '../limits.ts'
import type { BucketOwners, OwnPolicy } from '../parts.ts'
import type { Upstream } from '../upstream.ts'
import { aclAllows, aclCovers } from './acl.ts'
import { membersOf, objectIn } from './answers.ts'
import { type BucketDeps, Buckets, strangersAccount } from './buckets.ts'
import { isPublicPolicy } from './public-policy.ts'
import { Remembered } from './remembered.ts'
import { type Carried, type Carrier, carrierOf, type PolicySourceRow } from './sources.ts'

/** A policy of the upstream that does not follow the policy language. */
export class UnreadablePolicy extends Error {
  override readonly name = 'UnreadablePolicy'
}

/** The caller, as far as resource policies are concerned. */
export interface Asker {
  /** Undefined for nobody. */
  readonly account: AccountId | undefined
  readonly region: string
  readonly now: number
}

/** A question with what its resource contributes. */
export interface Completed extends AccessRequest {
  /** The resource, if its contribution was not read just now. */
  readonly remembered?: string
}

/** A bucket's policy as it counts for a question, and the account to which what is asked about belongs. */
interface Weighed {
  readonly document: string | undefined
  readonly owner: AccountId
}

/** Whose call went on, and how it ended. */
export interface Passer {
  readonly account: AccountId
  /** The time of the question. */
  readonly since: number
  readonly now: number
  /** Whether the upstream accepted it. */
  readonly succeeded: boolean
}

/** The policies that the upstream's resources carry, read with its own credentials (behaviours GRD-80 to GRD-87). */
export class ResourcePolicies {
  readonly #upstream: Upstream
  readonly #firstAccount: AccountId
  readonly #partition: Partition
  readonly #buckets: Buckets
  readonly #carried: Remembered<Carried>
  readonly #own: OwnPolicy

  constructor(upstream: Upstream, deps: BucketDeps, owners: BucketOwners, own: OwnPolicy) {
    this.#own = own
    this.#upstream = upstream
    this.#firstAccount = deps.firstAccount
    this.#partition = deps.partition
    this.#carried = new Remembered(upstream.rememberedFor)
    this.#buckets = new Buckets(upstream, deps, owners)
  }

  /**
   * A question with what its resource contributes: its owner, and its policy. @throws NoReply if the upstream does not
   * answer, UnreadablePolicy if its answer is not a policy, because what cannot be weighed is not allowed. Operations
   * that replace the policy are allowed, so that it can be repaired
   */
  async complete<T extends AccessRequest>(
    access: T,
    asker: Asker,
    operation: string,
  ): Promise<T & Completed> {
    const found = carrierOf(access.resource)
    if (found === undefined || access.action === 'iam:PassRole' || access.alone === true) return access
    const { row, service, carrier } = found
    const owner = await this.#ownerOf(access, service, carrier, asker)
    const read = () => this.#read(row, carrier, owner, asker.region)
    const age = this.#carried.age(carrier.arn, asker.now) ?? 0
    const carried = this.#own(carrier.arn) ?? (await this.#carried.get(carrier.arn, asker.now, read, owner))
    if (!carried.exists) {
      // it may be created the next moment, unseen by the guard
      this.#carried.forget(carrier.arn)
      // there is nothing to protect, and the upstream will report it; only creating it needs an owner
      return service === 's3' && asker.account !== undefined
        ? { ...access, resourceAccount: asker.account }
        : access
    }
    const { document } = carried
    if (document !== undefined && !row.changedBy.includes(operation)) checkReadable(document, row, carrier)
    const weighed: Weighed =
      service === 's3'
        ? await this.#ofBucket(access, document, carrier.name, owner, asker)
        : { document, owner }
    const policy: ResourcePolicy = { document: weighed.document, grant: row.grant, arn: carrier.arn }
    const canonicalId = namesByCanonicalId(document) ? await this.#canonicalId(service, asker) : undefined
    const complete = {
      ...access,
      resourceAccount: weighed.owner,
      resourcePolicy: policy,
      ...(canonicalId !== undefined && { canonicalId }),
    }
    return age > guardLimits.freshFor ? { ...complete, remembered: access.resource } : complete
  }

  /** Other services than S3 name no account by its canonical user id. */
  async #canonicalId(service: string, { account, now }: Asker): Promise<string | undefined> {
    return service === 's3' && account !== undefined ? this.#buckets.idOf(account, now) : undefined
  }

  /** Forgets what is remembered of a resource, so that it is read again. */
  refresh(arn: string): void {
    const found = carrierOf(arn)
    if (found === undefined) return
    this.#carried.forget(found.carrier.arn)
    if (found.service === 's3') this.#buckets.refresh(found.carrier.name)
  }

  /** The account of a bucket; undefined if the upstream says that there is no such bucket. */
  async bucketOwner(bucket: string, asker: Asker): Promise<AccountId | undefined> {
    const found = carrierOf(`arn:${this.#partition}:s3:::${bucket}`)
    if (found === undefined) return undefined
    const { row, carrier } = found
    const owner = await this.#buckets.owner(bucket, asker.account ?? this.#firstAccount, asker.now)
    const read = () => this.#read(row, carrier, owner, asker.region)
    const { exists } = await this.#carried.get(carrier.arn, asker.now, read, owner)
    if (exists) return owner
    // it may be created the next moment, unseen by the guard
    this.#carried.forget(carrier.arn)
    return undefined
  }

  /** Returns whether a bucket takes no ACLs but its owner's (behaviour GRD-30). */
  async refusesAcls(bucket: string, owner: AccountId, now: number): Promise<boolean> {
    return (await this.#buckets.ownership(bucket, owner, now)) === 'enforced'
  }

  /** The canonical user ids of accounts, as far as the upstream gives them apart. */
  async canonicalIds(accounts: readonly AccountId[], now: number): Promise<ReadonlySet<string>> {
    const ids = await Promise.all(accounts.map((account) => this.#buckets.idOf(account, now)))
    return new Set(ids.filter((id) => id !== undefined))
  }

  /** The prohibitions of public access blocks for an operation on a bucket; for a new bucket, only its account's. */
  async blocked(bucket: string, operation: string, asker: Asker): Promise<ReadonlySet<string>> {
    const account = asker.account ?? this.#firstAccount
    if (operation === 'CreateBucket') return this.#buckets.blockedInAccount(account, asker.now)
    if (carrierOf(`arn:${this.#partition}:s3:::${bucket}`) === undefined) return new Set()
    const owner = await this.#buckets.owner(bucket, account, asker.now)
    return this.#buckets.blocked(bucket, owner, asker.now)
  }

  /**
   * The CORS rules of a bucket; undefined if it has none, or cannot have any. @throws NoReply if the upstream does not
   * answer
   */
  async corsRules(bucket: string, { account, now }: Asker): Promise<readonly CorsRule[] | undefined> {
    if (carrierOf(`arn:${this.#partition}:s3:::${bucket}`) === undefined) return undefined
    const owner = await this.#buckets.owner(bucket, account ?? this.#firstAccount, now)
    return this.#buckets.corsRules(bucket, owner, now)
  }

  /** An operation on a resource was forwarded: what it may have changed is read again. */
  passed(operation: string, arn: string, by: Passer): void {
    const found = carrierOf(arn)
    if (found === undefined) return
    const { row, service, carrier } = found
    if (row.changedBy.includes(operation)) this.#carried.forget(carrier.arn)
    if (service !== 's3') return
    if (operation === 'CreateBucket' && by.succeeded) this.#buckets.noteCreated(carrier.name, by)
    if (operation === 'DeleteBucket') this.#buckets.noteDeleted(carrier.name, by.succeeded)
    if (/PublicAccessBlock$/.test(operation)) this.#buckets.noteBlockChanged(carrier.name)
    if (/BucketCors$/.test(operation)) this.#buckets.noteCorsChanged(carrier.name)
    if (changesAcl.test(operation)) this.#buckets.noteAclChanged(carrier.name, keyIn(arn))
  }

  /** A setting of an S3 account was changed: it is read again. */
  passedAccount(account: AccountId): void {
    this.#buckets.noteAccountBlockChanged(account)
  }

  /** Everything is read again. */
  forget(): void {
    this.#carried.clear()
    this.#buckets.forget()
  }

  /**
   * A bucket's policy as it counts, with the grants of ACLs; only its denies if the bucket is closed, or if the object
   * belongs to another account.
   */
  async #ofBucket(
    access: AccessRequest,
    document: string | undefined,
    bucket: string,
    owner: AccountId,
    asker: Asker,
  ): Promise<Weighed> {
    const foreign = await this.#foreign(access, bucket, owner, asker)
    if (foreign !== undefined) return { ...foreign, document: withDenies(foreign.document, document) }
    if (document !== undefined && (await this.#isClosed(document, bucket, owner, asker)))
      return { document: deniesOf(document), owner }
    const granted = await this.#isGranted(access, bucket, owner, asker)
    return { document: granted ? withGrant(document, access.action) : document, owner }
  }

  /**
   * An object that another account wrote into a bucket whose ACLs count: it belongs to that account, which its ACL gives, and the
   * bucket's policy allows nothing of it (behaviour GRD-147). Undefined for the bucket's own objects.
   */
  async #foreign(
    { action, resource, context }: AccessRequest,
    bucket: string,
    owner: AccountId,
    { account, now }: Asker,
  ): Promise<Weighed | undefined> {
    const key = keyIn(resource)
    if (key === undefined || !this.#upstream.separatesAccounts || !aclCovers(action, 'object'))
      return undefined
    if ((await this.#buckets.ownership(bucket, owner, now)) === 'enforced') return undefined
    const [acl, ownersId, callersId, blocked] = await Promise.all([
      this.#buckets.acl(bucket, { key, version: versionIn(context) }, owner, now),
      this.#buckets.idOf(owner, now),
      account === undefined ? undefined : this.#buckets.idOf(account, now),
      this.#buckets.blocked(bucket, owner, now),
    ])
    if (acl.owner === undefined || ownersId === undefined || acl.owner === ownersId) return undefined
    // an emulator may write one id in ACLs and another in lists of buckets
    if (acl.owner === (await this.#buckets.acl(bucket, undefined, owner, now)).owner) return undefined
    const granted = aclAllows(acl.grants, action, 'object', {
      signed: account !== undefined,
      canonicalId: callersId,
      ignoresPublic: blocked.has('IgnorePublicAcls'),
    })
    return {
      document: granted ? withGrant(undefined, action) : undefined,
      owner: account !== undefined && acl.owner === callersId ? account : strangersAccount,
    }
  }

  /** Returns whether an ACL allows the action, on a bucket whose ACLs count (behaviours GRD-30, GRD-31). */
  async #isGranted(
    { action, resource, context }: AccessRequest,
    bucket: string,
    owner: AccountId,
    { account, now }: Asker,
  ): Promise<boolean> {
    const key = keyIn(resource)
    const ofObject = key !== undefined && aclCovers(action, 'object')
    if (!ofObject && !aclCovers(action, 'bucket')) return false
    if ((await this.#buckets.ownership(bucket, owner, now)) !== 'counts') return false
    const object = ofObject ? { key, version: versionIn(context) } : undefined
    const [{ grants }, blocked, canonicalId] = await Promise.all([
      this.#buckets.acl(bucket, object, owner, now),
      this.#buckets.blocked(bucket, owner, now),
      // what is granted to the owner's account is given on by that account's policies
      account === undefined ? undefined : this.#buckets.canonicalId(account, owner, now),
    ])
    const granted = aclAllows(grants, action, ofObject ? 'object' : 'bucket', {
      signed: account !== undefined,
      canonicalId,
      ignoresPublic: blocked.has('IgnorePublicAcls'),
    })
    if (!granted || action !== 's3:PutObject' || key === undefined) return granted
    // an existing object is its owner's to overwrite
    return !(await this.#buckets.hasObject(bucket, key, owner))
  }

  async #ownerOf(access: AccessRequest, service: string, carrier: Carrier, asker: Asker): Promise<AccountId> {
    if (access.resourceAccount !== undefined) return access.resourceAccount
    if (service === 's3') {
      return this.#buckets.owner(carrier.name, asker.account ?? this.#firstAccount, asker.now)
    }
    return parseAccountId(carrier.account) ?? this.#firstAccount
  }

  async #read(row: PolicySourceRow, carrier: Carrier, owner: AccountId, region: string): Promise<Carried> {
    const question = { account: owner, region: carrier.region || region, ...row.ask(carrier) }
    return asPolicy(row.read(await ask(question, this.#upstream), carrier))
  }

  /** Returns whether the bucket's public access block keeps out callers of other accounts (behaviour GRD-86). */
  async #isClosed(
    document: string,
    bucket: string,
    owner: AccountId,
    { account, now }: Asker,
  ): Promise<boolean> {
    if (account === owner || !isPublicPolicy(document)) return false
    return (await this.#buckets.blocked(bucket, owner, now)).has('RestrictPublicBuckets')
  }
}

/**
 * A policy without statements allows nothing and denies nothing, as if there were none: emulators answer so for every
 * function (behaviour GRD-149).
 */
function asPolicy(carried: Carried): Carried {
  if (!carried.exists || carried.document === undefined) return carried
  const text = carried.document.trim()
  if (text === '' || text === 'null') return { exists: true }
  const parsed = objectIn(text)
  if (parsed === undefined || Array.isArray(parsed)) return carried
  const { Statement } = parsed
  if (Statement === undefined || (Array.isArray(Statement) && Statement.length === 0)) return { exists: true }
  return Array.isArray(Statement) ? { exists: true, document: withoutTwins(text, Statement) } : carried
}

/** Emulators keep two statements of one Sid, which decides nothing: the second one loses it (behaviour GRD-149). */
function withoutTwins(document: string, statements: readonly unknown[]): string {
  const seen = new Set<unknown>()
  const others = statements.map((each) => {
    const { Sid, ...rest } = membersOf(each)
    if (Sid === undefined || !seen.has(Sid)) {
      seen.add(Sid)
      return each
    }
    return rest
  })
  if (others.every((each, at) => each === statements[at])) return document
  return withStatements(document, others)
}

/** A policy that may have such a principal: asking for the id costs a request. */
function namesByCanonicalId(document: string | undefined): boolean {
  return document?.includes('CanonicalUser') === true
}

/** Operations after which an ACL may be another: a written object has its own. */
const changesAcl =
  /^(?:CreateBucket|(?:Put|Delete)BucketOwnershipControls|PutBucketAcl|PutObjectAcl|PutObject|PostObject|CopyObject|CompleteMultipartUpload|DeleteObjects?)$/

/** The key in an object's ARN. */
function keyIn(arn: string): string | undefined {
  const slash = arn.indexOf('/')
  return slash < 0 ? undefined : arn.slice(slash + 1)
}

/** The version of the object that a question is about. */
function versionIn(context: ContextKeys | undefined): string | undefined {
  for (const key in context) {
    const value = context[key]
    if (key.toLowerCase() === 's3:versionid' && typeof value === 'string') return value
  }
  return undefined
}

/** A policy of grants with the denies of another. */
function withDenies(document: string | undefined, other: string | undefined): string | undefined {
  const denies = other === undefined ? undefined : deniesOf(other)
  if (document === undefined || denies === undefined) return document ?? denies
  return withStatements(denies, [...statementsOf(denies), ...statementsOf(document)])
}

/** The ACL's grants as a statement of the bucket's policy: S3 weighs both together. */
function withGrant(document: string | undefined, action: string): string {
  const grant = { Sid: 'AccessControlList', Effect: 'Allow', Principal: '*', Action: action, Resource: '*' }
  if (document === undefined) return withStatements('{}', [grant])
  const statements = statementsOf(document)
  return statements.length === 0 ? document : withStatements(document, [...statements, grant])
}

/** A policy without its allows; undefined if nothing is left, or nothing could be read. */
function deniesOf(document: string): string | undefined {
  const denies = statementsOf(document).filter((each) => effectOf(each) !== 'Allow')
  return denies.length === 0 ? undefined : withStatements(document, denies)
}

function withStatements(document: string, Statement: readonly unknown[]): string {
  const parsed: unknown = JSON.parse(document) // its statements were read before
  return JSON.stringify({ Version: '2012-10-17', ...(parsed as object), Statement }) // so it is an object
}

function statementsOf(document: string): readonly unknown[] {
  try {
    const parsed = JSON.parse(document) as { readonly Statement?: unknown } | null // a property is read of any value but null
    return parsed?.Statement === undefined ? [] : [parsed.Statement].flat()
  } catch {
    return []
  }
}

function effectOf(statement: unknown): unknown {
  return (statement as { readonly Effect?: unknown } | null)?.Effect // as before
}

function checkReadable(document: string, { grant }: PolicySourceRow, { arn }: Carrier): void {
  const parsed = parsedDocument(document, grant === 'explicit' ? 'key' : 'resource')
  if (!parsed.ok)
    throw new UnreadablePolicy(`The upstream’s policy of ${arn} cannot be read: ${parsed.message}`)
}
