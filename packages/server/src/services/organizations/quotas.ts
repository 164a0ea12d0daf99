/** AWS's default quotas of Organizations (behaviour ORG-70). */
export const quotas = {
  /** Of an organization, the management account, closed accounts and open invitations included. */
  accounts: 10,
  units: 2_000,
  /** Units below the root. */
  depth: 5,
  policies: { SERVICE_CONTROL_POLICY: 10_000, others: 1_000 },
  /** SCPs, and RCPs, at one root, unit or account; management policies have quotas of their own. */
  attachments: 5,
  tags: 50,
  /** Organizations whose bills one manages; AWS begins with none and grants this many. */
  inboundTransfers: 1_000,
  /** Handshakes sent in one day. */
  handshakesPerDay: 20,
} as const
