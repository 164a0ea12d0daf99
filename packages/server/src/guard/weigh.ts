import type { AccessRequest, Call } from '../authorization/index.ts'
import { isSigned } from '../session/index.ts'
import { allOf, asCaller, isDelivered } from './asking.ts'
import { withCallKeys } from './call-keys.ts'
import { type GuardRequest, type IdentifiedCall, unknowableKeys } from './catalogue/index.ts'
import { inWords } from './refusal-words.ts'
import type { ThroughPoint } from './resource/access-points.ts'
import type { Asker, Completed, ResourcePolicies } from './resource/policies.ts'
import type { OpenRequest, Told, ToldKeys } from './resource/told-keys.ts'
import { withoutOwnAcls } from './s3-checks.ts'
import { ofSome } from './some-of-kind.ts'

/** A question as the catalogue has it. */
export type Question = ThroughPoint<
  AccessRequest & Partial<Pick<GuardRequest, 'via' | 'lookUp' | 'exactness' | 'key'>>
>

/** With what questions are completed. */
export interface Scales {
  readonly policies: ResourcePolicies
  readonly told: ToldKeys
  /** Loads the accounts of questions; of an unsigned call returns it as one of the first of them. */
  concern(call: Call, requests: readonly AccessRequest[]): Promise<Call>
}

/** Questions ready to be decided on. */
export interface Weighed extends Told {
  readonly call: Call
  /** Resources of which something is remembered that was not read just now. */
  readonly remembered: readonly string[]
}

/** Returns the caller in whose name policies of resources are read. */
export function askerOf({ caller, account, region, now }: Call): Asker {
  return { account: isSigned(caller) ? account.id : undefined, region, now }
}

/** Questions with the policies and the owners of their resources, and with what policies in play ask for. */
export async function weighed(
  questions: readonly Question[],
  found: IdentifiedCall,
  given: Call,
  { policies, told, concern }: Scales,
): Promise<Weighed> {
  const asker = askerOf(given)
  const completed = await allOf(questions.map((each) => policies.complete(each, asker, found.operation)))
  const call = await concern(given, completed)
  const isOfS3 = found.service.id === 's3'
  const wanted = isOfS3 ? await withoutOwnAcls(completed, found, { call, policies }) : completed
  const open = wanted.flatMap((each) => opened(each, found, call))
  const remembered = completed.flatMap((each) => each.remembered ?? [])
  return { ...(await told.complete(open, call)), call, remembered }
}

/** A question without what it was made by; none if the resource's own policy lets a service do it. */
function opened(
  {
    via,
    throughPoint,
    remembered: _,
    lookUp: _lookUp,
    exactness: _exactness,
    key: _key,
    ...access
  }: Question & Completed,
  found: IdentifiedCall,
  call: Call,
): readonly OpenRequest[] {
  if (via !== undefined && isDelivered(access, via, call)) return []
  const asked = inWords(
    withCallKeys(via === undefined ? access : asCaller(access), found.request, call),
    call,
  )
  const unknowable = unknowableKeys(found.packed, access.action, access.resource)
  const whole = { ...ofSome(asked, found.service.signs), isUnknown: unknowable }
  return [{ access: whole, found, throughPoint, unknowable }]
}
