import { type Policy, type PolicyKind, type PolicySource, parsePolicy } from '@omen-iam/policy'
import type { Lent } from '../world/lent.ts'
import { isKey } from '../world/resource-policy.ts'
import {
  accountsIn,
  currentOf,
  type Document,
  type Group,
  type Inventory,
  type ManagedPolicy,
  type Organization,
  type Principal,
  principalOf,
  type Resource,
  type Role,
  type World,
} from '../world/world.ts'
import { added, boundaryArn } from './added.ts'
import { Documents } from './documents.ts'
import { type DocumentName, documentName, type Edit, type EditKind } from './edit.ts'
import { accountOfEdit, contextOf, rowOf } from './edit-kinds.ts'
import type { EditContext, EditRow, Entry } from './edit-row.ts'
import { emptyText } from './empty.ts'
import { withNewVersion } from './versions.ts'

/** A world after edits, and where its statements come from. */
export interface EditedWorld {
  readonly world: World
  /** The document and the statement, as before any edit, of a statement; undefined if an edit added it. */
  origin(
    policy: Policy,
    statement: number,
  ): { readonly policy: Policy; readonly statement: number } | undefined
}

/** The policy that a policy was before the edits, and the places of its statements in it. */
interface Origins {
  readonly policy: Policy
  readonly origins: readonly number[]
}

/** Applies edits to a copy. The world itself is not changed. */
export function applyEdits(world: World, documents: Documents, edits: readonly Edit[]): EditedWorld {
  const origins = new Map<Policy, Origins>()
  const isOne = world.others === undefined
  const [own = world, ...others] = accountsIn(world).map((each) => {
    const about = isOne ? edits : edits.filter((edit) => accountOfEdit(edit) === each.account)
    // An account that no edit is about is the same object.
    return about.length === 0 ? each : new Applier(contextOf(each, documents, about), origins).edited()
  })
  return {
    world: isOne ? own : { ...own, others },
    origin: (policy, statement) => {
      const before = origins.get(policy)
      if (before === undefined) return { policy, statement }
      const place = before.origins[statement]
      return place === undefined ? undefined : { policy: before.policy, statement: place }
    },
  }
}

/** The world with edits applied. */
export function editedWorld(world: World, edits: readonly Edit[]): World {
  return applyEdits(world, new Documents(world), edits).world
}

/** Edits of one account. */
class Applier {
  readonly #world: World
  readonly #context: EditContext
  readonly #origins: Map<Policy, Origins>
  /** The names of the documents that change. */
  readonly #changed: ReadonlySet<string>
  /** The entries that are taken out of lists. */
  readonly #taken: ReadonlySet<string>

