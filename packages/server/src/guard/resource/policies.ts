import { type AccessRequest, parsedDocument, type ResourcePolicy } from '../../authorization/index.ts'
import { type AccountId, parseAccountId } from '../../base/index.ts'
import { ask } from '../ask.ts'
import type { Upstream } from '../upstream.ts'
import { Buckets } from './buckets.ts'
import { isPublicPolicy } from './public-policy.ts'
import { Remembered } from './remembered.ts'
import { type Carried, type Carrier, carrierOf, type PolicySourceRow } from './sources.ts'

/** A policy of the upstream's that is none by the language of policies. */
export class UnreadablePolicy extends Error {
  override readonly name = 'UnreadablePolicy'
}

/** Who asks, as far as resource policies are concerned. */
export interface Asker {
  /** Undefined for nobody. */
  readonly account: AccountId | undefined
  readonly region: string
  readonly now: number
}

/** The policies that the upstream's resources carry, read with its own credentials (behaviours GRD-80 to GRD-87). */
export class ResourcePolicies {
  readonly #upstream: Upstream
  readonly #firstAccount: AccountId
  readonly #buckets: Buckets
  readonly #carried = new Remembered<Carried>()

  constructor(upstream: Upstream, firstAccount: AccountId) {
    this.#upstream = upstream
    this.#firstAccount = firstAccount
    this.#buckets = new Buckets(upstream, firstAccount)
  }

  /**
   * A question with what its resource brings along: whose it is, and its policy.
   * @throws NoReply where the upstream does not tell, UnreadablePolicy where what it tells is none: what cannot be
   * weighed is not allowed. Operations that put another policy in its place are, for nobody could mend it else
   */
  async complete(access: AccessRequest, asker: Asker, operation: string): Promise<AccessRequest> {
    const found = carrierOf(access.resource)
    if (found === undefined || access.action === 'iam:PassRole') return access
    const { row, service, carrier } = found
    const owner = await this.#ownerOf(access, service, carrier, asker)
    const carried = await this.#carried.get(keyOf(carrier), asker.now, () =>
      this.#read(row, carrier, owner, asker.region),
    )
    if (!carried.exists) {
      // there is nothing to protect, and the upstream will say so; only creating it needs an owner
      return service === 's3' && asker.account !== undefined
        ? { ...access, resourceAccount: asker.account }
        : access
    }
    const document =
      service === 's3' && (await this.#isClosed(carried.document, carrier.name, owner, asker))
        ? undefined
        : carried.document
    if (document !== undefined && !row.changedBy.includes(operation)) checkReadable(document, row, carrier)
    const policy: ResourcePolicy = { document, grant: row.grant, arn: carrier.arn }
    return { ...access, resourceAccount: owner, resourcePolicy: policy }
  }

  /** Whether a policy that would open a bucket to the public may be put on it. */
  async blocksPublicPolicy(bucketArn: string, document: string, asker: Asker): Promise<boolean> {
    const found = carrierOf(bucketArn)
    if (found?.service !== 's3' || !isPublicPolicy(document)) return false
    const bucket = found.carrier.name
    const owner = await this.#buckets.owner(bucket, asker.account ?? this.#firstAccount, asker.now)
    return (await this.#buckets.blocked(bucket, owner, asker.now)).has('BlockPublicPolicy')
  }

  /** An operation on a resource went through: what it may have changed is read anew. */
  passed(operation: string, arn: string, account: AccountId): void {
    const found = carrierOf(arn)
    if (found === undefined) return
    const { row, service, carrier } = found
    if (row.changedBy.includes(operation)) this.#carried.forget(keyOf(carrier))
    if (service !== 's3') return
    if (operation === 'CreateBucket') this.#buckets.noteCreated(carrier.name, account)
    if (operation === 'DeleteBucket') this.#buckets.noteDeleted(carrier.name)
    if (/PublicAccessBlock$/.test(operation)) this.#buckets.noteBlockChanged(carrier.name)
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
    return row.read(await ask(question, this.#upstream))
  }

  /** Whether the bucket's public access block keeps everybody out who is not of its account (behaviour GRD-86). */
  async #isClosed(
    document: string | undefined,
    bucket: string,
    owner: AccountId,
    { account, now }: Asker,
  ): Promise<boolean> {
    if (document === undefined || account === owner || !isPublicPolicy(document)) return false
    return (await this.#buckets.blocked(bucket, owner, now)).has('RestrictPublicBuckets')
  }
}

function checkReadable(document: string, { grant }: PolicySourceRow, { arn }: Carrier): void {
  const parsed = parsedDocument(document, grant === 'explicit' ? 'key' : 'resource')
  if (!parsed.ok)
    throw new UnreadablePolicy(`The upstream’s policy of ${arn} cannot be read: ${parsed.message}`)
}

function keyOf({ arn }: Carrier): string {
  return arn
}
