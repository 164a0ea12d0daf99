import type { AccountId } from '../../packages/server/src/base/index.ts'

/** The first account of a server that names none. */
export const account = '123456789012' as AccountId // twelve digits
