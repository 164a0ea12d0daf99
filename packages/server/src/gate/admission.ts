import { type Dependencies, refuses } from '../authorization/index.ts'
import {
  assert,
  type Fault,
  factsOf,
  type HttpRequest,
  isBearer,
  isOfPeople,
  presentTime,
  type RequestHead,
} from '../base/index.ts'
import { type Account, AccountNotLoaded } from '../directory/index.ts'
import type { Admitted } from '../pipeline/index.ts'
import { type Caller, type Credential, rootArn } from '../session/index.ts'
import { isLongForm, type Route, readLongForm, signatureFault } from '../wire/index.ts'
import {
  type Claim,
  canonicalRules,
  checkHeaders,
  checkScope,
  isOldSigned,
  isProblem,
  type PayloadProof,
  readClaim,
  readOldClaim,
  regionOf,
  type SignatureProblem,
  SigningKeys,
  verifyOldSignature,
  verifySignature,
} from '../wire/sigv4/index.ts'
import { fromForeignPage } from './route/foreign-page.ts'

/** The caller of a request whose body is still to come. */
export interface HeadAdmission extends Admitted {
  /** The proof that the body must give as it passes; undefined if nothing was signed, or nothing is checked. */
  readonly proof?: PayloadProof
}

/** The verification of signatures of version 2, if they are accepted. */
export interface OldTerms {
  /** The region of the call, which version 2 does not contain. */
  readonly region: string
  /** The bucket that the host names. */
  readonly bucketInHost: string | undefined
}

const nothing = new Uint8Array(0)

/** Finds out who signed a request, and refuses what is not proven: the first step that can refuse. */
export class Admittance {
  readonly #deps: Dependencies
  readonly #keys = new SigningKeys()

  constructor(deps: Dependencies) {
    this.#deps = deps
  }

  /** @throws Fault in the route's own words if the signature, the key or the token is wrong */
  admit(route: Route, request: HttpRequest, now: number, old?: OldTerms): Promise<Admitted> {
    const admitted = this.#surely(() => this.#admit(route, request, now, false, old))
    const isQuery = route.service.protocol === 'awsQuery' || route.service.protocol === 'ec2Query'
    return isQuery && isLongForm(request) ? withForm(admitted, request) : admitted
  }

  /**
   * The same for a request whose body is still to come, of an API whose signatures cover only the caller's statement
   * about the body: `proof` says what the body must turn out to be.
   */
  admitHead(route: Route, head: RequestHead, now: number, old?: OldTerms): Promise<HeadAdmission> {
    return this.#surely(() => this.#admit(route, { ...head, body: nothing }, now, true, old))
  }

