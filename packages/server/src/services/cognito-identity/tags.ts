import { type Call, type ContextKeys, family } from '../../authorization/index.ts'
import { type IdentityPool, identityPools } from '../../directory/index.ts'
import type { CognitoIdentity } from '../../model/index.ts'
import { notFound } from './faults.ts'
import { getPool, poolArn, resourceTags } from './pool.ts'
import { checkTags, requestTags } from './tag.ts'

interface Tagged {
  readonly ResourceArn: string
}

/** Tags of pools, by their ARNs. */
export const tags = family<CognitoIdentity.Operations>()({
  ListTagsForResource: {
    ...onArn(() => ({})),
    run: (input, call) => ({ Tags: poolOf(input, call).tags }),
  },
  TagResource: {
    ...onArn((input: CognitoIdentity.TagResourceInput) => requestTags(input.Tags)),
    run(input, call) {
      const pool = poolOf(input, call)
      call.account.table(identityPools).put({ ...pool, tags: checkTags({ ...pool.tags, ...input.Tags }) })
      return {}
    },
  },
  UntagResource: {
    ...onArn((input: CognitoIdentity.UntagResourceInput) => ({ 'aws:TagKeys': input.TagKeys })),
    run(input, call) {
      const pool = poolOf(input, call)
      const gone = new Set(input.TagKeys)
      const left = Object.entries(pool.tags).filter(([key]) => !gone.has(key))
      call.account.table(identityPools).put({ ...pool, tags: Object.fromEntries(left) })
      return {}
    },
  },
})

function onArn<Input extends Tagged>(context: (input: Input) => ContextKeys) {
  return {
    resource: ({ ResourceArn }: Input) => ResourceArn,
    context: (input: Input, call: Call) => ({
      ...resourceTags(call.account.table(identityPools).find(idIn(input) ?? '')),
      ...context(input),
    }),
  }
}

function idIn({ ResourceArn }: Tagged): string | undefined {
  return /:identitypool\/(.+)$/.exec(ResourceArn)?.[1]
}

/** @throws Fault ResourceNotFoundException */
function poolOf(input: Tagged, call: Call): IdentityPool {
  const id = idIn(input)
  if (id === undefined || poolArn(call.account, id) !== input.ResourceArn)
    throw notFound(`Resource '${input.ResourceArn}' not found.`)
  return getPool(id, call)
}
