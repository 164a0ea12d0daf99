import { createHash } from 'node:crypto'
import type { Dependencies } from '../authorization/index.ts'
import type { AccountId } from '../base/index.ts'
import { type Account, defineTable, StaleAccount } from '../directory/index.ts'
import type { Image } from '../intake/index.ts'
import type { StackPlace } from './reading/place.ts'

/** Omen's record of a stack of the upstream. */
export interface KeptStack {
  /** `us-east-1/name`. */
  readonly id: string
  /** The things that the stack made here: `role worker`. */
  readonly things: readonly string[]
  /** The identities of its template. */
  readonly image?: Image
  /** The service role that it was last changed with. */
  readonly roleArn?: string
}

/** A change set that was created through the guard. */
export interface KeptChangeSet {
  /** `us-east-1/stack/name`. */
  readonly id: string
  readonly region: string
  readonly stack: string
  readonly name: string
  /** Names and values; null means the previous value. */
  readonly parameters: readonly (readonly [string, string | null])[]
  readonly roleArn?: string
  /** Keys and values; absent if the stack keeps those that it has. */
  readonly tags?: readonly (readonly [string, string])[]
  /** The template: the name of its blob. */
  readonly template: string
}

const keptStacks = defineTable<KeptStack>({ kind: 'guard/stack', key: (record) => record.id })
const keptChangeSets = defineTable<KeptChangeSet>({
  kind: 'guard/change-set',
  key: (record) => record.id,
  blob: (record) => record.template,
})
/** In the first account: the accounts that have any of them. */
const accountsWithStacks = defineTable<{ readonly id: AccountId }>({
  kind: 'guard/stack-account',
  key: (record) => record.id,
})

const limits = {
  /** Change sets of one account that wait to be executed; of more the oldest is forgotten. */
  changeSets: 1_000,
  /** How often a change is made again because another node changed the account. */
  attempts: 5,
} as const

/** The records of stacks in the store: the guard knows them again after a restart, and a snapshot contains them. */
export class KeptStacks {
  readonly #deps: Dependencies

  constructor(deps: Dependencies) {
    this.#deps = deps
  }

  /** A stack of an account that is in memory. */
  find(account: Account, region: string, stack: string): KeptStack | undefined {
    return account.table(keptStacks).find(`${region}/${stack}`)
  }

  /** Keeps a stack, or forgets it with its change sets if `kept` is undefined. */
  async put(place: StackPlace, stack: string, kept: Omit<KeptStack, 'id'> | undefined): Promise<void> {
    await this.#change(place.account, (account) => {
      const id = `${place.region}/${stack}`
      if (kept === undefined) account.table(keptStacks).delete(id)
      else account.table(keptStacks).put({ id, ...kept })
      if (kept === undefined) this.#dropChangeSets(account, place.region, stack)
    })
  }

  async putChangeSet(
    place: StackPlace,
    changeSet: Omit<KeptChangeSet, 'id' | 'region' | 'template'>,
    text: string,
  ): Promise<void> {
    const { region } = place
    const bytes = Buffer.from(text)
    const template = createHash('sha256').update(bytes).digest('base64')
    await this.#change(place.account, (account) => {
      const table = account.table(keptChangeSets)
      const id = `${region}/${changeSet.stack}/${changeSet.name}`
      table.delete(id) // of equal names the newest is the last
      if (table.size >= limits.changeSets)
        for (const first of [...table.values()].slice(0, 1)) table.delete(first.id)
      account.keepBlob(template, bytes)
      table.put({ ...changeSet, id, region, template })
    })
  }

  /** Forgets a change set; the result is what it was. */
  async takeChangeSet(
    place: StackPlace,
    stack: string,
    name: string,
  ): Promise<{ readonly changeSet: KeptChangeSet; readonly text: string } | undefined> {
    const id = `${place.region}/${stack}/${name}`
    const account = await this.#deps.directory.find(place.account)
    const changeSet = account?.table(keptChangeSets).find(id)
    if (changeSet === undefined) return undefined
    const text = await this.templateOf(changeSet)
    await this.#change(place.account, (now) => now.table(keptChangeSets).delete(id))
    return text === undefined ? undefined : { changeSet, text }
  }

  /** A change set by its name, and by that of its stack if it is known; undefined if there is none, or more than one. */
  findChangeSet(account: Account, region: string, stack: string, name: string): KeptChangeSet | undefined {
    const table = account.table(keptChangeSets)
    if (stack !== '') return table.find(`${region}/${stack}/${name}`)
    const found = [...table.values()].filter((each) => each.region === region && each.name === name)
    return found.length === 1 ? found[0] : undefined
  }

  /** The template of a change set; undefined if it is no longer kept. */
  async templateOf({ template }: KeptChangeSet): Promise<string | undefined> {
    const bytes = await this.#deps.directory.store.readBlob(template)
    return bytes && Buffer.from(bytes).toString('utf8')
  }

  /** Forgets the change sets of a stack: one of them was executed. */
  async dropChangeSets(place: StackPlace, stack: string): Promise<void> {
    await this.#change(place.account, (account) => this.#dropChangeSets(account, place.region, stack))
  }

  /** Every stack, with its account. */
  async all(): Promise<readonly { readonly account: Account; readonly stack: KeptStack }[]> {
    const { directory, firstAccount } = this.#deps
    const first = await directory.find(firstAccount)
    const found: { readonly account: Account; readonly stack: KeptStack }[] = []
    for (const { id } of [...(first?.table(accountsWithStacks).values() ?? [])]) {
      const account = await directory.find(id)
      for (const stack of account?.table(keptStacks).values() ?? [])
        if (account !== undefined) found.push({ account, stack })
    }
    return found
  }

  /** Forgets all stacks and change sets: the upstream has none any more. */
  async clear(): Promise<void> {
    const { directory, firstAccount } = this.#deps
    const first = await directory.find(firstAccount)
    for (const { id } of [...(first?.table(accountsWithStacks).values() ?? [])])
      await this.#change(id, (account) => {
        for (const { id: stack } of [...account.table(keptStacks).values()])
          account.table(keptStacks).delete(stack)
        for (const { id: set } of [...account.table(keptChangeSets).values()])
          account.table(keptChangeSets).delete(set)
      })
  }

  #dropChangeSets(account: Account, region: string, stack: string): void {
    const table = account.table(keptChangeSets)
    for (const each of [...table.values()])
      if (each.region === region && each.stack === stack) table.delete(each.id)
  }

  /** Changes an account in a commit of its own. */
  async #change(id: AccountId, change: (account: Account) => void): Promise<void> {
    const { directory, firstAccount } = this.#deps
    for (let attempt = 1; ; attempt++) {
      const first = await directory.find(firstAccount)
      const account = await directory.find(id)
      if (account === undefined || first === undefined) return
      try {
        change(account)
        const known = first.table(accountsWithStacks)
        if (known.find(id) === undefined) known.put({ id })
      } catch (error) {
        directory.rollBack()
        throw error
      }
      try {
        await directory.commit([])
        return
      } catch (error) {
        if (!(error instanceof StaleAccount) || attempt >= limits.attempts) throw error
      }
    }
  }
}
