import { type Fault, fault } from '../../base/index.ts'

/** The fault for a missing trail (behaviour CTR-2). */
export function unknownTrail(name: string, account: string): Fault {
  return fault('TrailNotFoundException', `Unknown trail: ${name} for the user: ${account}`, 400)
}

/** The fault for features that CloudTrail has and Omen lacks. */
export function notHere(what: string): Fault {
  return fault('UnsupportedOperationException', `${what} here.`, 400)
}

/** The fault for event selectors that CloudTrail refuses. */
export function invalidSelectors(message: string): Fault {
  return fault('InvalidEventSelectorsException', message, 400)
}
