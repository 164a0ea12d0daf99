export {
  type AskOptions,
  assertAllowed,
  assertCanAssume,
  assertCannotAssume,
  assertCannotPass,
  assertCannotReach,
  assertCanPass,
  assertDenied,
  type DenyOptions,
} from './assertions.ts'
export { type CallAnswer, makeCall, textIn } from './call.ts'
export { credentialsFor, type SessionOptions } from './credentials.ts'
export { type EventRecord, eventsNamed, fieldOf } from './events.ts'
export { type ClientOptions, Identity, type IdentityServer } from './identity.ts'
export {
  type ClientCredentials,
  type FetchOptions,
  InProcess,
  type SdkRequest,
  type SdkResponse,
} from './in-process.ts'
export { type MatcherResult, matchers, type OmenMatchers } from './matchers.ts'
export { askMost, askMostTrust, type MostAnswer, type MostOptions } from './most.ts'
export { type Answered, askAction, askAssume, askBearer, askPass, type Bearer } from './question.ts'
export type { ReachOptions } from './reach.ts'
