import type { House } from '../authorization/index.ts'
import { assert, type Fault, type HttpRequest } from '../base/index.ts'
import type { Account } from '../directory/index.ts'
import { type Caller, type Credential, rootArn } from '../session/index.ts'
import { type Route, signatureFault } from '../wire/index.ts'
import {
  type Claim,
  canonicalRules,
  checkScope,
  isProblem,
  readClaim,
  type SignatureProblem,
  SigningKeys,
  verifySignature,
} from '../wire/sigv4/index.ts'

/** Who calls, and what their signature said of where. */
export interface Admission {
  readonly caller: Caller
  readonly account: Account
  readonly region: string
}

const defaultRegion = 'us-east-1'

/** Finds out who signed a request, and refuses what is not proven: the first floor that can say no. */
export class Admittance {
  readonly #house: House
  readonly #keys = new SigningKeys()

  constructor(house: House) {
    this.#house = house
  }

  /** @throws Fault in the route's own words where the signature, the key or the token is not right */
  async admit(route: Route, request: HttpRequest, now: number): Promise<Admission> {
    const claim = readClaim(request)
    const refuse = (problem: SignatureProblem): Fault => signatureFault(route, problem)
    if (isProblem(claim)) {
      if (claim.kind === 'missing' && route.operation.unsigned === true) return this.#anonymous()
      if (this.#house.mode === 'off') return this.#root(defaultRegion)
      throw refuse(claim)
    }
    if (this.#house.mode !== 'off') {
      const scope = checkScope(claim, route.service.signingName)
      if (scope !== undefined) throw refuse(scope)
    }
    const found = await this.#find(claim, now)
    if (typeof found === 'string') {
      if (this.#house.mode === 'off' && found === 'unknownKey') return this.#root(claim.region)
      throw refuse({ kind: found })
    }
    const rules = canonicalRules(route.service.signingName)
    const problem = verifySignature(claim, request, found.credential.secret, rules, now, this.#keys)
    if (problem !== undefined) throw refuse(problem)
    return { caller: found.credential.caller, account: found.account, region: claim.region }
  }

  /** The claim's credential in its account; the organization that binds the account is loaded with it. */
  async #find(claim: Claim, now: number) {
    const { directory, credentials } = this.#house
    const id = credentials.accountOf(claim.accessKeyId)
    const account = id && (directory.loaded(id) ?? (await directory.find(id)))
    if (!account) return 'unknownKey'
    await loadManagement(account, this.#house)
    const credential = credentials.find(account, claim.accessKeyId, claim.sessionToken, now)
    if (typeof credential === 'string') return credential
    return { account, credential } satisfies { account: Account; credential: Credential }
  }

  async #anonymous(): Promise<Admission> {
    const account = await this.#first()
    return { caller: { kind: 'anonymous', account: account.id }, account, region: defaultRegion }
  }

  async #root(region: string): Promise<Admission> {
    const account = await this.#first()
    const arn = rootArn(account.id)
    return { caller: { kind: 'root', account: account.id, arn, accessKeyId: 'unverified' }, account, region }
  }

  async #first(): Promise<Account> {
    const account = await this.#house.directory.find(this.#house.firstAccount)
    assert(account !== undefined, 'the first account is gone')
    await loadManagement(account, this.#house)
    return account
  }
}

/** Loads the management account of the organization that binds an account, so that its SCPs and RCPs are at hand. */
export function loadManagement(account: Account, house: House): Promise<unknown> | undefined {
  const management = account.settings.managementAccount
  if (management === undefined || house.directory.loaded(management) !== undefined) return undefined
  return house.directory.find(management)
}
