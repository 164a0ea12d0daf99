import type { Family } from '../../../authorization/index.ts'
import type { Iam } from '../../../model/index.ts'
import { createDelegationFamily } from './create.ts'
import { decideDelegationFamily } from './decide.ts'
import { humanReadableSummaryFamily } from './human-readable-summary.ts'
import { lookAtDelegationFamily } from './look.ts'

/** Requests for temporary access to an account. */
export const delegationFamily = {
  ...createDelegationFamily,
  ...decideDelegationFamily,
  ...humanReadableSummaryFamily,
  ...lookAtDelegationFamily,
} satisfies Family<
  Iam.Operations,
  (keyof Iam.Operations & `${string}Delegation${string}`) | 'GetHumanReadableSummary'
>
