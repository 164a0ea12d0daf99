import type { Call } from '../../authorization/index.ts'
import { type Fault, fault } from '../../base/index.ts'
import type { Found, OpenedPath } from '../../services/omen/index.ts'

/** Why a search ended early. */
export type Incomplete = NonNullable<Found['incomplete']>

/** The denial in the words of the API that is called. */
export function denialOf(call: Call, { from, name }: OpenedPath): Fault {
  const who = from.includes(`:${call.account.id}:`) ? name : from
  return deniedChange(call, `would open a path to an administrator for ${who}`)
}

/** The denial of a change of which it is not known whether it opens a path. */
export function unknownDenialOf(call: Call, { why, principals }: Incomplete): Fault {
  return deniedChange(
    call,
    `may open a path to an administrator: ${why}, and ${principals} users and roles could not be searched to the end`,
  )
}

/** The denial of a change that could not be judged. */
export function failedDenialOf(call: Call): Fault {
  return deniedChange(call, 'may open a path to an administrator: the search could not be made')
}

function deniedChange({ service, operation }: Call, what: string): Fault {
  const codes: Readonly<Record<string, string>> = { iam: 'AccessDenied', ec2: 'UnauthorizedOperation' }
  return fault(
    codes[service.id] ?? 'AccessDeniedException',
    `${service.signingName}:${operation.name} ${what}. This server refuses such changes (--refuse-new-admin-paths), except from root of the account.`,
    403,
  )
}
