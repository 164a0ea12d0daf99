/** Prefixes of the services whose resources RCPs bind; of others' resources no RCP has a say (behaviour ORG-42). */
const prefixes: ReadonlySet<string> = new Set([
  'aoss',
  'cognito-identity',
  'cognito-idp',
  'dynamodb',
  'ecr',
  'kms',
  'logs',
  's3',
  'secretsmanager',
  'sqs',
  'sts',
])

/** Whether RCPs bind an action (`sts:AssumeRole`, in any case), by its service. */
export function isBoundByRcps(action: string): boolean {
  return prefixes.has(action.slice(0, action.indexOf(':')).toLowerCase())
}
