import { authorize, type Call, type Family } from '../../authorization/index.ts'
import type { Lambda } from '../../model/index.ts'
import { invalid } from './faults.ts'
import { limits } from './limits.ts'
import { functionCodes, functions, type LambdaFunction } from './records.ts'
import { functionRequest, getFunction, onFunction, type Target, targetOf } from './target.ts'
import { configurationOut } from './view.ts'

/** Looking at functions, and their end. */
export const readFunctions: Family<
  Lambda.Operations,
  'GetFunction' | 'GetFunctionConfiguration' | 'ListFunctions' | 'DeleteFunction'
> = {
  GetFunction: {
    ...onFunction<Lambda.GetFunctionRequest>(),
    run(input, call) {
      const target = targetOf(input, call)
      const { account, record } = getFunction(target, call)
      return {
        Configuration: configurationOut(record, account.id, call, 'active', target.qualifier),
        Code: { RepositoryType: 'S3' }, // where it could be fetched is not said: there is no S3 here
        ...tagsFor(target, record, call),
      }
    },
  },
  GetFunctionConfiguration: {
    ...onFunction<Lambda.GetFunctionConfigurationRequest>(),
    run(input, call) {
      const target = targetOf(input, call)
      const { account, record } = getFunction(target, call)
      return configurationOut(record, account.id, call, 'active', target.qualifier)
    },
  },
  ListFunctions: {
    run(input, call) {
      const after = input.Marker === undefined ? '' : nameIn(input.Marker)
      const most = Math.min(input.MaxItems ?? limits.pageSize, limits.pageSize)
      const here = [...call.account.table(functions).values()]
        .filter(({ region, name }) => region === call.region && name > after)
        .sort((a, b) => (a.name < b.name ? -1 : 1))
      const page = here.slice(0, most)
      return {
        Functions: page.map((record) => configurationOut(record, call.account.id, call, 'untold')),
        ...(here.length > most ? { NextMarker: Buffer.from(page.at(-1)!.name).toString('base64url') } : {}), // a page has one at least
      }
    },
  },
  DeleteFunction: {
    ...onFunction<Lambda.DeleteFunctionRequest>(),
    run(input, call) {
      const target = targetOf(input, call)
      const { account, record } = getFunction(target, call)
      if (target.qualifier !== undefined)
        throw invalid('$LATEST version cannot be deleted without deleting the function.')
      account.table(functions).delete(record.key)
      account.table(functionCodes).delete(record.key)
      return { StatusCode: 204 }
    },
    // the status is no part of what events tell (behaviour LAM-62)
    event: () => ({ responseElements: null }),
  },
}

/** Tags are shown to those who may list them (behaviour LAM-17). */
function tagsFor(target: Target, { tags }: LambdaFunction, call: Call): Partial<Lambda.GetFunctionResponse> {
  if (Object.keys(tags).length === 0) return {}
  const { qualifier: _, ...whole } = target
  const seen =
    call.house.mode !== 'enforce' || authorize([functionRequest('ListTags', whole, call)], call).allowed
  if (seen) return { Tags: tags }
  return {
    TagsError: {
      ErrorCode: 'AccessDeniedException',
      Message: 'You are not authorized to perform: lambda:ListTags.',
    },
  }
}

/** @throws Fault for a marker that no list gave */
function nameIn(marker: string): string {
  const name = Buffer.from(marker, 'base64url').toString()
  if (!/^[\w-]{1,64}$/.test(name)) throw invalid('Invalid pagination token.')
  return name
}
