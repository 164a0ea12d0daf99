import {
  type AccessRequest,
  accessDenied,
  authorize,
  bothAllowed,
  type Call,
  callNow,
  type Judged,
  refusal,
  refuses,
  standing,
  unknownKeyOf,
} from '../authorization/index.ts'
import { accountInArn, type Fault, factsOf } from '../base/index.ts'
import type { StackPlan } from '../pipeline/index.ts'
import { currentCall, decide } from '../pipeline/index.ts'
import { isSigned } from '../session/index.ts'
import { signatureFault } from '../wire/index.ts'
import { NoReply } from './ask.ts'
import { withAskedName } from './asked-name.ts'
import { asRoot, parametersOf } from './asking.ts'
import { batchOf } from './batch.ts'
import { type Begun, refusedByKey } from './begun.ts'
import { isData, onlyReads } from './call-data.ts'
import { withCallKeys } from './call-keys.ts'
import { type IdentifiedCall, ownParameters, readInput, Unreadable, unpackedBody } from './catalogue/index.ts'
import { deletionOf } from './deletion.ts'
import { refuseInvalid } from './invalid.ts'
import { makeLinkedRole } from './linked-roles.ts'
import { refuseOldSignature } from './old-signature.ts'
import { type Outcome, unreadable } from './outcome.ts'
import type { GuardParts } from './parts.ts'
import type { Asking, Permission, Undecidable } from './permitted.ts'
import { inCode, inWords, refuse } from './refusal-words.ts'
import { withBuckets } from './resource/access-points.ts'
import { BucketFacts } from './resource/bucket-facts.ts'
import { mayBeGranted, withGrants } from './resource/grants.ts'
import { LookUps } from './resource/look-ups.ts'
import { ResourcePolicies, UnreadablePolicy } from './resource/policies.ts'
import { ResourceTags } from './resource/tags/tags.ts'
import { ToldKeys } from './resource/told-keys.ts'
import { s3Refusals, toldToDenied } from './s3-checks.ts'
import { untrusting } from './trust-sources.ts'
import { readUpload, type SignedPolicy } from './upload/upload.ts'
import type { Upstream } from './upstream.ts'
import { askerOf, type Scales, weighed } from './weigh.ts'

export { type Asking, type Permission, presentCall, type Undecidable } from './permitted.ts'

const undecidableKept = 1_000

/** Decides whether a call may be forwarded. */
export class Permissions {
  readonly #parts: GuardParts
  readonly #policies: ResourcePolicies
  readonly #lookUps: LookUps
  readonly #upstream: Upstream
  readonly #tags: ResourceTags
  readonly #facts: BucketFacts
  readonly #scales: Scales
  readonly #undecidable = new Map<string, Undecidable>()

  constructor(parts: GuardParts, upstream: Upstream) {
    this.#parts = parts
    this.#policies = new ResourcePolicies(upstream, parts.deps, parts.bucketOwners, parts.ownPolicy)
    this.#upstream = upstream
    this.#tags = new ResourceTags(upstream)
    this.#facts = new BucketFacts(upstream, factsOf(parts.deps.partition).globalRegion)
    this.#lookUps = new LookUps(upstream, { facts: this.#facts, tags: this.#tags }, parts.roleInProfile)
    this.#scales = {
      policies: this.#policies,
      told: new ToldKeys(this.#tags, this.#facts),
      concern: (call, requests) => this.#concerned(call, requests),
    }
  }

