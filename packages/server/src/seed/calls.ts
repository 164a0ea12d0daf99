import { type AccountId, Fault, parseAccountId } from '../base/index.ts'
import { type Account, accessKeys, settings } from '../directory/index.ts'
import type { Omen } from '../gate/index.ts'
import type { ServiceId } from '../model/index.ts'
import { accessKeyPurpose, newAccessKeyId, newSecretKey, rootArn } from '../session/index.ts'
import type { ReadSeed, SeedPath } from './read.ts'

type Input = Readonly<Record<string, unknown>>

const origin = { sourceIp: '127.0.0.1', userAgent: 'omen seed', host: '', secure: true }

/** Calls of a seed, each in the name of an account's root. A refusal becomes a problem of the seed at its place. */
export class SeedCalls {
  readonly #omen: Omen
  readonly #read: ReadSeed
  readonly #roots = new Map<AccountId, string>()

  constructor(omen: Omen, read: ReadSeed) {
    this.#omen = omen
    this.#read = read
    this.#roots.set(omen.deps.firstAccount, omen.firstKeys.root.accessKeyId)
  }

  /** The account's number in a seed. @throws SeedProblem if it is not one */
  number(text: string, at: SeedPath): AccountId {
    const id = parseAccountId(text)
    if (id === undefined) throw this.#read.problem(at, `${text} is no account number`)
    return id
  }

  /** Makes an account that is of no organization yet, with a root key for the calls of the seed. */
  async createAccount(id: AccountId, name: string, email: string, at: SeedPath): Promise<void> {
    const { directory, clock, random, vault } = this.#omen.deps
    if ((await directory.find(id)) !== undefined) throw this.#read.problem(at, `account ${id} exists already`)
    const account = directory.create(id)
    const now = clock.now()
    account.table(settings).put({ id: 'settings', name, email, createdAt: now })
    const key = newAccessKeyId(id, random)
    const sealedSecret = vault.sealText(accessKeyPurpose, newSecretKey(random))
    account.table(accessKeys).put({ id: key, owner: 'root', active: true, createdAt: now, sealedSecret })
    this.#roots.set(id, key)
    await directory.commit([])
  }

  /** Runs an operation. @throws SeedProblem if it is refused */
  async call(
    id: AccountId,
    service: ServiceId,
    operation: string,
    input: Input,
    at: SeedPath,
    region?: string,
  ): Promise<unknown> {
    try {
      return await this.tryCall(id, service, operation, input, region)
    } catch (error) {
      if (error instanceof Fault)
        throw this.#read.problem(at, `${operation}: ${error.code}: ${error.message}`)
      throw error
    }
  }

  /** @throws Fault if it is refused */
  async tryCall(
    id: AccountId,
    service: ServiceId,
    operation: string,
    input: Input,
    region?: string,
  ): Promise<unknown> {
    const account = await this.#account(id)
    const accessKeyId = this.#roots.get(id) ?? ''
    const caller = { kind: 'root' as const, account: id, arn: rootArn(account), accessKeyId }
    return this.#omen.perform({
      service,
      operation,
      input,
      caller,
      account,
      origin,
      ...(region !== undefined && { region }),
    })
  }

  async #account(id: AccountId): Promise<Account> {
    const account = await this.#omen.deps.directory.find(id)
    if (account === undefined) throw new Error(`the account ${id} is gone`)
    return account
  }
}
