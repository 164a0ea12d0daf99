const readVerbs = /^(?:Get|List|Describe|Lookup|Simulate|Decode|Search|BatchGet|BatchDescribe|BatchList)/

/** Operations whose events do not say what their verb says (behaviours TRL-11 and TRL-15). */
const exceptions: Readonly<Record<string, boolean>> = {
  'sts AssumeRole': true,
  'sts AssumeRoleWithSAML': true,
  'sts AssumeRoleWithWebIdentity': true,
  'sts AssumeRoot': true,
  'sts GetFederationToken': false,
  'sts GetDelegatedAccessToken': false,
  'iam GenerateCredentialReport': true,
  'iam GenerateServiceLastAccessedDetails': true,
  'iam GenerateOrganizationsAccessReport': true,
}

/** Whether CloudTrail calls the operation one that only reads. */
export function isReadOnly(service: string, operation: string): boolean {
  return exceptions[`${service} ${operation}`] ?? readVerbs.test(operation)
}

/** Operations of STS that only tell; every other one hands credentials out. */
const tellers = new Set(['GetCallerIdentity', 'GetAccessKeyInfo', 'DecodeAuthorizationMessage'])

/**
 * Whether the answer holds credentials: their event is on the disk before the answer leaves, whatever readOnly
 * says (behaviour TRL-50).
 */
export function makesSession(service: string, operation: string): boolean {
  return service === 'sts' && !tellers.has(operation)
}
