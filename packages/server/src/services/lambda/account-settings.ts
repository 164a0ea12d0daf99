import { family } from '../../authorization/index.ts'
import type { Lambda } from '../../model/index.ts'
import { limits } from './limits.ts'
import { functions, functionVersions } from './records.ts'

/** Quotas of an account in a region, and what its functions use of them (behaviour LAM-89). */
export const accountSettings = family<Lambda.Operations>()({
  GetAccountSettings: {
    run(_input, { account, region }) {
      const unpublished = [...account.table(functions).values()].filter((each) => each.region === region)
      const versions = [...account.table(functionVersions).values()].filter((each) => each.region === region)
      const reserved = unpublished.reduce((sum, each) => sum + (each.reserved ?? 0), 0)
      return {
        AccountLimit: {
          TotalCodeSize: limits.codeBytes,
          CodeSizeUnzipped: limits.unzippedBytes,
          CodeSizeZipped: limits.packageBytes,
          ConcurrentExecutions: limits.concurrency.all,
          UnreservedConcurrentExecutions: limits.concurrency.all - reserved,
        },
        AccountUsage: {
          TotalCodeSize: [...unpublished, ...versions].reduce((sum, each) => sum + each.codeSize, 0),
          FunctionCount: unpublished.length,
        },
      }
    },
  },
})
