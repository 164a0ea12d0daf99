export type { ExchangeParts } from './exchange.ts'
export { Guard, type Passed } from './guard.ts'
export type { GuardParts } from './parts.ts'
export type { UpstreamOptions } from './upstream.ts'
