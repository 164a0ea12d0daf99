import { organizationAccounts } from '../../directory/index.ts'
import type { Place } from './place.ts'
import { handshakes } from './records.ts'

/** Accounts that count against the quota: all that are in the organization, and those invited (behaviour ORG-70). */
export function accountsCounted({ management }: Place, now: number): number {
  let invited = 0
  for (const handshake of management.table(handshakes).values()) {
    if (handshake.action === 'INVITE' && handshake.state === 'OPEN' && handshake.expiresAt > now) invited++
  }
  return management.table(organizationAccounts).size + invited
}
