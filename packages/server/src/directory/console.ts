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
