import { type Fault, fault } from '../base/index.ts'
import { type IdentifiedCall, readInput } from './catalogue/index.ts'

/** A service's refusal before it asks for permissions, as it was recorded (behaviour GRD-225). */
type Check = (input: Readonly<Record<string, unknown>>) => Fault | undefined

const checks: Readonly<Record<string, Check>> = {
  'dynamodb:ExecuteStatement': ({ Statement }) =>
    ordersWithoutWhere(Statement)
      ? invalid('Must have WHERE clause in the statement when using ORDER BY clause.')
      : undefined,
  'ssm:GetParameter': ({ Name, WithDecryption }) => ofSecrets([Name], WithDecryption),
  'ssm:GetParameters': ({ Names, WithDecryption }) => ofSecrets([Names].flat(), WithDecryption),
}

/** @throws Fault if the service refuses the call of every caller; Unreadable if it cannot be read */
export function refuseInvalid(found: IdentifiedCall): void {
  const check = checks[`${found.service.id}:${found.operation}`]
  const refused = check?.(readInput(found))
  if (refused !== undefined) throw refused
}

function invalid(message: string): Fault {
  return fault('ValidationException', message)
}

/** Only words outside quotes are clauses. */
function ordersWithoutWhere(statement: unknown): boolean {
  if (typeof statement !== 'string') return false
  const bare = statement.replace(/'(?:[^']|'')*'|"(?:[^"]|"")*"/g, "''")
  return /^\s*SELECT\b/i.test(bare) && /\bORDER\s+BY\b/i.test(bare) && !/\bWHERE\b/i.test(bare)
}

/** A secret is read only if it is decrypted. */
function ofSecrets(names: readonly unknown[], decrypted: unknown): Fault | undefined {
  const isSecret = names.some(
    (name) => typeof name === 'string' && name.includes('aws/reference/secretsmanager/'),
  )
  return isSecret && decrypted !== 'true'
    ? invalid('WithDecryption flag must be True for retrieving a Secret Manager secret.')
    : undefined
}
