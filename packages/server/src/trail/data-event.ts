/**
 * Operations whose events are about the content of a resource, or about work that it does, not about the resource
 * itself.
 */
const dataOperations = new Set([
  'lambda Invoke',
  'cognito-identity GetCredentialsForIdentity',
  'cognito-identity GetId',
  'cognito-identity GetOpenIdToken',
])

/**
 * Returns whether the operation's event is a data event (behaviour TRL-56). Those of IAM, STS and Organizations never
 * are.
 */
export function isDataEvent(service: string, operation: string): boolean {
  return dataOperations.has(`${service} ${operation}`)
}
