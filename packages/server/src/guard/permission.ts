import {
  type AccessRequest,
  authorize,
  type Call,
  callNow,
  type Judged,
  refusal,
  refuses,
  unknowableReason,
} from '../authorization/index.ts'
import { accountInArn, type Fault } from '../base/index.ts'
import { currentCall, decide } from '../pipeline/index.ts'
import { isSigned } from '../session/index.ts'
import { signatureFault } from '../wire/index.ts'
import { NoReply } from './ask.ts'
import { withAskedName } from './asked-name.ts'
import { allOf, asCaller, asRoot, isDelivered, parametersOf } from './asking.ts'
import { batchOf } from './batch.ts'
import { withCallKeys } from './call-keys.ts'
import {
  headersWith,
  type IdentifiedCall,
  readInput,
  Unreadable,
  unknowableKeys,
  unpackedBody,
} from './catalogue/index.ts'
import { deletionOf, type Remainder } from './deletion.ts'
import { refuseInvalid } from './invalid.ts'
import { refuseOldSignature } from './old-signature.ts'
import { type Outcome, unreadable } from './outcome.ts'
import type { GuardParts, StackPlan } from './parts.ts'
import { inCode, inWords, refuse } from './refusal-words.ts'
import { grantsToPublic } from './resource/acl.ts'
import { mayBeGranted, withGrants } from './resource/grants.ts'
import { LookUps } from './resource/look-ups.ts'
import { type Asker, type Completed, ResourcePolicies, UnreadablePolicy } from './resource/policies.ts'
import { isPublicPolicy } from './resource/public-policy.ts'
import { untrusting } from './trust-sources.ts'
import { readUpload, type SignedPolicy } from './upload/upload.ts'
import type { Upstream } from './upstream.ts'

/** All that has to be known before a call is decided on. */
export interface Asking {
  readonly call: Call
  readonly requests: readonly AccessRequest[]
  /** Why it cannot be decided on. */
  readonly undecidable?: string
  /** S3's public access block refuses the bucket policy that the call brings. */
  readonly blockedPolicy?: string
  /** The body to forward in place of the one that arrived. */
  readonly body?: Uint8Array
  /** Resources of which something is remembered that was not read just now. */
  readonly remembered: readonly string[]
  /** What a stack creates. */
  readonly stack?: StackPlan
  /** The form that came as the body was signed, though its request was not. */
  readonly formSigned?: true
  readonly parameters: Readonly<Record<string, unknown>>
  readonly found: IdentifiedCall
}

/** A call that may be forwarded. */
export interface Permission {
  readonly asked: readonly AccessRequest[]
  /** What audit mode allowed: a denial, or why nothing could be decided. */
  readonly wouldDeny?: Judged | string
  /** Some of the objects that were to be deleted are not. */
  readonly remainder?: Remainder
  readonly stack?: StackPlan
  readonly parameters: Readonly<Record<string, unknown>>
}

/** An operation that could not be decided on: how often it was called, and why the last time. */
export interface Undecidable {
  readonly service: string
  readonly operation: string
  readonly times: number
  readonly because: string
}

const undecidableKept = 1_000

/** Decides whether a call may be forwarded. */
export class Permissions {
  readonly #parts: GuardParts
  readonly #policies: ResourcePolicies
  readonly #lookUps: LookUps
  readonly #upstream: Upstream
  readonly #undecidable = new Map<string, Undecidable>()

