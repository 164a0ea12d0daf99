import { type Served, serveApi } from '../../authorization/index.ts'
import type { Organizations } from '../../model/index.ts'
import { allFeatures } from './all-features.ts'
import { createAccount } from './create-account.ts'
import { effectivePolicies } from './effective-policies.ts'
import { handshakes } from './handshakes.ts'
import { invitation } from './invitation.ts'
import { members } from './members.ts'
import { organization } from './organization.ts'
import { policies } from './policies.ts'
import { policyAttachments } from './policy-attachments.ts'
import { policyTypes } from './policy-types.ts'
import { resourcePolicy } from './resource-policy.ts'
import { tags } from './tags.ts'
import { inviteToTransfer } from './transfers/invite.ts'
import { responsibilityTransfers } from './transfers/operations.ts'
import { tree } from './tree.ts'
import { trustedServices } from './trusted-services.ts'
import { units } from './units.ts'

export { awsOrganizationPolicies } from './aws-policies.ts'
export { letters as organizationLetters } from './ids.ts'

/** Every operation of AWS Organizations. */
export const organizations = serveApi('organizations', {
  ...createAccount,
  ...allFeatures,
  ...handshakes,
  ...invitation,
  ...members,
  ...organization,
  ...policies,
  ...policyAttachments,
  ...policyTypes,
  ...resourcePolicy,
  ...tags,
  ...tree,
  ...trustedServices,
  ...units,
  // What changes no decision: management policies (tags, backup, chat and others) as they come to in an account, and
  // transfers of who pays.
  ...effectivePolicies,
  ...inviteToTransfer,
  ...responsibilityTransfers,
} satisfies Served<Organizations.Operations>)
