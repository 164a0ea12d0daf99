const readVerbs = /^(?:Get|List|Describe|Lookup|Simulate|Decode|Search|BatchGet|BatchDescribe|BatchList)/

/** Operations whose events have another `readOnly` than their verb suggests (behaviours TRL-11 and TRL-15). */
const exceptions: Readonly<Record<string, boolean>> = {
  'cognito-identity GetCredentialsForIdentity': false,
  'cognito-identity GetId': false,
  'cognito-identity GetOpenIdToken': false,
  'eks-auth AssumeRoleForPodIdentity': true,
  'signin AuthorizeOAuth2Access': true,
  'signin CreateOAuth2Token': true,
  'signin CreateOAuth2TokenWithIAM': true,
  'signin IntrospectOAuth2TokenWithIAM': true,
  'sts AssumeRole': true,
  'sts AssumeRoleWithSAML': true,
  'sts AssumeRoleWithWebIdentity': true,
  'sts AssumeRoot': true,
  'sts GetFederationToken': false,
  'sts GetSessionToken': false,
  'sts GetWebIdentityToken': false,
  'sts GetDelegatedAccessToken': false,
  'iam GenerateCredentialReport': true,
  'iam GenerateServiceLastAccessedDetails': true,
  'iam GenerateOrganizationsAccessReport': true,
}

/** Returns whether CloudTrail calls the operation read-only. */
export function isReadOnly(service: string, operation: string): boolean {
  return exceptions[`${service} ${operation}`] ?? readVerbs.test(operation)
}

/** Operations of other services that hand out credentials, or what leads to them. */
const handsOut = new Set([
  'account-access-runtime GetRoleCredentials',
  'signin AuthorizeOAuth2Access',
  'signin CreateOAuth2Token',
  'signin CreateOAuth2TokenWithIAM',
  'cognito-identity GetCredentialsForIdentity',
  'cognito-identity GetOpenIdToken',
  'cognito-identity GetOpenIdTokenForDeveloperIdentity',
  'eks-auth AssumeRoleForPodIdentity',
  'rolesanywhere CreateSession',
  'sso GetRoleCredentials',
  'sso-oidc CreateToken',
])

/** Operations of STS that only read. Every other one hands out credentials. */
const reading = new Set(['GetCallerIdentity', 'GetAccessKeyInfo', 'DecodeAuthorizationMessage'])

/**
 * Returns whether the answer holds credentials. Such an event is on the disk before the answer leaves, whatever
 * readOnly is (behaviour TRL-50).
 */
export function makesSession(service: string, operation: string): boolean {
  return (service === 'sts' && !reading.has(operation)) || handsOut.has(`${service} ${operation}`)
}
