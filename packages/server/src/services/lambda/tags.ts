import { type Call, family } from '../../authorization/index.ts'
import type { Lambda } from '../../model/index.ts'
import { invalid } from './faults.ts'
import { functions } from './records.ts'
import { requestTagKeys, withTags } from './tag.ts'
import { functionRequest, getFunction, type Target, targetOf } from './target.ts'

/** Tags of functions, by their ARNs. */
export const tags = family<Lambda.Operations>()({
  ListTags: {
    ...onResource(),
    run: (input, call) => ({ Tags: getFunction(targetIn(input, call), call).record.tags }),
  },
  TagResource: {
    ...onResource((input: Lambda.TagResourceRequest) => requestTagKeys(input.Tags)),
    run(input, call) {
      const target = taggable(input, call)
      // before the function is looked for (behaviour LAM-87)
      if (Object.keys(input.Tags).length === 0) throw invalid('Tags must not be empty.')
      const { account, record } = getFunction(target, call)
      account.table(functions).put({ ...record, tags: withTags(record.tags, input.Tags) })
      return undefined
    },
  },
  UntagResource: {
    ...onResource((input: Lambda.UntagResourceRequest) => ({ 'aws:TagKeys': input.TagKeys })),
    run(input, call) {
      const { account, record } = getFunction(taggable(input, call), call)
      const gone = new Set(input.TagKeys)
      const left = Object.entries(record.tags).filter(([key]) => !gone.has(key))
      account.table(functions).put({ ...record, tags: Object.fromEntries(left) })
      return undefined
    },
  },
})

interface Tagged {
  readonly Resource: string
}

function onResource<I extends Tagged>(context?: (input: I) => Parameters<typeof functionRequest>[3]) {
  return {
    accounts: (input: I, call: Call) => [targetIn(input, call).account],
    requests: (input: I, call: Call) => [
      functionRequest(call.operation.name, targetIn(input, call), call, context?.(input)),
    ],
  }
}

/** @throws Fault if the resource is not a function */
function targetIn({ Resource: arn }: Tagged, call: Call): Target {
  if (!/^arn:[^:]*:lambda:[^:]*:[^:]*:function:/.test(arn))
    throw invalid(`Omen keeps tags of functions only, and ${arn} is not a function.`)
  return targetOf({ FunctionName: arn }, call)
}

/** Tags belong to the function and never to a version. */
function taggable(input: Tagged, call: Call): Target {
  const target = targetIn(input, call)
  if (target.qualifier !== undefined)
    throw invalid('Tags on function aliases and versions are not supported. Please specify a function ARN.')
  return target
}
