import type { Call } from '../../authorization/index.ts'
import type { OmenGraph } from '../../model/index.ts'
import { invalid } from './faults.ts'
import { type AnyRequest, openAccount } from './open.ts'
import { partsOf } from './world.ts'

/**
 * GetAccountDetails: what a graph is made of, one account a page: the one that is asked about, then those that are in
 * view with it. @throws Fault
 */
export function accountDetails(
  input: OmenGraph.GetAccountDetailsRequest & AnyRequest,
  call: Call,
): OmenGraph.GetAccountDetailsResponse {
  const { account, others } = openAccount(input, call)
  const all = [account, ...others]
  const place = input.nextToken === undefined ? 0 : all.findIndex(({ id }) => id === input.nextToken)
  const shown = all[place]
  if (shown === undefined) throw invalid('The nextToken is not valid: the accounts have changed.')
  const { image, inventory, organization } = partsOf(shown, call.deps)
  return {
    accountId: shown.id,
    image: JSON.stringify(image),
    inventory: JSON.stringify(inventory),
    organization: JSON.stringify(organization),
    nextToken: all[place + 1]?.id,
  }
}
