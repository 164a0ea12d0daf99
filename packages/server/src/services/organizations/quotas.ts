import type { Call } from '../../authorization/index.ts'
import { defaultQuotas } from '../../directory/index.ts'

/** AWS's default quotas of Organizations that nothing here changes (behaviour ORG-70). */
export const quotas = {
  /** Units below the root. */
  depth: 5,
  policies: { SERVICE_CONTROL_POLICY: 10_000, others: 1_000 },
  /** At one root, unit or account; management policies have quotas of their own. */
  attachments: { SERVICE_CONTROL_POLICY: 10, RESOURCE_CONTROL_POLICY: 5 },
  tags: 50,
  /** Of the members, those that can be closed within some days. */
  closedAccounts: { share: 0.1, least: 10, most: 1_000, days: 30 },
  /** Organizations whose bills one manages; AWS begins with none and grants this many. */
  inboundTransfers: 1_000,
} as const

/** Handshakes of one kind sent in one day, where the accounts of the organization may not be more. */
const handshakesPerDay = 20

/** The quotas that `omen start --quotas` can change. */
export function quotasOf({ house }: Call) {
  const { AccountsPerOrganization: accounts, OrganizationalUnitsPerOrganization: units } =
    house.quotas ?? defaultQuotas
  return { accounts, units, handshakesPerDay: Math.max(handshakesPerDay, accounts) }
}
