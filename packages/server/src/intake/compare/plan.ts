import { type Dependencies, isUniqueId } from '../../authorization/index.ts'
import { type AccountId, accountOfId, iamArn, type Partition } from '../../base/index.ts'
import {
  type Account,
  defaultQuotas,
  type Named,
  type Quotas,
  type TableDefinition,
} from '../../directory/index.ts'
import type { ImageFinding, NotTaken, SourcePlace } from '../../image/index.ts'
import { type Change, packChanges } from '../../store/index.ts'
import type { ComparedThing, Outcome } from '../comparison.ts'
import type { AccountHead } from '../image-source.ts'
import { IntakeProblem } from '../problem.ts'

/** One record that is put into a table of an account, or removed from it. */
export type Write =
  | { readonly table: TableDefinition<unknown>; readonly record: unknown }
  | { readonly table: TableDefinition<unknown>; readonly removed: string }

const noChanges: readonly string[] = []

/** Characters of a pack: it is made within some milliseconds. */
const packCharacters = 256 * 1024

/** The plan for one account: what is written, in order. Nothing is changed while it is built. */
export class AccountPlan {
  readonly deps: Dependencies
  readonly id: AccountId
  readonly partition: Partition
  readonly at: SourcePlace
  /** The account as it is; undefined if it is new. */
  readonly before: Account | undefined
  readonly now: number
  readonly writes: Write[] = []
  /** A new account's items, as the store takes them. */
  readonly packed: Uint8Array[] = []
  #unpacked: Change[] = []
  #characters = 0
  /** The alias that the account will have. */
  alias: string | undefined
  /** Identity pools that it newly has, by id. */
  readonly pools: string[] = []
  readonly things: ComparedThing[] = []
  readonly notTaken: NotTaken[] = []
  readonly findings: ImageFinding[] = []
  /** Unique ids by kind and lower-case name, of existing and of new entities. */
  readonly ids = {
    user: new Map<string, string>(),
    role: new Map<string, string>(),
    group: new Map<string, string>(),
  }
  /** Unique ids of users and roles by ARN. */
  readonly principals = new Map<string, string>()
  /** ARNs of managed policies that exist, or will exist. */
  readonly policyArns = new Set<string>()

  constructor(deps: Dependencies, image: AccountHead, before: Account | undefined, now: number) {
    this.deps = deps
    this.id = image.account
    this.partition = image.partition
    this.at = image.at
    this.before = before
    this.now = now
  }

  get quotas(): Quotas {
    return this.deps.quotas ?? defaultQuotas
  }

  put<R>(table: TableDefinition<R>, record: R): void {
    if (this.before === undefined) {
      const { kind } = table
      const value = JSON.stringify(record)
      this.#unpacked.push({ kind, id: table.key(record), value })
      this.#characters += value.length
      if (this.#characters > packCharacters) this.#pack()
      return
    }
    this.writes.push({ table: table as unknown as TableDefinition<unknown>, record }) // read back with the record
  }

  /** Ends the comparison of the account: of a hundred thousand entities only what is written and reported remains. */
  finish(): void {
    this.#pack()
    for (const ids of Object.values(this.ids)) ids.clear()
  }

  /** Packs what was put last. */
  #pack(): void {
    if (this.#unpacked.length > 0) this.packed.push(packChanges(this.#unpacked))
    this.#unpacked = []
    this.#characters = 0
  }

  remove<R>(table: TableDefinition<R>, removed: string): void {
    this.writes.push({ table: table as unknown as TableDefinition<unknown>, removed }) // as above
  }

  /** The account's entity with a name, ignoring case. */
  find<R extends Named>(table: TableDefinition<R, 'name'>, name: string): R | undefined {
    return this.before?.table(table).findBy('name', name.toLowerCase())
  }

  /**
   * The entity that an image's entity is compared with: the one of its id, otherwise of its name. @throws
   * IntakeProblem if the id is of one entity and the name of another
   */
  counterpart<R extends Named>(
    table: TableDefinition<R, 'name'>,
    thing: { readonly name: string; readonly id?: string; readonly at: SourcePlace },
  ): R | undefined {
    const byName = this.find(table, thing.name)
    const byId = thing.id === undefined ? undefined : this.before?.table(table).find(thing.id)
    if (byId !== undefined && byName !== undefined && byId !== byName)
      throw new IntakeProblem(
        thing.at,
        `the account has ${thing.id} as ${byId.name}, and another ${thing.name}`,
      )
    return byId ?? byName
  }

  record(
    outcome: Outcome,
    kind: string,
    name: string,
    at: SourcePlace,
    changes: readonly string[] = noChanges,
  ): void {
    this.things.push({ outcome, account: this.id, kind, name, at, changes })
  }

  /** Records the outcome of an entity from its differences; returns whether there is anything to write. */
  recordChange(kind: string, name: string, at: SourcePlace, wasThere: boolean, { names }: Changes): boolean {
    const outcome = !wasThere ? 'made' : names.length > 0 ? 'changed' : 'unchanged'
    this.record(outcome, kind, name, at, outcome === 'changed' ? [...new Set(names)] : noChanges)
    return outcome !== 'unchanged'
  }

  notTake(at: SourcePlace, kind: string, name: string, reason: string): void {
    this.notTaken.push({ at, account: this.id, kind, name, reason })
  }

  finding(at: SourcePlace, code: string, message: string): void {
    this.findings.push({ at, account: this.id, code, message })
  }

  /** A finding if a number exceeds one of AWS's quotas: a real account may have a higher one. */
  checkQuota(name: keyof Quotas, count: number, at: SourcePlace, of: string): void {
    const quota = this.quotas[name]
    if (count > quota)
      this.finding(
        at,
        'quota-exceeded',
        `${of}: ${count} is beyond the quota ${name} of ${quota}; it is taken all the same`,
      )
  }

  arn(kind: string, path: string, name: string): string {
    return iamArn({ id: this.id, partition: this.partition }, kind, path, name)
  }

  /** Returns whether a trust policy of another account can name an entity by this id and find it. */
  isBindable(id: string, isHere: boolean): boolean {
    return isUniqueId(id) && (isHere || accountOfId(id) === this.id)
  }
}

/** Returns whether an instant of an answer, which has whole seconds, is one that is kept in milliseconds. */
export function sameSecond(kept: number | undefined, given: number | undefined): boolean {
  return given === undefined || (kept !== undefined && Math.floor(kept / 1000) === Math.floor(given / 1000))
}

/** Collects the differences between a record and the image. */
export class Changes {
  readonly names: string[] = []

  /** The value to store: the image's, if it has one that differs. */
  of<T>(name: string, kept: T, given: T | undefined, same: (one: T, other: T) => boolean = Object.is): T {
    if (given === undefined || same(kept, given)) return kept
    this.names.push(name)
    return given
  }

  instant(name: string, kept: number, given: number | undefined): number {
    if (given === undefined || sameSecond(kept, given)) return kept
    this.names.push(name)
    return given
  }
}

/** Returns whether two lists have the same entries, in any order. */
export function sameSet(one: readonly string[], other: readonly string[]): boolean {
  if (one.length !== other.length) return false
  const entries = new Set(one)
  return other.every((each) => entries.has(each))
}

/** Returns whether two lists of tags are the same, in any order. */
export function sameTags(
  one: readonly { readonly Key: string; readonly Value: string }[],
  other: readonly { readonly Key: string; readonly Value: string }[],
): boolean {
  const text = ({ Key, Value }: { readonly Key: string; readonly Value: string }) =>
    JSON.stringify([Key, Value])
  return sameSet(one.map(text), other.map(text))
}
