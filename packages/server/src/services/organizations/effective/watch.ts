import type { Call } from '../../../authorization/index.ts'
import { assert } from '../../../base/index.ts'
import {
  type ManagementPolicyType,
  type OrganizationAccount,
  organizationAccounts,
} from '../../../directory/index.ts'
import { type Place, placeOf } from '../place.ts'
import { lastValidPolicies } from '../records.ts'
import { recordValidity } from '../service-events.ts'
import { effectiveContent, effectivePolicies } from './effective.ts'
import type { Merged } from './merge.ts'
import { checkedTypes, validationErrors } from './validation.ts'

/**
 * Makes a change, reports the accounts whose effective policies became invalid or valid (behaviour ORG-98), and keeps the
 * last valid policy of those that are invalid (behaviour ORG-131).
 */
export function watched<T>(place: Place, call: Call, change: () => T): T {
  const before = checkedTypes.map((type) => policiesOf(place, type))
  const result = change()
  const changed = placeOf(place.management.id, call)
  assert(changed !== undefined, 'no change that is watched ends an organization')
  for (const [index, type] of checkedTypes.entries()) compare(changed, type, before[index]!, call)
  return result
}

/** Each account's policies of a type, merged. */
type Policies = ReadonlyMap<OrganizationAccount['id'], Merged>

function policiesOf(place: Place, type: ManagementPolicyType): Policies {
  if (!place.organization.enabledPolicyTypes.includes(type)) return new Map()
  const mergedOf = effectivePolicies(place, type)
  const accounts = [...place.management.table(organizationAccounts).values()]
  return new Map(accounts.map((account) => [account.id, mergedOf(account)]))
}

function compare(place: Place, type: ManagementPolicyType, before: Policies, call: Call): void {
  const lastValid = place.management.table(lastValidPolicies)
  const after = policiesOf(place, type)
  const isWrong = (merged: Merged | undefined): boolean =>
    merged !== undefined && validationErrors(merged, type).length > 0
  const accounts = place.management.table(organizationAccounts)
  for (const id of new Set([...before.keys(), ...after.keys()])) {
    const [old, now] = [before.get(id), after.get(id)]
    const account = accounts.find(id)
    const key = `${id}\n${type}`
    if (now !== undefined && isWrong(now)) {
      if (isWrong(old) || account === undefined) continue
      const content = old === undefined ? '{}' : effectiveContent(old, type)
      lastValid.put({ key, content })
      recordValidity(place, account, type, validationErrors(now, type), call)
    } else if (isWrong(old)) {
      lastValid.delete(key)
      if (account !== undefined) recordValidity(place, account, type, [], call)
    }
  }
}