  constructor(context: EditContext, origins: Map<Policy, Origins>) {
    this.#world = context.world
    this.#context = context
    this.#origins = origins
    const { edits } = context
    this.#changed = new Set(edits.flatMap((edit) => ('document' in edit ? documentName(edit.document) : [])))
    this.#taken = new Set(
      edits.flatMap((edit) => {
        const entry = rowOf(edit).entry?.(edit)
        return entry === undefined ? [] : entryName(entry)
      }),
    )
  }

  edited(): World {
    const { users, roles, groups, policies, organization, inventory } = this.#world
    const denied = this.#added('inline', 'identity')
    const boundaries = this.#added('boundary', 'identity')
    const [scp] = this.#added('scp', 'scp').values()
    const own = <Each extends Principal>(principal: Each): Each =>
      this.#principal(principal, denied.get(principal.arn), boundaries.has(principal.arn))
    return {
      ...this.#world,
      users: mapped(users, (user) => ({ ...own(user), groups: this.#kept('groups', user.arn, user.groups) })),
      roles: mapped(roles, (role) => ({ ...own(role), trust: this.#trust(role) })),
      groups: mapped(groups, (group) => this.#owner(group)),
      policies: new Map([
        ...mapped(policies, (policy) => this.#managed(policy)),
        ...[...boundaries].map(([arn, policy]) => this.#boundary(arn, policy)),
      ]),
      organization: scp === undefined ? organization : withScp(organization, scp),
      inventory: this.#inventory(inventory),
    }
  }

  /** The policies that edits add, by whom they are added to; that of the account has no name. */
  #added(adds: EditRow<EditKind>['adds'], kind: PolicyKind): ReadonlyMap<string, Policy> {
    const found = new Map<string, Policy>()
    for (const edit of this.#context.edits) {
      const { adds: is, subject, after } = rowOf(edit)
      const owner = subject?.(edit) ?? ''
      if (is !== adds || found.has(owner)) continue
      const text = after?.(edit, this.#context)
      if (text === undefined) continue
      const policy = parsed(text, kind)
      this.#origins.set(policy, { policy, origins: [] })
      found.set(owner, policy)
    }
    return found
  }

  #principal<Each extends Principal>(
    principal: Each,
    denied: Policy | undefined,
    hasBoundary: boolean,
  ): Each {
    const own = this.#owner(principal)
    const inline: readonly Document[] =
      denied === undefined
        ? own.inline
        : [
            ...own.inline,
            {
              policy: denied,
              source: { type: 'none', name: added.policy },
              key: `inline ${added.policy}`,
              isOfCut: true,
            },
          ]
    return {
      ...own,
      inline,
      ...(hasBoundary ? { boundary: boundaryArn(this.#world, principal) } : {}),
    }
  }

  /** A user, role or group with what is left of its policies. */
  #owner<Each extends Principal | Group>(owner: Each): Each {
    return {
      ...owner,
      inline: owner.inline.flatMap((document) => {
        const name: DocumentName = { is: 'inline', owner: owner.arn, name: document.source.name ?? '' }
        return this.#document(name, document, 'identity') ?? []
      }),
      attached: this.#kept('attached', owner.arn, owner.attached),
    }
  }

  #trust({ arn, trust }: Role): Document | undefined {
    return trust && this.#document({ is: 'trust', role: arn }, trust, 'trust')
  }

  #managed(policy: ManagedPolicy): ManagedPolicy {
    const before = currentOf(policy)
    if (before === undefined) return policy
    const after = this.#document({ is: 'managed', arn: policy.arn }, before, 'identity')
    if (after === before) return policy
    return withNewVersion(policy, after ?? { ...before, policy: parsed(emptyText('identity'), 'identity') })
  }

  /** A managed policy that is the boundary of a principal. */
  #boundary(principal: string, policy: Policy): [string, ManagedPolicy] {
    const arn = boundaryArn(this.#world, principalOf(this.#world, principal)!) // its text is made of it
    const document: Document = { policy, source: { type: 'user-managed', arn }, key: arn }
    return [
      arn,
      { arn, isCustomerManaged: true, defaultVersion: 'v1', versions: new Map([['v1', document]]) },
    ]
  }

  /** The inventory: the same one if no edit is about it, because what is known of it is kept. */
  #inventory(inventory: Inventory): Inventory {
    const { lent, resources } = inventory
    const { edits } = this.#context
    const isOfResource = edits.some((edit) => 'document' in edit && edit.document.is === 'resource')
    if (!isOfResource && this.#taken.size === 0) return inventory
    return {
      ...inventory,
      resources: isOfResource ? resources?.map((resource) => this.#resource(resource)) : resources,
      ...(lent === undefined ? {} : { lent: lent.map((loan) => this.#loan(loan)) }),
    }
  }

  #loan(loan: Lent): Lent {
    return {
      ...loan,
      roles: this.#kept('loan', loan.to, loan.roles),
      groups: this.#kept('loan groups', loan.to, loan.groups),
    }
  }

  #resource(resource: Resource): Resource {
    const { arn, policy } = resource
    if (policy === undefined) return resource
    const kind = isKey(arn) ? 'key' : 'resource'
    const left = this.#document({ is: 'resource', arn, account: this.#world.account }, policy, kind)
    if (left === policy) return resource
    if (left !== undefined || kind !== 'key') return { ...resource, policy: left }
    return { ...resource, policy: { ...policy, policy: parsed(emptyText(kind), kind) } }
  }

  /** The rest of a document: the same one if no edit is about it. */
  #document(name: DocumentName, document: Document, kind: PolicyKind): Document | undefined {
    if (!this.#changed.has(documentName(name))) return document
    const { text, origins } = this.#context.rendered(name)
    if (text === undefined) return undefined
    const policy = parsed(text, kind)
    this.#origins.set(policy, { policy: document.policy, origins })
    return { ...document, policy }
  }

  /** The rest of a list: the same one if no edit takes anything out. */
  #kept(list: Entry['list'], owner: string, values: readonly string[]): readonly string[] {
    if (this.#taken.size === 0) return values
    return values.filter((value) => !this.#taken.has(entryName({ list, owner, value })))
  }
}

function entryName({ list, owner, value }: Entry): string {
  return `${list} ${owner} ${value}`
}

function mapped<Key, Value extends object>(
  map: ReadonlyMap<Key, Value>,
  change: (value: Value) => Value,
): Map<Key, Value> {
  return new Map([...map].map(([key, value]) => [key, unlessSame(value, change(value))]))
}

/** The changed object, or the one before if nothing differs: of the same object nothing is asked again. */
function unlessSame<Each extends object>(before: Each, after: Each): Each {
  const was = new Map<string, unknown>(Object.entries(before))
  const is = Object.entries(after)
  return was.size === is.length && is.every(([key, value]) => isEqual(was.get(key), value)) ? before : after
}

function isEqual(one: unknown, other: unknown): boolean {
  if (!Array.isArray(one) || !Array.isArray(other)) return one === other
  return one.length === other.length && one.every((each, place) => each === other[place])
}

function parsed(text: string, kind: PolicyKind): Policy {
  const found = parsePolicy(text, kind, { lenient: true })
  if (!found.ok) throw new Error(`an edited policy cannot be read: ${found.message}`)
  return found.policy
}

/** An organization with an SCP more at the account, if its SCPs are known. */
function withScp(organization: Organization, policy: Policy): Organization {
  const { scps } = organization
  if (scps === undefined) return organization
  const scp: PolicySource = { policy, source: { type: 'scp', name: added.scp } }
  return {
    ...organization,
    scps: scps.map((level, place) => (place === scps.length - 1 ? [...level, scp] : level)),
  }
}