  /**
   * Confirms a refusal: another node may know the key, or have made the one that sealed the token. A caller who is admitted is looked
   * at again before the decision.
   */
  #surely<T>(admit: () => Promise<T>): Promise<T> {
    const { directory, keyRing, clock } = this.#deps
    if (!directory.store.shared) return admit()
    return directory.settle(async () => {
      const { state } = keyRing
      try {
        return await admit()
      } catch (error) {
        await directory.confirm()
        await keyRing.catchUp(clock.now())
        if (keyRing.state !== state) return admit()
        throw error
      }
    })
  }

  async #admit(
    route: Route,
    request: HttpRequest,
    now: number,
    bodyLater: boolean,
    old: OldTerms | undefined,
  ): Promise<HeadAdmission> {
    if (old !== undefined && isOldSigned(request)) return this.#admitOld(route, request, now, old)
    const claim = readClaim(request)
    const refuse = (problem: SignatureProblem, known?: Caller): Fault => {
      const fault = signatureFault(route, problem)
      this.#deps.decisions.failed.note({
        time: now,
        service: route.service.signingName,
        operation: route.operation.name,
        fault,
        problem: problem.kind,
        sourceIp: request.remoteAddress,
        ...(isProblem(claim) ? {} : { accessKeyId: claim.accessKeyId }),
        ...(known !== undefined && 'arn' in known ? { caller: known.arn } : {}),
      })
      return fault
    }
    if (isProblem(claim)) {
      // checked first: a page of another site must not gain by a mode that allows calls (behaviour WIRE-64)
      const foreign = !refuses(this.#deps.mode) && fromForeignPage(request)
      // a bearer token is no signature where the API takes one (behaviour SSO-180)
      const takesBearer = route.service.id === 'account-access-runtime'
      const isUnsigned = claim.kind === 'missing' || (takesBearer && isBearer(request.headers.authorization))
      if (isUnsigned && route.operation.unsigned === true)
        return { ...(await this.#anonymous()), mode: foreign ? 'enforce' : this.#deps.mode }
      if (this.#deps.mode !== 'off' || foreign) throw refuse(claim)
      const root = await this.#root(this.#defaultRegion)
      return claim.kind === 'missing' ? { ...root, unsigned: true } : root
    }
    const { signingName } = route.service
    const { partition } = this.#deps
    if (this.#deps.mode !== 'off') {
      const scope = checkScope(claim, signingName, partition)
      if (scope !== undefined) throw refuse(scope)
    }
    const holder = await this.#find(claim, now)
    const rules = canonicalRules(signingName)
    const region = regionOf(claim, signingName, partition)
    if (typeof holder === 'string') {
      const lenient = this.#deps.mode === 'off' && !fromForeignPage(request)
      if (!lenient || holder !== 'unknownKey') throw refuse({ kind: holder })
      // a presigned URL allows only what its signer made it for, even if the signer is unknown
      const added = checkHeaders(claim, request, rules)
      if (added !== undefined) throw refuse(added)
      return this.#root(region)
    }
    const present = presentTime(this.#deps.clock, now)
    const problem = verifySignature(claim, request, holder.credential.secret, rules, present, this.#keys)
    // that nothing is not the body shows that the signature is right, which is checked first
    const open = problem === undefined || (bodyLater && problem.kind === 'bodyHash')
    if (!open) throw refuse(problem, holder.credential.caller)
    const { mode } = this.#deps
    const admission = { caller: holder.credential.caller, account: holder.account, region, mode }
    if (!bodyLater) return admission
    return { ...admission, proof: { claim, key: this.#keys.find(claim, holder.credential.secret) } }
  }

  /** The signer of a version 2 signature, if these are accepted. @throws Fault in S3's words */
  async #admitOld(
    route: Route,
    request: HttpRequest,
    now: number,
    { region, bucketInHost }: OldTerms,
  ): Promise<Admitted> {
    const claim = readOldClaim(request)
    const holder = await this.#find(claim, now)
    if (typeof holder === 'string') {
      const lenient = this.#deps.mode === 'off' && !fromForeignPage(request)
      if (lenient && holder === 'unknownKey') return this.#root(region)
      throw signatureFault(route, { kind: holder })
    }
    const present = presentTime(this.#deps.clock, now)
    verifyOldSignature(claim, request, bucketInHost, holder.credential.secret, present)
    return { caller: holder.credential.caller, account: holder.account, region, mode: this.#deps.mode }
  }

  /** The claim's credential in its account; the organization that binds the account is loaded with it. */
  async #find(claim: Pick<Claim, 'accessKeyId' | 'sessionToken'>, now: number) {
    const { directory, credentials } = this.#deps
    const id = credentials.accountOf(claim.accessKeyId)
    const account = id && (directory.loaded(id) ?? (await directory.find(id)))
    if (!account) return 'unknownKey'
    const management = loadManagement(account, this.#deps)
    if (management !== undefined) await management
    const credential = credentials.find(account, claim.accessKeyId, claim.sessionToken, now)
    if (typeof credential === 'string') return credential
    return { account, credential } satisfies { account: Account; credential: Credential }
  }

  /** The region of calls that name none. */
  get #defaultRegion(): string {
    return factsOf(this.#deps.partition).globalRegion
  }

  async #anonymous(): Promise<Omit<Admitted, 'mode'>> {
    const account = await this.#first()
    const caller: Caller = { kind: 'anonymous', account: account.id }
    return { caller, account, region: this.#defaultRegion, unsigned: true }
  }

  async #root(region: string): Promise<Admitted> {
    const account = await this.#first()
    const arn = rootArn(account)
    const caller: Caller = { kind: 'root', account: account.id, arn, accessKeyId: 'unverified' }
    return { caller, account, region, mode: this.#deps.mode }
  }

  async #first(): Promise<Account> {
    const account = await this.#deps.directory.find(this.#deps.firstAccount)
    assert(account !== undefined, 'the first account is gone')
    await loadManagement(account, this.#deps)
    return account
  }
}

/** Reads a long form once its sender is known. */
async function withForm<T>(admitted: Promise<T>, request: HttpRequest): Promise<T> {
  const admission = await admitted
  await readLongForm(request)
  return admission
}

/**
 * Loads the management account of the organization that an account belongs to, so that its SCPs and RCPs are in
 * memory.
 */
export function loadManagement(account: Account, deps: Dependencies): Promise<unknown> | undefined {
  const management = isOfPeople(account.id) ? undefined : account.settings.managementAccount
  if (management === undefined || deps.directory.loaded(management) !== undefined) return undefined
  return deps.directory.find(management)
}

/** Accounts that one call may need beyond those that its operation names. */
const mostLoads = 64

/**
 * Runs a decision. If it needs an account that is not in memory, the account is loaded and the decision runs again: it
 * never continues without an account's policies. `run` must leave no change behind if it throws.
 */
export async function withAccounts<T>(deps: Dependencies, run: () => Promise<T> | T): Promise<T> {
  // these accounts stay in memory until the decision is made
  const held: (Account | undefined)[] = []
  for (;;) {
    try {
      return await run()
    } catch (error) {
      if (!(error instanceof AccountNotLoaded) || held.length >= mostLoads) throw error
      const account = await deps.directory.find(error.account)
      held.push(account)
      if (account !== undefined) await loadManagement(account, deps)
    }
  }
}
