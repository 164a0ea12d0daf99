import { type Served, serveApi } from '../../authorization/index.ts'
import type { Iam } from '../../model/index.ts'
import { accessKeyFamily } from './access-keys.ts'
import { accountAliasFamily } from './account-alias.ts'
import { accountSummaryFamily } from './account-summary.ts'
import { authorizationDetailsFamily } from './authorization-details.ts'
import { changePasswordFamily } from './credentials/change-password.ts'
import { loginProfileFamily } from './credentials/login-profiles.ts'
import { mfaDeviceFamily } from './credentials/mfa-devices.ts'
import { passwordPolicyFamily } from './credentials/password-policy.ts'
import { serverCertificateFamily } from './credentials/server-certificates.ts'
import { serviceCredentialFamily } from './credentials/service-credentials.ts'
import { signingCertificateFamily } from './credentials/signing-certificates.ts'
import { sshPublicKeyFamily } from './credentials/ssh-public-keys.ts'
import { virtualMfaDeviceFamily } from './credentials/virtual-mfa-devices.ts'
import { delegationFamily } from './delegation/operations.ts'
import { entitiesForPolicyFamily } from './entities-for-policy.ts'
import { accountPropertiesFamily } from './features/account-properties.ts'
import { outboundFederationFamily } from './features/outbound-federation.ts'
import { roleTemplateFamily } from './features/role-templates.ts'
import { rootAccessFamily } from './features/root-access.ts'
import { groupFamily } from './groups.ts'
import { attachmentFamily, boundaryFamily, inlinePolicyFamily, tagFamily } from './identities.ts'
import { instanceProfileFamily } from './instance-profiles.ts'
import { policyFamily } from './policies.ts'
import { policyVersionFamily } from './policy-versions.ts'
import { oidcProviderFamily } from './providers/oidc-providers.ts'
import { samlProviderFamily } from './providers/saml-providers.ts'
import { credentialReportFamily } from './reports/credential-report.ts'
import { grantingPoliciesFamily } from './reports/granting-policies.ts'
import { lastAccessedFamily } from './reports/last-accessed.ts'
import { organizationsReportFamily } from './reports/organizations-report.ts'
import { roleFamily } from './roles.ts'
import { serviceLinkedRoleFamily } from './service-linked-roles.ts'
import { simulationFamily } from './simulation/operations.ts'
import { userFamily } from './users.ts'

export { readSamlMetadata } from './providers/saml-metadata.ts'
export { newSamlId, samlValidity } from './providers/saml-providers.ts'
export { rewrittenTrust } from './shown-trust.ts'

/** AWS Identity and Access Management: every operation of the model. */
export const iam = serveApi('iam', {
  ...accessKeyFamily,
  ...accountAliasFamily,
  ...accountPropertiesFamily,
  ...accountSummaryFamily,
  ...attachmentFamily,
  ...authorizationDetailsFamily,
  ...boundaryFamily,
  ...changePasswordFamily,
  ...credentialReportFamily,
  ...delegationFamily,
  ...entitiesForPolicyFamily,
  ...grantingPoliciesFamily,
  ...groupFamily,
  ...inlinePolicyFamily,
  ...instanceProfileFamily,
  ...lastAccessedFamily,
  ...loginProfileFamily,
  ...mfaDeviceFamily,
  ...oidcProviderFamily,
  ...organizationsReportFamily,
  ...outboundFederationFamily,
  ...passwordPolicyFamily,
  ...policyFamily,
  ...policyVersionFamily,
  ...roleFamily,
  ...roleTemplateFamily,
  ...rootAccessFamily,
  ...samlProviderFamily,
  ...serverCertificateFamily,
  ...serviceCredentialFamily,
  ...serviceLinkedRoleFamily,
  ...signingCertificateFamily,
  ...simulationFamily,
  ...sshPublicKeyFamily,
  ...tagFamily,
  ...userFamily,
  ...virtualMfaDeviceFamily,
} satisfies Served<Iam.Operations>)
