import {
  type AccessRequest,
  authorize,
  type Call,
  type Judged,
  refusal,
  refuses,
  type Verdict,
} from '../authorization/index.ts'
import type { Fault } from '../base/index.ts'

/** Facts of a decision for the call's event. */
export interface Decided {
  readonly judged: readonly Judged[]
  /** The denial that audit mode let through. */
  readonly wouldDeny: Judged | undefined
}

const nothingAsked: Decided = { judged: [], wouldDeny: undefined }

/**
 * Asks the policies everything that a call needs, records the decision, and enforces it. Mode off asks nothing.
 * @param words formulates the refusal for a service that has its own words
 * @param known the verdict, if it was made at this moment
 * @throws Fault in the service's own words if the call is refused
 */
export function decide(
  requests: readonly AccessRequest[],
  call: Call,
  words: (refused: Fault, denied: Judged) => Fault = (refused) => refused,
  known?: Verdict,
): Decided {
  if (call.mode === 'off') return nothingAsked
  const verdict = known ?? authorize(requests, call)
  const decision = call.deps.decisions.note(call, verdict)
  if (call.marks !== undefined) Object.assign(call.marks, { decision, asked: requests })
  const { denied, judged } = verdict
  if (denied === undefined) return { judged, wouldDeny: undefined }
  if (refuses(call.mode)) throw words(refusal(denied, call), denied)
  return { judged, wouldDeny: denied }
}
