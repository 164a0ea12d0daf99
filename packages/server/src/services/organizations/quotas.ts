import type { Call } from '../../authorization/index.ts'
import { defaultQuotas } from '../../directory/index.ts'

/** AWS's default quotas of Organizations that cannot be changed here (behaviour ORG-70). */
export const quotas = {
  /** Units below the root. */
  depth: 5,
  policies: { SERVICE_CONTROL_POLICY: 10_000, others: 1_000 },
  /** At one root, unit or account; management policies have quotas of their own. */
  attachments: { SERVICE_CONTROL_POLICY: 10, RESOURCE_CONTROL_POLICY: 5 },
  tags: 50,
  /** The share of members that can be closed within a number of days. */
  closedAccounts: { share: 0.1, least: 10, most: 1_000, days: 30 },
  /** Organizations whose bills one organization manages; AWS starts with none and grants this many. */
  inboundTransfers: 1_000,
} as const

/** Handshakes of one kind in one day, unless the quota of accounts is larger. */
const handshakesPerDay = 20

/** The quotas that `omen start --quotas` can change. */
export function quotasOf({ deps }: Call) {
  const { AccountsPerOrganization: accounts, OrganizationalUnitsPerOrganization: units } =
    deps.quotas ?? defaultQuotas
  return { accounts, units, handshakesPerDay: Math.max(handshakesPerDay, accounts) }
}
