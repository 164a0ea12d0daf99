import { accountOfArn } from '../world/world.ts'

/** A policy document of a world: who has it, and which it is. */
export type DocumentName =
  | { readonly is: 'inline'; readonly owner: string; readonly name: string }
  | { readonly is: 'managed'; readonly arn: string }
  | { readonly is: 'trust'; readonly role: string }
  /** The policy of a resource, and the account that has it: the ARN of a bucket does not say it. */
  | { readonly is: 'resource'; readonly arn: string; readonly account: string }

/** A statement as it is before any edit. */
export interface OfStatement {
  readonly document: DocumentName
  readonly statement: number
}

/** Values of an element of a statement, as they are written there. */
interface Values extends OfStatement {
  readonly values: readonly string[]
}

interface Principals extends OfStatement {
  readonly values: readonly { readonly type: string; readonly value: string }[]
}

interface Plain {
  /** Whether it takes a policy of AWS away, which nobody can edit, that lets a principal be given more permissions. */
  readonly isPlain?: boolean
}

/** The content of an edit of each kind. */
interface Edits {
  /** Lets a statement pass roles to other services only. */
  condition: OfStatement & {
    /** The service to which roles can no longer be passed. */
    readonly service: string
    /** The services to which the statement can still pass roles, this one included. */
    readonly services: readonly string[]
  }
  /** Names the roles that a statement can still pass, instead of patterns of which one fits a role. */
  narrow: Values & {
    /** The role that can no longer be passed. */
    readonly role: string
    /** The roles that fit the patterns and that some service can be passed, this one included. */
    readonly roles: readonly string[]
  }
  /** Takes resources out of a statement. */
  'remove-resource': Values
  /** Takes actions out of a statement. */
  'remove-action': Values
  /** Takes a statement away whose actions cannot be taken out one by one: it has `NotAction`. */
  'remove-statement': OfStatement
  /** Gives a user or role a permissions boundary that allows what its policies allow now. */
  boundary: { readonly principal: string }
  /** Takes principals out of a trust policy. */
  trust: Principals
  /** Takes principals out of the policy of a resource. */
  'resource-policy': Principals
  /** Adds a Deny to a user or role, as an inline policy. */
  deny: { readonly principal: string; readonly action: string; readonly resource: string }
  /** Takes a user out of a group. */
  'leave-group': { readonly user: string; readonly group: string } & Plain
  /** Takes a user of IAM Identity Center out of a group of its directory; the account has the directory. */
  'leave-directory-group': { readonly user: string; readonly group: string; readonly account: string }
  /** Takes a role from a person or a machine that is no principal of IAM; the account has the loan. */
  unlend: { readonly holder: string; readonly role: string; readonly account: string }
  /** Detaches a managed policy from a user, role or group. */
  detach: { readonly owner: string; readonly policy: string } & Plain
  /** Adds a Deny to the SCPs of the account; it is named if several are in view. */
  scp: { readonly action: string; readonly resource: string; readonly account?: string }
}

export type EditKind = keyof Edits

/** An edit of a kind. */
export type EditOf<Kind extends EditKind> = { [Each in Kind]: { readonly kind: Each } & Edits[Each] }[Kind]

/** A change that takes something away. Every kind only restricts: with more edits there are never more paths. */
export type Edit = EditOf<EditKind>

/** An edit of a statement of a document. */
type StatementEdit = Extract<Edit, OfStatement>

/** A kind of edits of statements. */
export type StatementKind = StatementEdit['kind']

const unnamed: ReadonlySet<string> = new Set(['services', 'roles', 'isPlain'])

/** The name of an edit: equal edits have equal names. */
export function editName(edit: Edit): string {
  return JSON.stringify(edit, (key, value: unknown) => (unnamed.has(key) ? undefined : value))
}

/** The ARN of the user, role, group, policy or resource that has a document. */
export function ownerOfDocument(name: DocumentName): string {
  return name.is === 'inline' ? name.owner : name.is === 'trust' ? name.role : name.arn
}

/** The account that has a document. */
export function accountOfDocument(name: DocumentName): string {
  return name.is === 'resource' ? name.account : accountOfArn(ownerOfDocument(name))
}

const suffixes = { managed: '', trust: ' trust', resource: ' policy' } as const

/** The name of a document: equal documents have equal names. */
export function documentName(name: DocumentName): string {
  return `${ownerOfDocument(name)}${name.is === 'inline' ? ` ${name.name}` : suffixes[name.is]}`
}

/** The edits of a document. */
export function editsOf(document: DocumentName, edits: readonly Edit[]): readonly StatementEdit[] {
  const name = documentName(document)
  return edits.filter(
    (edit): edit is StatementEdit => 'document' in edit && documentName(edit.document) === name,
  )
}
