import type { AccessRequest, Call, ContextKeys, EventNotes, Operation } from '../../authorization/index.ts'
import { type AccountId, perText } from '../../base/index.ts'
import { type Account, organizationAccounts } from '../../directory/index.ts'
import { watched } from './effective/watch.ts'
import { refuse } from './faults.ts'
import { findPlace, getPlace, type Place } from './place.ts'
import { arnOf, findResource } from './resource.ts'
import { serviceEventsOf } from './service-events.ts'
import { resourceTags } from './tag.ts'

/**
 * Which accounts may call an operation, beside the permission that they need (behaviours ORG-10 to ORG-13):
 * `management`: the management account alone. `policyAdministrators`: also members that the organization's resource
 * policy permits. `administrators`: also members that are a delegated administrator of any service. `members`: every
 * account of the organization.
 */
export type Reach = 'management' | 'policyAdministrators' | 'administrators' | 'members'

/** The meaning of an operation within the organization of the caller's account. */
export interface Entry<Input, Output, Prepared> {
  readonly accounts?: (input: Input, place: Place) => readonly AccountId[]
  /** The resources of the action: ids of existing ones, or ARNs of future ones. By default `*`. */
  on?(input: Input, place: Place, call: Call): string | readonly string[]
  context?(input: Input, place: Place, call: Call): ContextKeys
  /** Further questions, after the operation's own. */
  also?(input: Input, place: Place): readonly AccessRequest[]
  readonly prepare?: (input: Input, call: Call) => Promise<Prepared>
  /** Whether it may change the effective policies of accounts. */
  readonly movesPolicies?: boolean
  run(input: Input, place: Place, call: Call, prepared: Prepared): Output
  readonly event?: (input: Input, output: Returned<Output> | undefined, call: Call) => EventNotes
}

/** The result of `run`, without undefined members. */
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
      const requests = [entry.on?.(input, place, call) ?? '*']
        .flat()
        .map((on) => ask(action, on, keys, place))
      const side = resourceSide(reach, place, call)
      return [...requests, ...(entry.also?.(input, place) ?? [])].map((request) => ({ ...request, ...side }))
    },
    ...(accounts && {
      accounts: (input, call) => {
        const place = findPlace(call)
        return place === undefined ? [] : accounts(input, place)
      },
    }),
    ...(prepare && { prepare }),
    event: (input, output, call) => ({ ...event?.(input, output, call), ...serviceEventsOf(call) }),
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
  const context = { ...resourceTags(findResource(place, on)?.tags), ...keys }
  return { action, resource: arnOf(place, on), context }
}

/**
 * Every question is about the management account's resources (behaviour ORG-107). A member needs an Allow of its own
 * account and one of the organization's resource policy. What comes with membership or a delegation has the latter's
 * Allow without being named there; its Denys bind all the same (behaviour ORG-106).
 */
function resourceSide(reach: Reach, place: Place, call: Call): Partial<AccessRequest> {
  const { management, organization } = place
  if (management === call.account) return { resourceAccount: management.id }
  const document = organization.resourcePolicy?.content
  const isLoan = lends(reach) && !(reach === 'administrators' && isAdministrator(place, call))
  return isLoan ? sideOf(management, document) : membershipIn(management, document)
}

/** The part of a question about a management account's resource by a member that needs no Allow there. */
export function membershipIn(management: Account, document = noStatements): Partial<AccessRequest> {
  return sideOf(management, withMembership(document))
}

function sideOf({ id }: Account, document: string | undefined): Partial<AccessRequest> {
  return { resourceAccount: id, resourcePolicy: { document, grant: 'either' } }
}

const noStatements = '{"Version":"2012-10-17","Statement":[]}'

/** Returns a resource policy with a last statement that allows what comes with membership. */
const withMembership = perText((document): string => {
  const policy = JSON.parse(document) as { readonly Statement: object | readonly object[] } // checked when it was put
  const membership = { Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' }
  return JSON.stringify({ ...policy, Statement: [policy.Statement, membership].flat() })
})

function mayCall(reach: Reach, place: Place, call: Call): boolean {
  if (reach === 'members' || place.management === call.account) return true
  // whether the resource policy delegates this operation was asked before
  if (lends(reach) && place.organization.resourcePolicy !== undefined) return true
  return reach === 'administrators' && isAdministrator(place, call)
}

function lends(reach: Reach): boolean {
  return reach === 'administrators' || reach === 'policyAdministrators'
}

/** Returns whether the caller's account is a delegated administrator of any service. */
export function isAdministrator({ management }: Place, call: Call): boolean {
  return (management.table(organizationAccounts).find(call.account.id)?.administers.length ?? 0) > 0
}
