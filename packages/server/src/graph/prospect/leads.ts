/** The groups that lead to a resource: by a kind of lead, and by the start of the resource's name. */
export class Leads<Group> {
  readonly #groups = new Map<string, Map<string, Group[]>>()
  /** The lengths of the starts of a kind. */
  readonly #lengths = new Map<string, Set<number>>()
  /** The kinds that begin with `user `, and those that begin with `role `. */
  readonly #kindsOf = { user: [] as string[], role: [] as string[] }

  add(group: Group, kind: string, head: string): void {
    let heads = this.#groups.get(kind)
    if (heads === undefined) {
      heads = new Map()
      this.#groups.set(kind, heads)
      this.#lengths.set(kind, new Set())
      for (const type of ['user', 'role'] as const)
        if (kind.startsWith(`${type} `)) this.#kindsOf[type].push(kind)
    }
    const groups = heads.get(head)
    if (groups === undefined) {
      heads.set(head, [group])
      this.#lengths.get(kind)?.add(head.length)
    } else if (groups.at(-1) !== group) groups.push(group)
  }

  /** The lists of groups that name a start of a text. Lists are the same objects each time. */
  *named(kind: string, text: string): Generator<readonly Group[]> {
    const heads = this.#groups.get(kind)
    if (heads === undefined) return
    for (const length of this.#lengths.get(kind) ?? []) {
      const groups = length <= text.length ? heads.get(text.slice(0, length)) : undefined
      if (groups !== undefined) yield groups
    }
  }

  /** Returns the groups under kinds that begin with `user `. */
  *ofUser(arn: string): Generator<readonly Group[]> {
    for (const kind of this.#kindsOf.user) yield* this.named(kind, arn)
  }

  /** Everyone who leads to some user. */
  *ofAnyUser(): Generator<readonly Group[]> {
    for (const kind of this.#kindsOf.user) yield* this.#groups.get(kind)?.values() ?? []
  }

  /** Returns the groups under kinds that begin with `role `. */
  *ofRole(arn: string): Generator<readonly Group[]> {
    for (const kind of this.#kindsOf.role) yield* this.named(kind, arn)
  }
}
