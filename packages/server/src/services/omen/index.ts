import { type Served, serveApi } from '../../authorization/index.ts'
import type { OmenGraph } from '../../model/index.ts'
import { operations } from './operations.ts'

export type { ClaimsAsked } from './claims.ts'
export { invalid, notFound } from './faults.ts'
export { GraphThread, type Judgement, SearchFailed, type Tried } from './graph-thread.ts'
export { accountsInView, hasManyAccounts } from './in-view.ts'
export type {
  Asked,
  Found,
  FromThread,
  Looked,
  OpenedPath,
  OperationName,
  Question,
  Told,
  ToThread,
} from './messages.ts'
export { type AnyRequest, revisionOf } from './open.ts'
export { readTrail } from './seen.ts'
export { type PutRecord, type RecordKind, SentAccount, type WorldChange } from './sent-account.ts'
export { type CredentialKind, credentialKinds } from './sent-owners.ts'
export { partsOf, type WorldParts } from './world.ts'

/** Omen's own API: who can become whom. */
export const omen = serveApi('omen', operations satisfies Served<OmenGraph.Operations>)
