import { type Fault, fault } from '../base/index.ts'
import { StaleAccount, StoreUnavailable } from '../directory/index.ts'

/**
 * Returns the fault for a call that failed because of the store or of other nodes. The caller may try again, as every AWS
 * client does by itself. Undefined for other errors.
 */
export function storeFault(error: unknown): Fault | undefined {
  if (error instanceof StoreUnavailable)
    return fault('ServiceUnavailable', 'Nothing could be kept: the store is unavailable.', 503)
  if (error instanceof StaleAccount)
    return fault('ServiceUnavailable', 'The account was changed too often meanwhile. Try again.', 503)
  return undefined
}
