import type { Call } from './call.ts'
import type { KeptDecision } from './decided-call.ts'

/** A decision about a call, whose account is in memory again. */
export type DecisionRecord = Omit<KeptDecision, 'call'> & { readonly call: Call }
