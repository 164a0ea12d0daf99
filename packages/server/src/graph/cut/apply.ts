import { type Policy, type PolicyKind, type PolicySource, parsePolicy } from '@omen-iam/policy'
import { isKey } from '../world/resource-policy.ts'
import {
  accountsIn,
  type Document,
  type ManagedPolicy,
  type Person,
  type Role,
  type Thing,
  type User,
  type World,
} from '../world/world.ts'
import { boundaryText } from './boundary.ts'
import type { Documents } from './documents.ts'
import { accountOfEdit, added, type DocumentName, documentName, type Edit } from './edit.ts'
import { render } from './render.ts'
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

/** Applies edits to a copy. The world itself is not changed. */
export function applyEdits(world: World, documents: Documents, edits: readonly Edit[]): EditedWorld {
  if (world.others === undefined) return new Applier(world, documents, edits).edited()
  const origins: EditedWorld['origin'][] = []
  // An account that no edit is about is the same object.
  const [own, ...others] = accountsIn(world).map((each) => {
    const about = edits.filter((edit) => accountOfEdit(edit) === each.account)
    if (about.length === 0) return each
    const edited = new Applier(each, documents, about).edited()
    origins.push(edited.origin)
    return edited.world
  })
  return {
    world: { ...(own ?? world), others },
    origin: (policy, statement) => {
      for (const origin of origins) {
        const place = origin(policy, statement)
        if (place?.policy !== policy) return place
      }
      return { policy, statement }
    },
  }
}

class Applier {
  readonly #world: World
  readonly #documents: Documents
  readonly #edits: readonly Edit[]
  readonly #origins = new Map<
    Policy,
    { readonly policy: Policy; readonly origins: readonly (number | undefined)[] }
  >()
  /** Edits of documents, by the document's name. */
  readonly #byDocument: ReadonlyMap<string, readonly Edit[]>

