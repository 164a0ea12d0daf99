import { authorize, type Call, family, refuses } from '../../authorization/index.ts'
import type { Account } from '../../directory/index.ts'
import type { Lambda } from '../../model/index.ts'
import { forgetProvisioned } from './concurrency.ts'
import { conflict, invalid } from './faults.ts'
import { limits } from './limits.ts'
import {
  aliasesOf,
  functionAliases,
  functions,
  functionVersions,
  type LambdaFunction,
  versionsOf,
} from './records.ts'
import { functionRequest, getFunction, latest, onFunction, type Target, targetOf } from './target.ts'
import { configurationOut } from './view.ts'

/** Reads functions, and deletes them. */
export const readFunctions = family<Lambda.Operations>()({
  GetFunction: {
    ...onFunction<Lambda.GetFunctionRequest>(),
    run(input, call) {
      const target = targetOf(input, call)
      const { account, record } = getFunction(target, call)
      return {
        Configuration: configurationOut(record, account.id, call, 'active', target.qualifier),
        Code: { RepositoryType: 'S3' }, // where it could be fetched is not said: there is no S3 here
        ...tagsFor(target, call),
        ...concurrencyOf(target, call),
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
      const { account } = call
      const after = input.Marker === undefined ? '' : keyIn(input.Marker)
      const most = Math.min(input.MaxItems ?? limits.pageSize, limits.pageSize)
      const functionsHere = [...account.table(functions).values()]
      const all =
        input.FunctionVersion === 'ALL'
          ? [...functionsHere, ...account.table(functionVersions).values()]
          : functionsHere
      const here = all
        .filter(({ region, key }) => region === call.region && key > after)
        .sort((a, b) => (a.key < b.key ? -1 : 1))
      const page = here.slice(0, most)
      return {
        Functions: page.map((record) => {
          const qualifier = input.FunctionVersion === 'ALL' ? (record.version ?? latest) : undefined
          return configurationOut(record, account.id, call, 'omitted', qualifier)
        }),
        ...(here.length > most ? { NextMarker: Buffer.from(page.at(-1)!.key).toString('base64url') } : {}), // a page has one at least
      }
    },
  },
  DeleteFunction: {
    ...onFunction<Lambda.DeleteFunctionRequest>(),
    run(input, call) {
      const target = targetOf(input, call)
      const { account, record } = getFunction(target, call)
      if (target.qualifier === latest)
        throw invalid('$LATEST version cannot be deleted without deleting the function.')
      if (target.qualifier === undefined) {
        for (const alias of aliasesOf(record, account)) account.table(functionAliases).delete(alias.key)
        for (const version of versionsOf(record, account)) forget(functionVersions, version, account)
        forget(functions, record, account)
        return { StatusCode: 204 }
      }
      const { qualifier: _, ...whole } = target
      const leading = aliasesOf(getFunction(whole, call).record, account).filter(
        ({ name, version }) => version === target.qualifier || name === target.qualifier,
      )
      if (leading.length > 0) {
        const names = leading.map(({ name }) => name).join(', ')
        throw conflict(`Unable to delete version because the following aliases reference it: [${names}]`)
      }
      forget(functionVersions, record, account)
      forgetProvisioned(getFunction(whole, call), target.qualifier)
      return { StatusCode: 204 }
    },
    // events do not contain the status (behaviour LAM-62)
    event: () => ({ responseElements: null }),
  },
})

function forget(table: typeof functions, { key }: LambdaFunction, account: Account): void {
  account.table(table).delete(key)
}

/**
 * Tags are shown to callers of the function's account, and to others that may list them (behaviour LAM-17); they belong
 * to the function, whatever the version.
 */
function tagsFor(target: Target, call: Call): Partial<Lambda.GetFunctionResponse> {
  const { qualifier: _, ...whole } = target
  const { tags } = getFunction(whole, call).record
  if (Object.keys(tags).length === 0) return {}
  const maySeeTags =
    !refuses(call.mode) ||
    target.account === call.account.id ||
    authorize([functionRequest('ListTags', whole, call)], call).allowed
  if (maySeeTags) return { Tags: tags }
  return {
    TagsError: {
      ErrorCode: 'AccessDeniedException',
      Message: 'You are not authorized to perform: lambda:ListTags.',
    },
  }
}

/** The reserved concurrency of the function, whatever the version. */
function concurrencyOf({ qualifier: _, ...whole }: Target, call: Call): Partial<Lambda.GetFunctionResponse> {
  const { reserved } = getFunction(whole, call).record
  return reserved === undefined ? {} : { Concurrency: { ReservedConcurrentExecutions: reserved } }
}

/** @throws Fault for a marker that no list returned */
function keyIn(marker: string): string {
  const key = Buffer.from(marker, 'base64url').toString()
  if (!/^[\w-]{1,64}\n[\w-]{1,64}(?:\n\d{12})?$/.test(key)) throw invalid('Invalid pagination token.')
  return key
}
