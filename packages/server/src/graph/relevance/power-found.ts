import type { ResidualCondition } from '@omen-iam/policy'
import type { Proof, Unknown } from '../proof/finding.ts'

/** Whether a principal may do everything that the organization lets through, or what else is looked for. */
export type Administrator =
  | { readonly is: 'yes'; readonly proof?: Proof }
  | { readonly is: 'conditional'; readonly residual: readonly ResidualCondition[]; readonly proof?: Proof }
  | { readonly is: 'unknown'; readonly proof?: Proof | Unknown }
  | { readonly is: 'no' }
