export { type CallProblem, type IdentifiedCall, routeOf } from './call.ts'
export { bodyTellsOperation, type IdentifyOptions, identifyCall } from './identify.ts'
export type * from './packed.ts'
export { type GuardService, guardCatalogue } from './services.ts'
