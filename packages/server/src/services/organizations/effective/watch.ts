import type { Call } from '../../../authorization/index.ts'
import { type AccountId, assert } from '../../../base/index.ts'
import { type ManagementPolicyType, organizationAccounts } from '../../../directory/index.ts'
import { getMember, type Place, placeOf } from '../place.ts'
import { recordValidity } from '../service-events.ts'
import { effectivePolicy, effectiveTest } from './effective.ts'
import { validationErrors } from './validation.ts'

/** The only type whose effective policies are checked (behaviour ORG-96). */
const watchedType: ManagementPolicyType = 'BACKUP_POLICY'

/** Makes a change, and reports the accounts whose effective policies became invalid or valid (behaviour ORG-98). */
export function watched<T>(place: Place, call: Call, change: () => T): T {
  const before = invalidAccounts(place)
  const result = change()
  const changed = placeOf(place.management.id, call)
  assert(changed !== undefined, 'no change that is watched ends an organization')
  const after = invalidAccounts(changed)
  for (const id of after) {
    if (before.has(id)) continue
    const account = getMember(changed, id)
    const effective = effectivePolicy(changed, account, watchedType)
    const errors = effective === undefined ? [] : validationErrors(effective.merged, watchedType)
    recordValidity(changed, account, watchedType, errors, call)
  }
  for (const id of before) {
    if (!after.has(id)) recordValidity(changed, getMember(changed, id), watchedType, [], call)
  }
  return result
}

function invalidAccounts(place: Place): ReadonlySet<AccountId> {
  if (!place.organization.enabledPolicyTypes.includes(watchedType)) return new Set()
  const isInvalid = effectiveTest(
    place,
    watchedType,
    (effective) => validationErrors(effective, watchedType).length > 0,
  )
  const accounts = [...place.management.table(organizationAccounts).values()]
  return new Set(accounts.filter(isInvalid).map(({ id }) => id))
}
