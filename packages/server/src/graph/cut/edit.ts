import { accountOfArn } from '../world/world.ts'

/** A policy document of a world: who has it, and which it is. */
export type DocumentName =
  | { readonly is: 'inline'; readonly owner: string; readonly name: string }
  | { readonly is: 'managed'; readonly arn: string }
  | { readonly is: 'trust'; readonly role: string }
  /** The policy of a resource, and the account that has it: the ARN of a bucket does not say it. */
  | { readonly is: 'resource'; readonly arn: string; readonly account: string }

/**
 * A change that takes something away. Every kind only restricts: with more edits there are never more paths. An edit
 * with a statement is about that statement as it is before any edit.
 */
export type Edit =
  /** Takes actions out of a statement, as they are written there. */
  | {
      readonly kind: 'remove-action'
      readonly document: DocumentName
      readonly statement: number
      readonly values: readonly string[]
    }
  /** Takes resources out of a statement, as they are written there. */
  | {
      readonly kind: 'remove-resource'
      readonly document: DocumentName
      readonly statement: number
      readonly values: readonly string[]
    }
  /** Takes principals out of a trust policy or the policy of a resource, as they are written there. */
  | {
      readonly kind: 'trust' | 'resource-policy'
      readonly document: DocumentName
      readonly statement: number
      readonly values: readonly { readonly type: string; readonly value: string }[]
    }
  /** Lets a statement pass roles to other services only. */
  | {
      readonly kind: 'condition'
      readonly document: DocumentName
      readonly statement: number
      /** The service to which roles can no longer be passed. */
      readonly service: string
      /** The services to which the statement can still pass roles, this one included. */
      readonly services: readonly string[]
    }
  /** Names the roles that a statement can still pass, instead of patterns of which one fits a role. */
  | {
      readonly kind: 'narrow'
      readonly document: DocumentName
      readonly statement: number
      /** The role that can no longer be passed. */
      readonly role: string
      /** The patterns that fit it, as they are written. */
      readonly values: readonly string[]
      /** The roles that fit these patterns and that some service can be passed, this one included. */
      readonly roles: readonly string[]
    }
  /** Adds a Deny to a user or role, as an inline policy. */
  | {
      readonly kind: 'deny'
      readonly principal: string
      readonly action: string
      readonly resource: string
    }
  /** Detaches a managed policy from a user, role or group. */
  | { readonly kind: 'detach'; readonly owner: string; readonly policy: string }
  /** Takes a user out of a group. */
  | { readonly kind: 'leave-group'; readonly user: string; readonly group: string }
  /** Takes a user of IAM Identity Center out of a group of its directory; the account has the directory. */
  | {
      readonly kind: 'leave-directory-group'
      readonly user: string
      readonly group: string
      readonly account: string
    }
  /** Takes a role from a person or a machine that is no principal of IAM; the account has the loan. */
  | {
      readonly kind: 'unlend'
      readonly holder: string
      readonly role: string
      readonly account: string
    }
  /** Gives a user or role a permissions boundary that allows what its policies allow now. */
  | { readonly kind: 'boundary'; readonly principal: string }
  /** Adds a Deny to the SCPs of the account; it is named if several are in view. */
  | { readonly kind: 'scp'; readonly action: string; readonly resource: string; readonly account?: string }

export type EditKind = Edit['kind']

/** Edits of the same cost are preferred in this order: what takes away least comes first. */
const kinds: readonly EditKind[] = [
  'condition',
  'narrow',
  'remove-resource',
  'remove-action',
  'boundary',
  'trust',
  'resource-policy',
  'deny',
  'leave-group',
  'leave-directory-group',
  'unlend',
  'detach',
  'scp',
]

/** The place of an edit among those of the same cost. An account or a service in a policy is many principals: a Deny takes less. */
export function rankOf(edit: Edit): number {
  const isShared =
    (edit.kind === 'trust' || edit.kind === 'resource-policy') &&
    edit.values.some(({ type, value }) => type !== 'AWS' || !/:(?:user|role|assumed-role)\//.test(value))
  if (isShared) return 10 * kinds.indexOf('deny') + 5
  const isOfGroup = edit.kind === 'unlend' && edit.holder.startsWith('center/group/')
  return 10 * kinds.indexOf(edit.kind) + (takesAll(edit) || isOfGroup ? 1 : 0)
}

/** Whether an edit takes every action out of a statement that allows all. */
function takesAll(edit: Edit): boolean {
  return edit.kind === 'remove-action' && edit.values.includes('*')
}

/** The account that an edit changes; undefined if it is the only one in view. */
export function accountOfEdit(edit: Edit): string | undefined {
  switch (edit.kind) {
    case 'scp':
    case 'unlend':
    case 'leave-directory-group':
      return edit.account
    case 'deny':
    case 'boundary':
      return accountOfArn(edit.principal)
    case 'detach':
      return accountOfArn(edit.owner)
    case 'leave-group':
      return accountOfArn(edit.user)
    default: {
      const { document } = edit
      if (document.is === 'resource') return document.account
      return accountOfArn(
        document.is === 'inline' ? document.owner : document.is === 'trust' ? document.role : document.arn,
      )
    }
  }
}

/** The ARN of what an edit changes: a user, role, group, policy or resource; undefined if it is the account. */
export function subjectOfEdit(edit: Edit): string | undefined {
  switch (edit.kind) {
    case 'scp':
      return undefined
    case 'deny':
    case 'boundary':
      return edit.principal
    case 'detach':
      return edit.owner
    case 'leave-group':
    case 'leave-directory-group':
      return edit.user
    case 'unlend':
      return edit.holder
    default: {
      const { document } = edit
      return document.is === 'inline'
        ? document.owner
        : document.is === 'trust'
          ? document.role
          : document.arn
    }
  }
}

/** The name of an edit: equal edits have equal names. */
export function editName(edit: Edit): string {
  return JSON.stringify(edit, (key, value: unknown) =>
    key === 'services' || key === 'roles' ? undefined : value,
  )
}

/** The name of a document: equal documents have equal names. */
export function documentName(name: DocumentName): string {
  switch (name.is) {
    case 'inline':
      return `${name.owner} ${name.name}`
    case 'managed':
      return name.arn
    case 'trust':
      return `${name.role} trust`
    case 'resource':
      return `${name.arn} policy`
  }
}

/** The names of the inline policy, the boundary and the SCP that edits add. */
export const added = { policy: 'omen-break', boundary: 'omen-boundary', scp: 'omen-break' } as const