  constructor(world: World, documents: Documents, edits: readonly Edit[]) {
    this.#world = world
    this.#documents = documents
    this.#edits = edits
    this.#byDocument = Map.groupBy(
      edits.filter((edit) => 'document' in edit),
      ({ document }) => documentName(document),
    )
  }

  edited(): EditedWorld {
    const { users, roles, groups, policies, organization } = this.#world
    const boundaries = this.#boundaries()
    const scps = this.#scps()
    const world: World = {
      ...this.#world,
      users: mapped(users, (user) => this.#user(user)),
      roles: mapped(roles, (role) => this.#role(role)),
      groups: mapped(groups, (group) => ({
        ...group,
        inline: this.#inline(group.arn, group.inline),
        attached: this.#attached(group.arn, group.attached),
      })),
      policies: new Map([...mapped(policies, (policy) => this.#managed(policy)), ...boundaries]),
      organization: scps === undefined ? organization : { ...organization, scps },
      inventory: this.#inventory(),
    }
    return {
      world,
      origin: (policy, statement) => {
        const rendered = this.#origins.get(policy)
        if (rendered === undefined) return { policy, statement }
        const place = rendered.origins[statement]
        return place === undefined ? undefined : { policy: rendered.policy, statement: place }
      },
    }
  }

  #user(user: User): User {
    const left = new Set(
      this.#edits.flatMap((edit) =>
        edit.kind === 'leave-group' && edit.user === user.arn ? [edit.group] : [],
      ),
    )
    return {
      ...this.#person(user),
      groups: left.size === 0 ? user.groups : user.groups.filter((group) => !left.has(group)),
    }
  }

  #role(role: Role): Role {
    const edits = this.#byDocument.get(documentName({ is: 'trust', role: role.arn }))
    const trust =
      edits === undefined || role.trust === undefined
        ? role.trust
        : this.#document(role.trust, edits, 'trust')
    return { ...this.#person(role), trust }
  }

  #person<Each extends Person>(person: Each): Each {
    const hasBoundary = this.#edits.some((edit) => edit.kind === 'boundary' && edit.principal === person.arn)
    const inline = this.#inline(person.arn, person.inline)
    const denied = this.#denied(person)
    return {
      ...person,
      inline: denied === undefined ? inline : [...inline, denied],
      attached: this.#attached(person.arn, person.attached),
      ...(hasBoundary ? { boundary: boundaryArn(this.#world, person) } : {}),
    }
  }

  #inline(owner: string, inline: readonly Document[]): readonly Document[] {
    return inline.flatMap((document) => {
      const name: DocumentName = { is: 'inline', owner, name: document.source.name ?? '' }
      const edits = this.#byDocument.get(documentName(name))
      return edits === undefined ? document : (this.#document(document, edits, 'identity') ?? [])
    })
  }

  #attached(owner: string, attached: readonly string[]): readonly string[] {
    const detached = this.#edits.flatMap((edit) =>
      edit.kind === 'detach' && edit.owner === owner ? [edit.policy] : [],
    )
    return detached.length === 0 ? attached : attached.filter((arn) => !detached.includes(arn))
  }

  #managed(policy: ManagedPolicy): ManagedPolicy {
    const edits = this.#byDocument.get(policy.arn)
    const document = policy.versions.get(policy.defaultVersion)
    if (edits === undefined || document === undefined) return policy
    return withNewVersion(policy, this.#document(document, edits, 'identity'))
  }

  #inventory(): World['inventory'] {
    const { inventory } = this.#world
    const lent = this.#lent()
    if (lent !== inventory.lent) return { ...this.#withThings(inventory), lent }
    return this.#withThings(inventory)
  }

  /** The loans that are left; the same list if no edit is about one. */
  #lent(): World['inventory']['lent'] {
    const { lent } = this.#world.inventory
    const taken = this.#edits.filter(({ kind }) => kind === 'unlend' || kind === 'leave-directory-group')
    if (lent === undefined || taken.length === 0) return lent
    return lent.map((each) => ({
      ...each,
      roles: each.roles.filter(
        (role) =>
          !taken.some((edit) => edit.kind === 'unlend' && edit.holder === each.to && edit.role === role),
      ),
      groups: each.groups.filter(
        (group) =>
          !taken.some(
            (edit) => edit.kind === 'leave-directory-group' && edit.user === each.to && edit.group === group,
          ),
      ),
    }))
  }

  #withThings(inventory: World['inventory']): World['inventory'] {
    const { things } = inventory
    if (things === undefined || ![...this.#byDocument.keys()].some((name) => name.endsWith(' policy')))
      return inventory
    return { ...inventory, things: things.map((thing) => this.#thing(thing)) }
  }

  #thing(thing: Thing): Thing {
    const { arn, policy } = thing
    const name = documentName({ is: 'resource', arn, account: this.#world.account })
    const edits = this.#byDocument.get(name)
    if (edits === undefined || policy === undefined) return thing
    const kind = kindOfResource(arn)
    const left = this.#document(policy, edits, kind)
    if (left !== undefined || kind !== 'key') return { ...thing, policy: left }
    return { ...thing, policy: { ...policy, policy: parsed(letsNobodyIn, kind) } }
  }

  #document(document: Document, edits: readonly Edit[], kind: PolicyKind): Document | undefined {
    const { text, origins } = render(document.policy, edits)
    if (text === undefined) return undefined
    const policy = parsed(text, kind)
    this.#origins.set(policy, { policy: document.policy, origins })
    return { ...document, policy }
  }

  #denied({ arn }: Person): Document | undefined {
    const text = denyText(this.#edits, arn)
    if (text === undefined) return undefined
    const policy = parsed(text, 'identity')
    this.#origins.set(policy, { policy, origins: [] })
    return { policy, source: { type: 'none', name: added.policy }, key: `inline ${added.policy}` }
  }

  #boundaries(): ReadonlyMap<string, ManagedPolicy> {
    const found = new Map<string, ManagedPolicy>()
    for (const edit of this.#edits) {
      if (edit.kind !== 'boundary') continue
      const person = this.#world.users.get(edit.principal) ?? this.#world.roles.get(edit.principal)
      if (person === undefined) continue
      const arn = boundaryArn(this.#world, person)
      const policy = parsed(boundaryText(this.#world, person), 'identity')
      this.#origins.set(policy, { policy, origins: [] })
      const document: Document = { policy, source: { type: 'user-managed', arn }, key: arn }
      found.set(arn, {
        arn,
        isCustomerManaged: true,
        defaultVersion: 'v1',
        versions: new Map([['v1', document]]),
      })
    }
    return found
  }

  #scps(): readonly (readonly PolicySource[])[] | undefined {
    const { scps } = this.#world.organization
    const text = scpText(this.#edits)
    if (scps === undefined || text === undefined) return undefined
    const policy = parsed(text, 'scp')
    this.#origins.set(policy, { policy, origins: [] })
    const more: PolicySource = { policy, source: { type: 'scp', name: added.scp } }
    return scps.map((level, place) => (place === scps.length - 1 ? [...level, more] : level))
  }

  /** The documents as they were. */
  get documents(): Documents {
    return this.#documents
  }
}

function mapped<Key, Value>(map: ReadonlyMap<Key, Value>, change: (value: Value) => Value): Map<Key, Value> {
  return new Map([...map].map(([key, value]) => [key, change(value)]))
}

function parsed(text: string, kind: PolicyKind): Policy {
  const found = parsePolicy(text, kind, { lenient: true })
  if (!found.ok) throw new Error(`an edited policy cannot be read: ${found.message}`)
  return found.policy
}

/** The kind of a resource's policy. */
export function kindOfResource(arn: string): PolicyKind {
  return isKey(arn) ? 'key' : 'resource'
}

/** The policy of a key of which nothing is left: a key always has one. */
const letsNobodyIn = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Deny', Principal: '*', Action: 'none:null', Resource: '*' }],
})

/** The inline policy that denies what edits take from a principal; undefined if they take nothing. */
export function denyText(edits: readonly Edit[], principal: string): string | undefined {
  return deniesOf(
    edits.flatMap((edit) => (edit.kind === 'deny' && edit.principal === principal ? [edit] : [])),
  )
}

/** The SCP that denies what edits take from the account; undefined if they take nothing. */
export function scpText(edits: readonly Edit[]): string | undefined {
  return deniesOf(edits.flatMap((edit) => (edit.kind === 'scp' ? [edit] : [])))
}

function deniesOf(
  denied: readonly { readonly action: string; readonly resource: string }[],
): string | undefined {
  if (denied.length === 0) return undefined
  const byResource = Map.groupBy(denied, ({ resource }) => resource)
  const Statement = [...byResource].map(([Resource, all]) => {
    const actions = [...new Set(all.map(({ action }) => action))].sort()
    return { Effect: 'Deny', Action: actions.length === 1 ? actions[0] : actions, Resource }
  })
  return JSON.stringify({ Version: '2012-10-17', Statement }, undefined, 2)
}

/** The ARN of the boundary that an edit adds. */
export function boundaryArn({ partition, account }: World, { type, name }: Person): string {
  return `arn:${partition}:iam::${account}:policy/${added.boundary}-${type}-${name}`.slice(0, 512)
}