  constructor(parts: GuardParts, upstream: Upstream) {
    this.#parts = parts
    this.#policies = new ResourcePolicies(upstream, parts.house, parts.bucketOwners)
    this.#upstream = upstream
    this.#lookUps = new LookUps(upstream, parts.roleInProfile)
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
    if ((remembered.length === 0 && !keyed) || authorize(requests, currentCall(call)).allowed) return asking
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
      throw error instanceof NoReply ? unreadable() : error
    }
  }

  /** A browser-based upload is authorized as the PutObject that it is, in the name of the signer of its policy. */
  async #askForUpload(found: IdentifiedCall, given: Call): Promise<Asking> {
    const { put, body, signed } = readUpload(found, this.#parts.upstream.sigv2 !== false)
    const call = signed === undefined ? given : await this.#signedBy(signed, given)
    const asking = await this.#ask(put, call)
    if (signed === undefined) return { ...asking, body }
    const proven = { ...asking, body, formSigned: true } as const
    const keys = { 's3:authType': 'POST', 's3:signatureversion': signed.version }
    const requests = asking.requests.map((access) => ({ ...access, context: { ...access.context, ...keys } }))
    return { ...proven, requests }
  }

  /** @throws Fault if the key is unknown here, or did not sign the form */
  async #signedBy(signed: SignedPolicy, given: Call): Promise<Call> {
    const { credentials } = this.#parts.house
    const { service, operation, now } = given
    const refuse = (kind: 'unknownKey' | 'invalidToken' | 'expiredToken') =>
      signatureFault({ service, operation, labels: {} }, { kind })
    const id = credentials.accountOf(signed.accessKeyId)
    const account = id && (await this.#parts.account(id))
    const credential = account && credentials.find(account, signed.accessKeyId, signed.sessionToken, now)
    // as everywhere in mode off, unknown keys count as root
    const { mode } = this.#parts.house
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
    const none = { call: given, found, requests: [], remembered: [], parameters: parametersOf(found) }
    if (given.mode === 'off') return none
    if (!isSigned(given.caller)) refuseOldSignature(found.request, found.service.signs)
    const stands = found.packed.acting === true && found.service.id !== 'cloudformation'
    if (stands && !this.#unchecked(found)) return { ...none, undecidable: this.#acting(found) }
    try {
      if (refuses(given.mode)) refuseInvalid(found)
      const needs = await this.#lookUps.needs(found, given)
      if ('unknown' in needs) {
        this.#note(found, needs.unknown)
        return { ...none, undecidable: `${needs.unknown}. Omen refuses what it cannot decide on.` }
      }
      const asker = {
        account: isSigned(given.caller) ? given.account.id : undefined,
        region: given.region,
        now: given.now,
      }
      const completed = await allOf(
        needs.requests.map(async ({ via, ...access }) => {
          const whole = await this.#policies.complete(access, asker, found.operation)
          return via === undefined ? whole : { ...whole, via }
        }),
      )
      const call = await this.#concerned(given, completed)
      const requests = completed.flatMap(
        ({ via, remembered: _, ...access }: Completed & { readonly via?: string }) =>
          via === undefined ? [access] : isDelivered(access, via, call) ? [] : [asCaller(access)],
      )
      const blockedPolicy = found.service.id === 's3' ? await this.#blockedPolicy(found, asker) : undefined
      const plain = unpackedBody(found)
      const body = withAskedName(found, plain ?? found.request.body, given.account.id) ?? plain
      const asked = requests.map((access) => inWords(withCallKeys(access, found.request, call), call))
      const stack = await this.#stackOf(found, asked, call)
      if (typeof stack === 'string') return { ...none, call, undecidable: stack }
      const sent = stack?.body ?? body
      return {
        ...none,
        call,
        ...(stack && { stack }),
        remembered: completed.flatMap(({ remembered }) => remembered ?? []),
        ...(sent === undefined ? {} : { body: sent }),
        requests: asked,
        ...(blockedPolicy === undefined ? {} : { blockedPolicy }),
      }
    } catch (error) {
      if (error instanceof UnreadablePolicy || error instanceof Unreadable) {
        this.#note(found, error.message)
        return { ...none, undecidable: error.message }
      }
      throw error instanceof NoReply ? unreadable() : error
    }
  }

  /**
   * What a CloudFormation call does by its template; a string says why that is unknown. Nothing is read for a caller
   * that may not make the call at all.
   */
  async #stackOf(found: IdentifiedCall, asked: readonly AccessRequest[], call: Call) {
    if (found.packed.acting !== true || found.service.id !== 'cloudformation') return undefined
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
    const { call, requests: asked, undecidable, blockedPolicy, parameters } = asking
    if (call.mode === 'off') return { asked, parameters }
    if (undecidable !== undefined) return { asked, wouldDeny: refuse(undecidable, call), parameters }
    const beyond = (judged: readonly Judged[]) => this.#unknowableDeny(judged, asking.found)
    const remainder = refuses(call.mode) ? (deletionOf(asking, beyond) ?? batchOf(asking, beyond)) : undefined
    if (remainder !== undefined) {
      // some of the members go on: the refusal of the others is in the answer
      Object.assign(call.marks ?? {}, { decision: call.house.decisions.note(call, remainder.verdict) })
      if (remainder.fault !== undefined) throw remainder.fault
      return { asked: remainder.asked, remainder, parameters }
    }
    const { judged, wouldDeny } = decide(asked, call, (refused) => inCode(refused, call))
    if (wouldDeny !== undefined) return { asked, wouldDeny, parameters }
    const further =
      blockedPolicy ??
      forbidden(asked) ??
      this.#unknowableDeny(judged, asking.found) ??
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
    const { caller, account, region, now } = call
    const asker = { account: isSigned(caller) ? account.id : undefined, region, now }
    const asked = { action: 's3:ListBucket', resource: `arn:${account.partition}:s3:::${labels.Bucket}` }
    const access = await this.#policies.complete(asked, asker, 'ListObjects')
    // anyone may know that a bucket does not exist
    if (access.resourcePolicy === undefined) return undefined
    const { denied } = authorize([inWords(withCallKeys(access, request, call), call)], call)
    return denied && refusal(denied, call)
  }

  /** The CORS rules of a bucket, in the name of this account. @throws NoReply if the upstream does not answer */
  corsRules(bucket: string, account: Call['account']['id'], region: string) {
    return this.#policies.corsRules(bucket, { account, region, now: this.#parts.house.clock.now() })
  }

  /** A call was forwarded: policies, owners and blocks that it may have changed are read again. */
  passed(found: IdentifiedCall, asked: readonly AccessRequest[], call: Call, outcome: Outcome): void {
    const { operation } = found
    if (found.service.id === 's3control' && /PublicAccessBlock$/.test(operation))
      this.#policies.passedAccount(call.account.id)
    this.#lookUps.passed(found)
    const succeeded = 'status' in outcome && outcome.status < 300
    const by = { account: call.account.id, since: call.now, now: this.#parts.house.clock.now(), succeeded }
    for (const { resource } of asked) this.#policies.passed(operation, resource, by)
  }

  /** Forgets the upstream's answers about policies, owners and names. */
  forget(): void {
    this.#lookUps.forget()
    this.#policies.forget()
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

  /** What S3's public access block refuses to every caller: policies and ACLs that open a bucket to the public. */
  async #blockedPolicy(
    { operation, request, labels }: IdentifiedCall,
    asker: Asker,
  ): Promise<string | undefined> {
    const bucket = labels.Bucket // what is asked first may be about another: of a copy, its source
    if (bucket === undefined) return undefined
    const document = () => Buffer.from(request.body).toString('utf8')
    const isBlocked = async (setting: 'BlockPublicAcls' | 'BlockPublicPolicy') =>
      (await this.#policies.blocked(bucket, operation, asker)).has(setting)
    if (operation === 'PutBucketPolicy') {
      return isPublicPolicy(document()) && (await isBlocked('BlockPublicPolicy'))
        ? 'because public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access'
        : undefined
    }
    const setsAcl = /^Put(?:Bucket|Object)Acl$/.test(operation)
    return grantsToPublic(headersWith(request), setsAcl ? document() : '') &&
      (await isBlocked('BlockPublicAcls'))
      ? 'because public ACLs are prevented by the BlockPublicAcls setting in S3 Block Public Access'
      : undefined
  }

  /**
   * A Deny with a condition key that only the upstream knows must not be avoided because the key is unknown here,
   * although a missing key counts as absent everywhere else (behaviour GRD-105).
   */
  #unknowableDeny(judged: readonly Judged[], found: IdentifiedCall): string | undefined {
    for (const one of judged) {
      const { action, resource } = one.request
      const unknowable = unknowableReason(one, unknowableKeys(found.packed, action))
      if (unknowable === undefined) continue
      const because = `${unknowable.policy} denies ${action} by ${unknowable.key}, which only the upstream knows`
      this.#note(found, because)
      return `${because} of ${resource}. Omen refuses what it cannot decide on.`
    }
    return undefined
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

/** What is refused although the policies allow it. */
function forbidden(asked: readonly AccessRequest[]): string | undefined {
  return asked.find((access) => access.forbidden !== undefined)?.forbidden
}
