import { defineTable } from './table.ts'

/**
 * The turn of a role's mask, kept where its mask would look like another's: a mask must not change when other roles
 * come and go. It decides nothing.
 */
export interface RoleMaskTurn {
  /** The role's unique id. */
  readonly role: string
  readonly turn: number
}

export const roleMasks = defineTable<RoleMaskTurn>({ kind: 'console/role-mask', key: (r) => r.role })

/** A role that somebody switched to, with the name and color that they gave it. */
export interface SwitchEntry {
  /** The role's account. */
  readonly account: string
  /** The role's path and name, without the leading slash. */
  readonly roleName: string
  readonly displayName?: string
  /** Six hexadecimal digits. */
  readonly color?: string
  /** The line in the top bar is hatched: the role works in production. */
  readonly hatched?: true
  readonly pinned?: true
  /** The last switch. Milliseconds of Unix time. */
  readonly at: number
}

/** The roles that one identity switched to in the console, newest first. It decides nothing. */
export interface SwitchHistory {
  /** The original identity: a user's unique id, or the ARN of a session. */
  readonly who: string
  readonly entries: readonly SwitchEntry[]
}

export const switchHistories = defineTable<SwitchHistory>({
  kind: 'console/switch-history',
  key: ({ who }) => who,
})
