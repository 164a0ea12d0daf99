import { defineTable } from './table.ts'

/**
 * The variant of a role's mask, kept if the mask would otherwise look like another one: a mask must not change when
 * other roles are created or deleted. It affects no decision.
 */
export interface RoleMaskTurn {
  /** The role's unique id. */
  readonly role: string
  readonly turn: number
}

export const roleMasks = defineTable<RoleMaskTurn>({ kind: 'console/role-mask', key: (r) => r.role })

/** A role that a user switched to, with the display name and color that the user chose. */
export interface SwitchEntry {
  /** The role's account. */
  readonly account: string
  /** The role's path and name, without the leading slash. */
  readonly roleName: string
  readonly displayName?: string
  /** Six hexadecimal digits. */
  readonly color?: string
  /** Whether the line in the top bar is hatched: the role works in production. */
  readonly hatched?: true
  readonly pinned?: true
  /** The last switch, in milliseconds of Unix time. */
  readonly at: number
}

/** The roles that one identity switched to in the console, newest first. The list affects no decision. */
export interface SwitchHistory {
  /** The original identity: a user's unique id, or the ARN of a session. */
  readonly who: string
  readonly entries: readonly SwitchEntry[]
}

export const switchHistories = defineTable<SwitchHistory>({
  kind: 'console/switch-history',
  key: ({ who }) => who,
})

/** A sign-in that was ended before its time: its tickets are no longer accepted. */
export interface EndedSignIn {
  /** The id that all sessions of the sign-in carry. */
  readonly signIn: string
  /** When it would have ended by itself. Milliseconds since the epoch. */
  readonly expiresAt: number
}

export const endedSignIns = defineTable<EndedSignIn>({ kind: 'console/ended-sign-in', key: (r) => r.signIn })
