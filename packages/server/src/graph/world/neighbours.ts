import type { CompiledSet, Policy } from '@omen-iam/policy'
import { listIn, valueIn } from './lists.ts'
import { type Document, type Principal, type Role, resourceDocuments, type World } from './world.ts'
import type { WorldIndex } from './world-index.ts'

/** The questions of accounts to one another. */
export interface Neighbour {
  readonly world: World
  readonly index: WorldIndex
  readonly rcps: CompiledSet | undefined
}

/** The accounts that are in view together. */
export interface View<Account extends Neighbour> {
  readonly neighbours: Neighbours<Account>
  readonly worlds: readonly World[]
}

/** The other accounts that are in view: what one account's searches ask of them. */
export class Neighbours<Account extends Neighbour> {
  readonly #shareds = new Map<string, Account>()
  /** Accounts by the accounts, services and so on that their trust policies name. */
  #trusting: ReadonlyMap<string, readonly Account[]> | undefined
  #open: readonly Account[] = []

  /** Adds an account, or replaces it. */
  add(shared: Account): void {
    this.#shareds.set(shared.world.account, shared)
    this.#trusting = undefined
    this.#asks.clear()
  }

  /** Whether only one account is in view. */
  get isAlone(): boolean {
    return this.#shareds.size < 2
  }

  /** Every account. */
  get all(): Iterable<Account> {
    return this.#shareds.values()
  }

  /** Returns the account that searches ask; undefined if it is not in view. */
  of(account: string): Account | undefined {
    return this.#shareds.get(account)
  }

  /** The user or role of an ARN. */
  principal(arn: string): Principal | undefined {
    const world = this.of(arn.split(':', 5)[4] ?? '')?.world
    return world?.users.get(arn) ?? world?.roles.get(arn)
  }

  /** The accounts, without its own, whose trust policies name a principal of an account, the account, or anybody. */
  trusting(account: string): readonly Account[] {
    if (this.isAlone) return []
    this.#trusting ??= this.#read()
    const naming = this.#trusting.get(account) ?? []
    return [...new Set([...naming, ...this.#open])].filter(({ world }) => world.account !== account)
  }

  /** The roles of other accounts whose trust policies name a principal itself, or anybody. */
  naming(principal: Principal): readonly Role[] {
    return this.trusting(principal.account).flatMap(({ index }) => index.namingPrincipal(principal))
  }

  /** The roles of other accounts whose trust policies name a session of a role. */
  namingSessions(role: Role): readonly Role[] {
    return this.trusting(role.account).flatMap(({ index }) => index.namingSessions(role))
  }

  /** The roles of other accounts whose trust policies name an account, and whose ARNs begin with one of these texts. */
  trustingRoles(account: string, heads: readonly string[]): readonly Role[] {
    return this.trusting(account).flatMap(({ index }) =>
      [...index.trustingAccount(account)].filter(({ arn }) => heads.some((head) => arn.startsWith(head))),
    )
  }

  /** The principals of an account that trust policies of other accounts name by themselves, or by a session. */
  bridges(account: string): readonly Principal[] {
    const world = this.of(account)?.world
    if (world === undefined) return []
    const found = new Set<Principal>()
    const roles = new Map([...world.roles.values()].map((role) => [role.name, role]))
    for (const { index } of this.trusting(account)) {
      for (const key of index.trusted.named) {
        const session = key.startsWith(`${account} session of `)
          ? roles.get(key.slice(`${account} session of `.length))
          : undefined
        const principal = session ?? world.users.get(key) ?? world.roles.get(key)
        if (principal !== undefined) found.add(principal)
      }
    }
    return [...found]
  }

  /** Whether policies ask which principal of an account calls: trust policies and RCPs of others, and its SCPs. */
  asksForCallers(account: string): boolean {
    return valueIn(this.#asks, account, () => {
      const own = this.of(account)?.world.organization.scps ?? []
      const texts = [
        ...own.flat().map(({ policy }) => policy.text),
        ...this.trusting(account).flatMap(({ world: { roles, organization } }) => [
          ...[...roles.values()].map(({ trust }) => trust?.policy.text ?? ''),
          ...(organization.rcps ?? []).flat().map(({ policy }) => policy.text),
        ]),
      ]
      return texts.some((text) => /aws:(?:Principal(?:Arn|Tag|Type)|userid|username)/i.test(text))
    })
  }

  readonly #asks = new Map<string, boolean>()

  #read(): ReadonlyMap<string, readonly Account[]> {
    const trusting = new Map<string, Account[]>()
    const open: Account[] = []
    for (const shared of this.#shareds.values()) {
      const { accounts, isOpen } = shared.index.trustedAccounts
      if (isOpen) open.push(shared)
      for (const account of accounts) listIn(trusting, account).push(shared)
    }
    this.#open = open
    return trusting
  }
}

/** The policies of other accounts about the callers of an account: trust policies, resource policies, and RCPs. */
export function foreignPolicies(world: World, others: readonly World[]): readonly Policy[] {
  const found = new Map<Policy['statements'], Policy>()
  for (const other of others) {
    if (other === world) continue
    for (const { trust } of other.roles.values())
      if (trust !== undefined) found.set(trust.policy.statements, trust.policy)
    for (const { policy } of (other.organization.rcps ?? []).flat()) found.set(policy.statements, policy)
    for (const { policy } of resourceDocuments(other)) found.set(policy.statements, policy)
  }
  return [...found.values()]
}

/** The policy of a resource of any account in view. */
export function resourcePolicyIn(
  { index, neighbours }: { readonly index: WorldIndex; readonly neighbours: Neighbours<Neighbour> },
  arn: string,
): Document | undefined {
  const own = index.resourcePolicies.of(arn)
  if (own !== undefined || neighbours.isAlone) return own
  for (const other of neighbours.all) {
    const found = other.index.resourcePolicies.of(arn)
    if (found !== undefined) return found
  }
  return undefined
}
