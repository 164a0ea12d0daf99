import type { Call, ContextKeys, EventNotes, Operation } from '../../authorization/index.ts'
import { type AccountId, type Fault, fault } from '../../base/index.ts'
import {
  type CenterPlace,
  catalogueRequests,
  centersInView,
  checkManages,
  instanceArn,
  manages,
  notAllowed,
} from '../../center/index.ts'
import { type PermissionSet, permissionSets } from '../../directory/index.ts'
import type { StoredEvent } from '../../store/index.ts'

/** The members that name what an operation is about. */
interface About {
  readonly InstanceArn?: string | undefined
  readonly PermissionSetArn?: string | undefined
  readonly TargetId?: string | undefined
  readonly AccountId?: string | undefined
}

/** The meaning of an operation on an instance. */
export interface Entry<Input, Output> {
  /** Whether only readers who manage the instance may ask; default: they must. */
  readonly seen?: true
  context?(input: Input): ContextKeys
  accounts?(input: Input, place: CenterPlace): readonly AccountId[]
  run(input: Input, place: CenterPlace, call: Call): Output
  event?(input: Input): EventNotes
}

/** Events that an operation leaves in other accounts. */
const eventsByCall = new WeakMap<object, StoredEvent[]>()

/** Notes events that are stored with the call's own. */
export function alsoRecorded(call: Call, events: readonly StoredEvent[]): void {
  const key = call.marks ?? call
  eventsByCall.set(key, [...(eventsByCall.get(key) ?? []), ...events])
}

/** An operation on an instance: it asks for each resource that the catalogue names, then for the caller's role in the instance. */
export function within<Input extends About, Output>(
  entry: Entry<Input, Output>,
): Operation<Input, Output extends void ? undefined : Output> {
  return {
    requests: (input, call) =>
      catalogueRequests(
        `sso:${call.operation.name}`,
        variablesOf(input),
        { ...tagsOf(input, call), ...entry.context?.(input) },
        call.account,
      ),
    accounts: (input, call) => {
      eventsByCall.delete(call.marks ?? call)
      const place = placeOf(input.InstanceArn, call)
      return place === undefined ? [] : (entry.accounts?.(input, place) ?? [])
    },
    run(input, call) {
      eventsByCall.delete(call.marks ?? call)
      const place = placeOf(input.InstanceArn, call)
      if (place === undefined) throw noInstance(input.InstanceArn)
      if (entry.seen !== true) checkManages(place, call)
      // what is only seen needs no trusted access, but the caller's account must see it
      else if (
        !manages(place, call.account) &&
        place.owner !== call.account &&
        place.center.kind !== 'organization'
      )
        throw notAllowed()
      return entry.run(input, place, call) as Output extends void ? undefined : Output // one that returns nothing returns undefined
    },
    event: (input, output, call) => ({
      ...entry.event?.(input),
      ...(output !== undefined || entry.seen !== true
        ? { further: eventsByCall.get(call.marks ?? call) ?? [] }
        : {}),
    }),
  }
}

function variablesOf({ InstanceArn, PermissionSetArn, TargetId, AccountId: account }: About) {
  return {
    InstanceId: lastOf(InstanceArn),
    PermissionSetId: lastOf(PermissionSetArn),
    AccountId: TargetId ?? account,
  }
}

function tagsOf({ InstanceArn, PermissionSetArn }: About, call: Call): ContextKeys {
  const place = placeOf(InstanceArn, call)
  const set = place && PermissionSetArn && findSet(place, PermissionSetArn)
  const tags = (set || place?.center)?.tags ?? []
  return Object.fromEntries(tags.map(({ Key, Value }) => [`aws:ResourceTag/${Key}`, Value]))
}

/** Returns the last part of an ARN's resource. */
export function lastOf(arn: string | undefined): string | undefined {
  return arn?.slice(arn.lastIndexOf('/') + 1)
}

/** Returns the instance of an ARN, if the caller sees it. */
export function placeOf(arn: string | undefined, call: Call): CenterPlace | undefined {
  return centersInView(call).find(({ center, owner }) => instanceArn(center, owner) === arn)
}

function findSet({ owner }: CenterPlace, arn: string): PermissionSet | undefined {
  return owner.table(permissionSets).find(lastOf(arn) ?? '')
}

/** @throws Fault ResourceNotFoundException */
export function getSet(place: CenterPlace, arn: string): PermissionSet {
  const set = arn.includes(`/${place.center.id}/`) ? findSet(place, arn) : undefined
  if (set === undefined) throw notFound(`Could not find PermissionSet with id ${lastOf(arn) ?? ''}.`)
  return set
}

export function noInstance(arn: string | undefined): Fault {
  return notFound(`Could not find instance ${arn ?? ''}.`)
}

export function notFound(message: string): Fault {
  return fault('ResourceNotFoundException', message, 400)
}

export function invalid(message: string): Fault {
  return fault('ValidationException', message, 400)
}

export function tooMany(message: string): Fault {
  return fault('ServiceQuotaExceededException', message, 400)
}
