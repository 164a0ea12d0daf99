import type { Call, Dependencies } from '../../authorization/index.ts'
import { perObject } from '../../base/index.ts'
import { Guesses } from '../../directory/index.ts'

/** A window of verifications begins every three minutes of UTC (behaviour STS-41). */
const window = 180_000

const countsIn = perObject(
  ({ directory }: Dependencies) => new Guesses(directory.store, { window, most: 9, kept: 10_000 }),
)

/**
 * Counts a verification of a device's code, over all nodes and once for a call however often it is run. Returns false if
 * there were too many in this window: then the code must not be checked.
 */
export function mayVerify(serial: string, { deps, account, now, id }: Call): Promise<boolean> {
  return countsIn(deps).take(`mfa ${account.id} ${serial} ${Math.floor(now / window)}`, now, id)
}
