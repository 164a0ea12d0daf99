import type { AccessRequest, Call, ContextKeys, EventNotes, Operation } from '../../authorization/index.ts'
import type { AccountId } from '../../base/index.ts'
import { organizationAccounts } from '../../directory/index.ts'
import { watched } from './effective/watch.ts'
import { refuse } from './faults.ts'
import { findPlace, getPlace, type Place } from './place.ts'
import { toldOf } from './service-events.ts'
import { resourceTags } from './tag.ts'
import { arnOf, findThing } from './thing.ts'

/**
 * Who may call an operation, beside the permission that they need (behaviours ORG-10 to ORG-13):
 * `management`: the management account alone.
 * `policyAdministrators`: it, and members that the organization's resource policy lets do it.
 * `administrators`: these, and members that are a delegated administrator of any service.
 * `members`: every account of the organization.
 */
export type Reach = 'management' | 'policyAdministrators' | 'administrators' | 'members'

/** An operation's meaning as HOUSE has it, within the organization that the caller's account belongs to. */
export interface Entry<Input, Output, Prepared> {
  readonly accounts?: (input: Input, place: Place) => readonly AccountId[]
  /** What the action is asked on: ids of things that are there, or ARNs of what is to be. Left out: `*`. */
  on?(input: Input, place: Place, call: Call): string | readonly string[]
  context?(input: Input, place: Place, call: Call): ContextKeys
  /** Further questions, behind the operation's own. */
  also?(input: Input, place: Place): readonly AccessRequest[]
  readonly prepare?: (input: Input, call: Call) => Promise<Prepared>
  /** Whether it may change what policies come to in accounts. */
  readonly movesPolicies?: boolean
  run(input: Input, place: Place, call: Call, prepared: Prepared): Output
  readonly event?: (input: Input, output: Returned<Output> | undefined, call: Call) => EventNotes
}

/** What `run` returns, where nothing is undefined. */
type Returned<Output> = Output extends void ? undefined : Output

/** An operation on the caller's organization. */
export function within<Input, Output, Prepared = undefined>(
  reach: Reach,
  entry: Entry<Input, Output, Prepared>,
): Operation<Input, Returned<Output>, Prepared> {
  const { accounts, prepare, event } = entry
  return {
    requests(input, call) {
      const action = `organizations:${call.operation.name}`
      const place = findPlace(call)
      if (place === undefined) return [{ action, resource: '*' }]
      const keys = entry.context?.(input, place, call)
      const own = [entry.on?.(input, place, call) ?? '*'].flat().map((on) => ask(action, on, keys, place))
      const side = resourceSide(reach, place, call)
      return [...own, ...(entry.also?.(input, place) ?? [])].map((request) => ({ ...request, ...side }))
    },
    ...(accounts && {
      accounts: (input, call) => {
        const place = findPlace(call)
        return place === undefined ? [] : accounts(input, place)
      },
    }),
    ...(prepare && { prepare }),
    event: (input, output, call) => ({ ...event?.(input, output, call), ...toldOf(call) }),
    run(input, call, prepared) {
      const place = getPlace(call)
      if (!mayCall(reach, place, call)) throw refuse('AccessDeniedException')
      const run = () => entry.run(input, place, call, prepared)
      const output = entry.movesPolicies === true ? watched(place, call, run) : run()
      return output as Returned<Output> // a function that returns nothing returns undefined
    },
  }
}

function ask(action: string, on: string, keys: ContextKeys | undefined, place: Place): AccessRequest {
  if (on === '*' || on.startsWith('arn:')) return { action, resource: on, ...(keys && { context: keys }) }
  const context = { ...resourceTags(findThing(place, on)?.tags), ...keys }
  return { action, resource: arnOf(place, on), context }
}

/**
 * Who must say yes for a member. What the organization's resource policy lends needs a yes there and in the
 * member's own account; what comes with membership or a delegation needs the latter only.
 */
function resourceSide(reach: Reach, place: Place, call: Call): Partial<AccessRequest> {
  const { management, organization } = place
  if (management === call.account) return {}
  const lent = organization.resourcePolicy
  if (lent === undefined || !lends(reach) || (reach === 'administrators' && isAdministrator(place, call)))
    return { resourceAccount: call.account.id }
  return {
    resourceAccount: management.id,
    resourcePolicy: { document: lent.content, grant: 'either' },
  }
}

function mayCall(reach: Reach, place: Place, call: Call): boolean {
  if (reach === 'members' || place.management === call.account) return true
  // whether the resource policy lends this very operation was asked before
  if (lends(reach) && place.organization.resourcePolicy !== undefined) return true
  return reach === 'administrators' && isAdministrator(place, call)
}

function lends(reach: Reach): boolean {
  return reach === 'administrators' || reach === 'policyAdministrators'
}

/** Whether the caller's account is a delegated administrator of any service. */
export function isAdministrator({ management }: Place, call: Call): boolean {
  return (management.table(organizationAccounts).find(call.account.id)?.administers.length ?? 0) > 0
}
