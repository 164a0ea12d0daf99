import { readFileSync } from 'node:fs'
import { defaultQuotas, type Quotas } from '../directory/index.ts'
import { didYouMean } from './environment.ts'
import { badConfiguration } from './failure.ts'
import { messageOf } from './home.ts'

/**
 * Quotas from a JSON file: AWS's names with other numbers, for example `{ "RolesPerAccount": 5000 }`. @throws
 * CommandFailure if the file cannot be read, a name is unknown, or a value is not a whole number
 */
export function readQuotas(file: string): Partial<Quotas> {
  let value: unknown
  try {
    value = JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    throw badConfiguration(`the quotas ${file} cannot be read: ${messageOf(error)}`)
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw badConfiguration(`the quotas ${file} must be a JSON object: {"RolesPerAccount": 5000}`)
  }
  const names = Object.keys(defaultQuotas)
  for (const [name, quota] of Object.entries(value)) {
    if (!names.includes(name))
      throw badConfiguration(`${file}: unknown quota ${name}${didYouMean(name, names)}`)
    if (!Number.isSafeInteger(quota) || quota < 0)
      throw badConfiguration(`${file}: ${name} must be a whole number`)
  }
  return value as Partial<Quotas> // names and numbers were checked above
}
