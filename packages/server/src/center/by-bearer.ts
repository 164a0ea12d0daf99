import type { Call } from '../authorization/index.ts'
import { type AccountId, peopleBeside } from '../base/index.ts'
import type { CenterCaller } from '../session/index.ts'
import type { StoredEvent } from '../store/index.ts'
import { type AtPortal, centerCaller, ownerInToken } from './portal.ts'

/** The parts in which operations with bearer tokens differ. */
export interface ByBearer<Input> {
  readonly tokenOf: (input: Input) => string
  /** Returns the person of a token now. @throws Fault UnauthorizedException */
  readonly personAt: (token: string, call: Call) => AtPortal
  /** Makes the event of a call; the output is undefined if the call was refused. */
  readonly eventOf: (call: Call, caller: CenterCaller, output: unknown, input: Input) => StoredEvent
}

/** Returns the members of an operation of which a bearer token of IAM Identity Center is the permission. */
export function byBearer<Input>({ tokenOf, personAt, eventOf }: ByBearer<Input>) {
  return {
    accounts: (input: Input): readonly AccountId[] => {
      const owner = ownerInToken(tokenOf(input))
      return owner === undefined ? [] : [owner, peopleBeside(owner)]
    },
    identify: async (input: Input, call: Call): Promise<CenterCaller> => {
      const person = personAt(tokenOf(input), call)
      return centerCaller(person, person.open.grant.id)
    },
    requests: () => [],
    event: (input: Input, output: unknown, call: Call) => ({
      unrecorded: true as const,
      further: call.caller.kind === 'center' ? [eventOf(call, call.caller, output, input)] : [],
    }),
  }
}
