import { type Fault, fault } from '../../base/index.ts'

/** A trail that is not there (behaviour CTR-2). */
export function unknownTrail(arn: string, account: string): Fault {
  return fault('TrailNotFoundException', `Unknown trail: ${arn} for the user: ${account}`, 400)
}

/** What CloudTrail can and this house does not. */
export function notHere(what: string): Fault {
  return fault('UnsupportedOperationException', `${what} here.`, 400)
}

/** Event selectors that CloudTrail does not take. */
export function invalidSelectors(message: string): Fault {
  return fault('InvalidEventSelectorsException', message, 400)
}
