import type { Family } from '../../authorization/index.ts'
import type { Lambda } from '../../model/index.ts'
import { getFunction, latest, onFunction, targetOf } from './target.ts'
import { configurationOut } from './view.ts'

/**
 * What clients read of a function beside its configuration. There is one version and no alias, no code
 * signing and no reserved concurrency (behaviours LAM-3 and LAM-61).
 */
export const versions: Family<
  Lambda.Operations,
  'ListVersionsByFunction' | 'ListAliases' | 'GetFunctionCodeSigningConfig' | 'GetFunctionConcurrency'
> = {
  ListVersionsByFunction: {
    ...onFunction<Lambda.ListVersionsByFunctionRequest>(),
    run(input, call) {
      const target = targetOf(input, call)
      const { account, record } = getFunction(target, call)
      return { Versions: [configurationOut(record, account.id, call, 'untold', latest)] }
    },
  },
  ListAliases: {
    ...onFunction<Lambda.ListAliasesRequest>(),
    run(input, call) {
      getFunction(targetOf(input, call), call)
      return { Aliases: [] }
    },
  },
  GetFunctionCodeSigningConfig: {
    ...onFunction<Lambda.GetFunctionCodeSigningConfigRequest>(),
    // a function without one is answered without the ARN
    run(input, call) {
      const { record } = getFunction(targetOf(input, call), call)
      // the model says that the ARN is always there, and the service leaves it out
      return { FunctionName: record.name } as Lambda.GetFunctionCodeSigningConfigResponse
    },
  },
  GetFunctionConcurrency: {
    ...onFunction<Lambda.GetFunctionConcurrencyRequest>(),
    run(input, call) {
      getFunction(targetOf(input, call), call)
      return {}
    },
  },
}
