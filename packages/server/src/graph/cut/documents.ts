import type { Policy } from '@omen-iam/policy'
import { accountsIn, currentOf, type Document, type Principal, type World } from '../world/world.ts'
import { type DocumentName, documentName } from './edit.ts'

/** A document, its name, and who is given what it allows. */
export interface PlacedDocument {
  readonly name: DocumentName
  readonly document: Document
}

/**
 * The documents of a world that can be edited: inline, customer managed, trust policies, and those of resources. Those of
 * roles that only AWS changes are not among them.
 */
export class Documents {
  /** Equal documents may share one policy: their sources differ. */
  readonly #byPolicy = new Map<Policy, PlacedDocument[]>()
  readonly #byName = new Map<string, Document>()

  constructor(world: World) {
    for (const each of accountsIn(world)) this.#read(each)
  }

  #read(world: World): void {
    const roles = [...world.roles.values()].filter((role) => !isProtected(role))
    for (const { arn, inline } of [...world.users.values(), ...roles, ...world.groups.values()])
      for (const document of inline)
        this.#add({ is: 'inline', owner: arn, name: document.source.name ?? '' }, document)
    for (const { arn, trust } of roles) if (trust !== undefined) this.#add({ is: 'trust', role: arn }, trust)
    for (const policy of world.policies.values()) {
      const document = currentOf(policy)
      if (policy.isCustomerManaged && document !== undefined)
        this.#add({ is: 'managed', arn: policy.arn }, document)
    }
    for (const { arn, policy } of world.inventory.resources ?? [])
      if (policy !== undefined) this.#add({ is: 'resource', arn, account: world.account }, policy)
  }

  #add(name: DocumentName, document: Document): void {
    const placed = { name, document }
    const known = this.#byPolicy.get(document.policy)
    if (known === undefined) this.#byPolicy.set(document.policy, [placed])
    else known.push(placed)
    this.#byName.set(documentName(name), document)
  }

  /** The document of a policy and its source; undefined if it cannot be edited. */
  of(policy: Policy, source: Document['source']): PlacedDocument | undefined {
    const all = this.#byPolicy.get(policy) ?? []
    return all.length === 1 ? all[0] : all.find(({ document }) => isSame(document.source, source))
  }

  /** The document of a name: every edit is about one of these. */
  named(name: DocumentName): Document {
    return this.#byName.get(documentName(name))! // as above
  }
}

/** Whether IAM changes neither the policies nor the trust policy of a principal: AWS or IAM Identity Center does. */
export function isProtected(principal: Principal): boolean {
  return principal.type === 'role' && (principal.isServiceLinked || principal.isIdentityCenter)
}

/** Whether two sources are of one document: a group's is the same for each of its users. */
function isSame(one: Document['source'], other: Document['source']): boolean {
  return (
    one.type === other.type &&
    one.arn === other.arn &&
    one.name === other.name &&
    one.inline?.owner === other.inline?.owner
  )
}

/** Whether a document only allows: taking it away can then open nothing. */
export function onlyAllows({ policy }: Document): boolean {
  return policy.statements.every(({ effect }) => effect === 'Allow')
}