  /** Operations that came and could not be decided on, for `omen doctor`. */
  get undecidable(): readonly Undecidable[] {
    return [...this.#undecidable.values()]
  }

  /**
   * Collects a call's questions, its resources' policies and owners. Everything that waits, waits here. @throws Fault
   * if the parameters cannot be read, or the upstream does not answer
   */
  async ask(found: IdentifiedCall, given: Call): Promise<Asking> {
    const ask = () =>
      found.operation === 'PostObject' ? this.#askForUpload(found, given) : this.#ask(found, given)
    const asking = await ask()
    const { remembered, requests, call } = asking
    const keyed = requests.some(mayBeGranted)
    if (remembered.length === 0 && !keyed) return asking
    if (standing(asking.allowance) ?? authorize(requests, currentCall(call)).allowed) return asking
    if (remembered.length === 0) return this.#granted(asking)
    // the upstream may have been reset or changed by others: nothing is refused because of a resource that no longer
    // exists
    for (const resource of remembered) this.#policies.refresh(resource)
    return this.#granted(await ask())
  }

  /** With the grants of keys, which are read only if the call would be refused without them. */
  async #granted(asking: Asking): Promise<Asking> {
    const { found, call, requests } = asking
    if (!requests.some(mayBeGranted)) return asking
    try {
      const input = readInput(found)
      return { ...asking, requests: await withGrants(requests, input, call, this.#upstream) }
    } catch (error) {
      throw error instanceof NoReply ? unreadable(error.message) : error
    }
  }

  /** A browser-based upload is authorized as the PutObject that it is, in the name of the signer of its policy. */
  async #askForUpload(found: IdentifiedCall, given: Call): Promise<Asking> {
    const { put, body, signed } = readUpload(found, this.#parts.upstream.sigv2 !== false)
    const call = signed === undefined ? given : await this.#signedBy(signed, given)
    const asking = await this.#ask(put, call)
    if (signed === undefined) return { ...asking, body }
    const proven = { ...asking, body, allowance: undefined, formSigned: true } as const
    const keys = { 's3:authType': 'POST', 's3:signatureversion': signed.version }
    const requests = asking.requests.map((access) => ({ ...access, context: { ...access.context, ...keys } }))
    return { ...proven, requests }
  }

  /** @throws Fault if the key is unknown here, or did not sign the form */
  async #signedBy(signed: SignedPolicy, given: Call): Promise<Call> {
    const { credentials } = this.#parts.deps
    const { service, operation, now } = given
    const refuse = (kind: 'unknownKey' | 'invalidToken' | 'expiredToken') =>
      signatureFault({ service, operation, labels: {} }, { kind })
    const id = credentials.accountOf(signed.accessKeyId)
    const account = id && (await this.#parts.account(id))
    const credential = account && credentials.find(account, signed.accessKeyId, signed.sessionToken, now)
    // as everywhere in mode off, unknown keys count as root
    const { mode } = this.#parts.deps
    if (given.mode === 'off' && (credential === undefined || credential === 'unknownKey'))
      return asRoot({ ...given, region: signed.region, mode })
    if (!account || credential === undefined) throw refuse('unknownKey')
    if (typeof credential === 'string') throw refuse(credential)
    signed.check(credential.secret, now)
    const call = { ...given, account, caller: credential.caller, region: signed.region, mode }
    this.#parts.noteUse(call)
    return call
  }

  async #ask(found: IdentifiedCall, given: Call): Promise<Asking> {
    const parameters = parametersOf(found)
    const none = { call: given, found, requests: [], remembered: [], failures: [], s3: {}, parameters }
    if (given.mode === 'off') return none
    if (!isSigned(given.caller)) refuseOldSignature(found.request, found.service.signs)
    const stands = found.packed.acting === true && found.service.id !== 'cloudformation'
    if (stands && !this.#unchecked(found)) return { ...none, undecidable: this.#acting(found) }
    const { Bucket: bucket } = found.labels
    if (bucket !== undefined && this.#parts.stacks.keepsBucket(bucket))
      return { ...none, undecidable: `The bucket ${bucket} is the guard's own.` }
    try {
      if (refuses(given.mode)) refuseInvalid(found)
      const needs = await this.#lookUps.needs(found, given)
      if ('unknown' in needs) {
        this.#note(found, needs.unknown)
        return { ...none, undecidable: `${needs.unknown}. Omen refuses what it cannot decide on.` }
      }
      const own = await weighed(
        await withBuckets(needs.requests, given, this.#facts),
        found,
        given,
        this.#scales,
      )
      const { call } = own
      // of keys nothing is read for a caller who may not make the call; a batch is decided on by its members
      const isInParts = own.requests.some(({ part }) => part !== undefined)
      const keys = own.isDenied && !isInParts ? undefined : await needs.keys?.(own.requests)
      const keyed = keys?.length ? await weighed(keys, found, call, this.#scales) : undefined
      const asked = keyed === undefined ? own.requests : [...own.requests, ...keyed.requests]
      const asker = askerOf(given)
      const s3Place = { call, asker, policies: this.#policies, facts: this.#facts }
      const s3 = found.service.id === 's3' ? await s3Refusals(found, s3Place) : {}
      const mayList = async () => (await this.#listing(found, call)).denied === undefined
      const isDenied = own.isDenied || keyed?.isDenied === true
      const told = isDenied ? await toldToDenied(found, asked, mayList, s3Place) : undefined
      const plain = unpackedBody(found)
      const body = withAskedName(found, plain ?? found.request.body, given.account.id) ?? plain
      const stack = await this.#stackOf(found, asked, call)
      if (typeof stack === 'string') return { ...none, call, undecidable: stack }
      const sent = stack?.body ?? body
      return {
        ...none,
        call,
        ...(stack && { stack }),
        remembered: [...own.remembered, ...(keyed?.remembered ?? [])],
        ...(sent === undefined ? {} : { body: sent }),
        requests: asked,
        allowance: keyed === undefined ? own.allowance : bothAllowed(own.allowance, keyed.allowance),
        failures: [...own.failures, ...(keyed?.failures ?? [])],
        s3: { first: told, ...s3 },
      }
    } catch (error) {
      if (error instanceof UnreadablePolicy || error instanceof Unreadable) {
        this.#note(found, error.message)
        return { ...none, undecidable: error.message }
      }
      throw error instanceof NoReply ? unreadable(error.message) : error
    }
  }

  /**
   * Returns the effects of a CloudFormation call by its template; a string says why they are unknown. Nothing is read for a caller
   * that may not make the call at all.
   */
  async #stackOf(found: IdentifiedCall, asked: readonly AccessRequest[], call: Call) {
    if (found.packed.acting !== true || found.service.id !== 'cloudformation') return undefined
    if (ownParameters(found.request).length > 0)
      throw new Unreadable(
        'A call that changes a stack has its parameters in its body, and not in its query string',
      )
    if (refuses(call.mode) && !authorize(asked, call).allowed) return undefined
    const plan = await this.#parts.stacks.plan(call, unpackedBody(found) ?? found.request.body)
    if (plan !== undefined && !('unknown' in plan)) {
      for (const type of plan.unasked)
        this.#note(found, `of ${type} no permission but cloudformation:${found.operation} is asked`)
      return this.#unchecked(found) ? { ...plan, requests: [] } : plan
    }
    return this.#unchecked(found) ? undefined : this.#acting(found, plan?.unknown)
  }

  /** Why a service that acts on others is refused. */
  #acting(
    found: IdentifiedCall,
    because = `${found.service.title} acts on other services here, with permissions that are not asked for`,
  ): string {
    this.#note(found, `${because}: --allow-unchecked ${found.service.id} lets it`)
    return `${because}. Omen refuses what it cannot decide on.`
  }

  /**
   * Decides, at one moment and without waiting. Audit mode allows a denial and returns it; off mode asks nothing.
   * @throws Fault in the service's own words if the call is refused
   */
  decide(asking: Asking): Permission {
    const { call, requests: asked, undecidable, s3, parameters } = asking
    if (call.mode === 'off') return { asked, parameters }
    if (undecidable !== undefined) return { asked, wouldDeny: refuse(undecidable, call), parameters }
    if (s3.first !== undefined && refuses(call.mode)) throw s3.first
    const because = (denied: Judged) => this.#undecided(denied, asking) ?? refusal(denied, call).message
    const known = standing(asking.allowance)
    const isWhole = known !== undefined || !refuses(call.mode)
    const remainder = isWhole ? undefined : (deletionOf(asking, because) ?? batchOf(asking, because))
    if (remainder !== undefined) {
      // some of the members go on: the refusal of the others is in the answer
      Object.assign(call.marks ?? {}, { decision: call.deps.decisions.note(call, remainder.verdict) })
      if (remainder.fault !== undefined) throw remainder.fault
      return { asked: remainder.asked, remainder, parameters }
    }
    const words = (refused: Fault, denied: Judged) => {
      const because = this.#undecided(denied, asking)
      return inCode(because === undefined ? refused : accessDenied(because, call.service.protocol), call)
    }
    const { wouldDeny } = decide(asked, call, words, known)
    if (wouldDeny !== undefined) {
      const because = this.#undecided(wouldDeny, asking)
      return { asked, wouldDeny: because ?? wouldDeny, parameters }
    }
    if (typeof s3.after === 'object' && refuses(call.mode)) throw s3.after
    const beside = s3.first ?? s3.after
    const further =
      (typeof beside === 'object' ? beside.message : beside) ??
      forbidden(asked) ??
      untrusting(asked, call, this.#parts.trusts)
    if (further !== undefined) return { asked, wouldDeny: refuse(further, call), parameters }
    return asking.stack === undefined ? { asked, parameters } : this.#decideOnStack(asking, asking.stack)
  }

  /** The template's resources are authorized in the name in which CloudFormation creates them. */
  #decideOnStack({ requests: asked, call, parameters }: Asking, stack: StackPlan): Permission {
    if (stack.refused !== undefined && refuses(call.mode)) throw stack.refused
    const via = currentCall({ ...stack.call, now: call.now })
    const { wouldDeny } = decide(stack.requests, via, (refused) => inCode(refused, call))
    const further = wouldDeny === undefined ? untrusting(stack.requests, call, this.#parts.trusts) : undefined
    const denied = wouldDeny ?? (further && refuse(further, call))
    return { asked, ...(denied === undefined ? {} : { wouldDeny: denied }), parameters, stack }
  }

  /**
   * The refusal for a caller that requests a missing object and may not list its bucket: S3 does not reveal what
   * exists (behaviour GRD-109). Undefined if the caller may know.
   */
  async ofMissing({ labels, request }: IdentifiedCall, given: Call): Promise<Fault | undefined> {
    const call = callNow(given)
    if (typeof call === 'string') return undefined
    const { denied, exists } = await this.#listing({ labels, request }, call)
    // anyone may know that a bucket does not exist
    return exists && denied ? refusal(denied, call) : undefined
  }

  /** The refusal for a call whose answer has begun; undefined at once if nothing in it can refuse the call. */
  ofBegun(found: IdentifiedCall, call: Call, begun: Begun): Promise<Fault | undefined> | undefined {
    const place = { ...this.#scales, lookUps: this.#lookUps, upstream: this.#upstream }
    return refusedByKey(found, call, begun, place)
  }

  /** Whether a caller may list the bucket of a call. */
  async #listing({ labels, request }: Pick<IdentifiedCall, 'labels' | 'request'>, call: Call) {
    const { caller, account, region, now } = call
    const asker = { account: isSigned(caller) ? account.id : undefined, region, now }
    const asked = { action: 's3:ListBucket', resource: `arn:${account.partition}:s3:::${labels.Bucket}` }
    const access = await this.#policies.complete(asked, asker, 'ListObjects')
    const { denied } = authorize([inWords(withCallKeys(access, request, call), call)], call)
    return { denied, exists: access.resourcePolicy !== undefined }
  }

  /** The CORS rules of a bucket, in the name of this account. @throws NoReply if the upstream does not answer */
  corsRules(bucket: string, account: Call['account']['id'], region: string) {
    return this.#policies.corsRules(bucket, { account, region, now: this.#parts.deps.clock.now() })
  }

  /** A call was forwarded: policies, owners and blocks that it may have changed are read again. */
  passed(found: IdentifiedCall, asked: readonly AccessRequest[], call: Call, outcome: Outcome): void {
    const { operation } = found
    if (found.service.id === 's3control' && /PublicAccessBlock$/.test(operation))
      this.#policies.passedAccount(call.account.id)
    this.#lookUps.passed(found)
    if (!onlyReads(found.service.id, operation)) this.#passedChange(found, asked)
    const succeeded = 'status' in outcome && outcome.status < 300
    const by = { account: call.account.id, since: call.now, now: this.#parts.deps.clock.now(), succeeded }
    for (const { resource } of asked) this.#policies.passed(operation, resource, by)
    if (!succeeded) return
    if (call.marks?.upload !== undefined) this.#facts.uploads.note(call.marks.upload, found, asked)
    const { performIam, complain } = this.#parts
    makeLinkedRole(found, call, performIam).catch((error: unknown) => complain(error, call.id))
  }

  /** Reads the resources again that a call may have changed. */
  #passedChange({ service, operation }: IdentifiedCall, asked: readonly AccessRequest[]): void {
    const isOfContent = isData(service.id, operation)
    if (service.signs === 's3') {
      if (!isOfContent) this.#facts.forget()
      else for (const { resource } of asked) this.#facts.forgetObject(resource)
    }
    if (isOfContent) return
    // a call that tags may name its resources elsewhere
    if (/[Tt]ag/.test(operation)) this.#tags.clear()
    for (const { resource } of asked) this.#tags.forget(resource)
  }

  /** Forgets the upstream's answers about policies, owners and names. */
  forget(): void {
    this.#lookUps.forget()
    this.#policies.forget()
    this.#tags.clear()
    this.#facts.forget()
  }

  /** Loads every account that takes part; an unsigned call concerns the account of its resource. */
  async #concerned(call: Call, requests: readonly AccessRequest[]): Promise<Call> {
    const owners = new Set(
      requests.map(({ resource, resourceAccount }) => resourceAccount ?? accountInArn(resource)),
    )
    for (const owner of owners) if (owner !== undefined) await this.#parts.account(owner)
    const [owner] = owners
    if (isSigned(call.caller) || owner === undefined) return call
    const account = await this.#parts.account(owner)
    return account === undefined ? call : { ...call, account, caller: { kind: 'anonymous', account: owner } }
  }

  /**
   * Why a call is refused that a Deny with an unknown key would refuse; undefined if no such Deny decided. An Allow that
   * does not count because of such a key is noted as well (behaviours GRD-105 and GRD-141).
   */
  #undecided(denied: Judged, { found, failures }: Asking): string | undefined {
    const unknown = unknownKeyOf(denied)
    if (unknown === undefined) return undefined
    const { action, resource } = denied.request
    const verb = unknown.denies ? 'denies' : 'allows'
    const because = `${unknown.policy} ${verb} ${action} by ${unknown.key}, which only the upstream knows`
    const reasons = failures.map((failure) => ` ${failure}.`).join('')
    this.#note(found, `${because}${reasons === '' ? '' : `.${reasons}`}`)
    return unknown.denies
      ? `${because} of ${resource}. Omen refuses what it cannot decide on.${reasons}`
      : undefined
  }

  /** Returns whether the guard was started with permission for a service to act unchecked. */
  #unchecked({ service }: IdentifiedCall): boolean {
    const { unchecked = [] } = this.#parts.upstream
    return unchecked.includes(service.id) || unchecked.includes('all')
  }

  #note({ service, operation }: IdentifiedCall, because: string): void {
    const key = `${service.id}:${operation}`
    const times = (this.#undecidable.get(key)?.times ?? 0) + 1
    if (times === 1 && this.#undecidable.size >= undecidableKept) return
    this.#undecidable.set(key, { service: service.id, operation, times, because })
  }
}

/** Returns the refusal of a call that the policies allow. */
function forbidden(asked: readonly AccessRequest[]): string | undefined {
  return asked.find((access) => access.forbidden !== undefined)?.forbidden
}
