import { asRecord, textsAt, Unreadable } from './input.ts'
import { repeatsNames } from './json-names.ts'

/**
 * The role in the parameters of an AWS Service Catalog constraint, which are a text in JSON: by its ARN, or by its
 * name in the account where the product is launched. Constraints of other kinds have none. @throws Unreadable if the
 * text is not JSON, or has a member twice
 */
export function rolesInConstraint(text: string): readonly string[] {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new Unreadable('The parameters of the constraint are no JSON')
  }
  if (repeatsNames(text)) throw new Unreadable('The parameters of the constraint name a member twice')
  return Object.keys(asRecord(value) ?? {})
    .filter((name) => /^(?:RoleArn|LocalRoleName)$/i.test(name))
    .flatMap((name) => textsAt(value, [name]))
}
