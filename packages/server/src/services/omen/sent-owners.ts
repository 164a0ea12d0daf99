import {
  type Account,
  accessKeys,
  loginProfiles,
  mfaDevices,
  type Table,
  type TableDefinition,
  users,
} from '../../directory/index.ts'

/** The credentials of users: of these the graph reads only whose they are. */
export type CredentialKind = 'accessKeys' | 'loginProfiles' | 'mfaDevices'

export const credentialKinds: readonly CredentialKind[] = ['accessKeys', 'loginProfiles', 'mfaDevices']

/** Credentials that are new, gone or of another user. */
export interface CredentialChange {
  /** The user is its name; undefined if the credential is gone, or is no user's. */
  readonly credentials: readonly (readonly [kind: CredentialKind, id: string, user: string | undefined])[]
}

/** Credentials of one change when an account is sent for the first time. */
const credentialsOfPart = 1_000

interface AnyCredential {
  readonly owner?: string
  readonly use?: { readonly owner: string }
}

const definitions = { accessKeys, loginProfiles, mfaDevices } as const

interface Sent {
  version: number | undefined
  /** The users of the credentials, by their ids. */
  readonly owners: Map<string, string>
}

/** The owners of the credentials of an account, as a thread has them. */
export class SentOwners {
  readonly #account: Account
  /** The ids of the credentials of each user, by the user's id. */
  readonly #owned = new Map<string, Set<string>>()
  readonly #sent: Readonly<Record<CredentialKind, Sent>> = {
    accessKeys: { version: undefined, owners: new Map() },
    loginProfiles: { version: undefined, owners: new Map() },
    mfaDevices: { version: undefined, owners: new Map() },
  }

  constructor(account: Account) {
    this.#account = account
  }

  /** All credentials in parts, for the first time: each is to be sent before the next is asked for. */
  *parts(): Generator<CredentialChange> {
    for (const kind of credentialKinds) {
      const sent = this.#sent[kind]
      if (sent.version !== undefined) continue
      const table = this.#table(kind)
      const { version } = table
      const ids = [...table.keys()]
      for (let place = 0; place < ids.length; place += credentialsOfPart) {
        const part = ids.slice(place, place + credentialsOfPart)
        yield { credentials: part.map((id) => this.#described(kind, id)) }
        for (const id of part) this.#note(kind, id)
      }
      sent.version = version
    }
  }

  /** The changes since, and the function that marks them as sent. `renamed` are ids of users that have another name. */
  pending(renamed: ReadonlySet<string>): CredentialChange & { keep(): void } {
    const versions = credentialKinds.map((kind) => [kind, this.#table(kind).version] as const)
    const changed = credentialKinds.flatMap((kind) =>
      [...this.#changedOf(kind, renamed)].map((id) => [kind, id] as const),
    )
    return {
      credentials: changed.map(([kind, id]) => this.#described(kind, id)),
      keep: () => {
        for (const [kind, id] of changed) this.#note(kind, id)
        for (const [kind, version] of versions) this.#sent[kind].version = version
      },
    }
  }

  #changedOf(kind: CredentialKind, renamed: ReadonlySet<string>): Set<string> {
    const { version, owners } = this.#sent[kind]
    const table = this.#table(kind)
    const named = version === undefined ? undefined : table.changedSince(version)
    const ids = named ?? new Set([...owners.keys(), ...table.keys()])
    // a device differs with each code that is used: only its user counts
    const found = new Set([...ids].filter((id) => this.#ownerOf(kind, id) !== owners.get(id)))
    for (const user of renamed)
      for (const id of this.#owned.get(user) ?? []) if (owners.get(id) === user) found.add(id)
    return found
  }

  #described(kind: CredentialKind, id: string) {
    const owner = this.#ownerOf(kind, id)
    const user = owner === undefined ? undefined : this.#account.table(users).find(owner)?.name
    return [kind, id, user] as const
  }

  #note(kind: CredentialKind, id: string): void {
    const { owners } = this.#sent[kind]
    const before = owners.get(id)
    const owner = this.#ownerOf(kind, id)
    if (owner === before) return
    const left = before === undefined ? undefined : this.#owned.get(before)
    if (before !== undefined && left?.delete(id) && left.size === 0) this.#owned.delete(before)
    if (owner === undefined) {
      owners.delete(id)
      return
    }
    owners.set(id, owner)
    const owned = this.#owned.get(owner) ?? new Set()
    this.#owned.set(owner, owned.add(id))
  }

  #ownerOf(kind: CredentialKind, id: string): string | undefined {
    const credential = this.#table(kind).find(id)
    return credential?.owner ?? credential?.use?.owner
  }

  #table(kind: CredentialKind): Table<AnyCredential> {
    // the records of each have what `AnyCredential` names
    return this.#account.table(definitions[kind] as TableDefinition<never>) as unknown as Table<AnyCredential>
  }
}
