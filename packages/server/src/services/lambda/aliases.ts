import { type Call, family } from '../../authorization/index.ts'
import { uuid } from '../../base/index.ts'
import type { Lambda } from '../../model/index.ts'
import { forgetProvisioned } from './concurrency.ts'
import { conflict, invalid, notFound, staleRevision } from './faults.ts'
import { limits } from './limits.ts'
import { aliasesOf, aliasKey, type FunctionAlias, functionAliases } from './records.ts'
import {
  type Found,
  functionArn,
  getFunction,
  getLatest,
  onFunction,
  type Target,
  targetOf,
} from './target.ts'

/** Names for versions, which can point to other versions later (behaviour LAM-67). */
export const aliases = family<Lambda.Operations>()({
  CreateAlias: {
    ...onFunction<Lambda.CreateAliasRequest>(),
    run(input, call) {
      const target = targetOf(input, call)
      const { account, record } = getLatest(target, call)
      checkRouting(input.RoutingConfig)
      const key = aliasKey(record.key, input.Name)
      const table = account.table(functionAliases)
      if (table.find(key) !== undefined) throw conflict(`Alias already exists: ${arnOf(target, input.Name)}`)
      checkVersion(target, input.FunctionVersion, call)
      const alias: FunctionAlias = {
        key,
        name: input.Name,
        version: input.FunctionVersion,
        description: input.Description ?? '',
        revisionId: uuid(call.deps.random),
        permissions: [],
      }
      table.put(alias)
      return view(target, alias)
    },
  },
  UpdateAlias: {
    ...onFunction<Lambda.UpdateAliasRequest>(),
    run(input, call) {
      const target = targetOf(input, call)
      const { account, alias } = getAlias(target, input.Name, call)
      checkRouting(input.RoutingConfig)
      if (input.RevisionId !== undefined && input.RevisionId !== alias.revisionId) throw staleRevision()
      const { FunctionVersion: version = alias.version } = input
      checkVersion(target, version, call)
      const description = input.Description ?? alias.description
      const changed = { ...alias, version, description, revisionId: uuid(call.deps.random) }
      account.table(functionAliases).put(changed)
      return view(target, changed)
    },
  },
  GetAlias: {
    ...onFunction<Lambda.GetAliasRequest>(),
    run(input, call) {
      const target = targetOf(input, call)
      return view(target, getAlias(target, input.Name, call).alias)
    },
  },
  DeleteAlias: {
    ...onFunction<Lambda.DeleteAliasRequest>(),
    run(input, call) {
      const { account, record } = getLatest(targetOf(input, call), call)
      // a missing one counts as deleted: the operation has no ResourceNotFoundException
      account.table(functionAliases).delete(aliasKey(record.key, input.Name))
      forgetProvisioned({ account, record }, input.Name)
      return undefined
    },
  },
  ListAliases: {
    ...onFunction<Lambda.ListAliasesRequest>(),
    run(input, call) {
      const target = targetOf(input, call)
      const { account, record } = getLatest(target, call)
      const after = input.Marker ?? ''
      const left = aliasesOf(record, account).filter(
        ({ name, version }) =>
          name > after && (input.FunctionVersion === undefined || version === input.FunctionVersion),
      )
      const most = Math.min(input.MaxItems ?? limits.pageSize, limits.pageSize)
      const page = left.slice(0, most)
      return {
        Aliases: page.map((alias) => view(target, alias)),
        ...(left.length > most ? { NextMarker: page.at(-1)?.name } : {}),
      }
    },
  },
})

/** @throws Fault ResourceNotFoundException */
function getAlias(target: Target, name: string, call: Call): Found & { readonly alias: FunctionAlias } {
  const latest = getLatest(target, call)
  const alias = latest.account.table(functionAliases).find(aliasKey(latest.record.key, name))
  if (alias === undefined) throw notFound(`Cannot find alias arn: ${arnOf(target, name)}`)
  return { ...latest, alias }
}

/** An alias points to an existing version. @throws Fault ResourceNotFoundException */
function checkVersion({ qualifier: _, ...whole }: Target, qualifier: string, call: Call): void {
  const { record } = getFunction({ ...whole, qualifier }, call)
  if (record.alias !== undefined)
    throw notFound(`Function not found: ${functionArn({ ...whole, qualifier })}`)
}

function checkRouting(routing: Lambda.AliasRoutingConfiguration | undefined): void {
  if (Object.keys(routing?.AdditionalVersionWeights ?? {}).length > 0)
    throw invalid('Omen shifts no traffic: an alias leads to one version.')
}

function view(target: Target, alias: FunctionAlias): Lambda.AliasConfiguration {
  return {
    AliasArn: arnOf(target, alias.name),
    Name: alias.name,
    FunctionVersion: alias.version,
    Description: alias.description,
    RevisionId: alias.revisionId,
  }
}

function arnOf({ qualifier: _, ...whole }: Target, name: string): string {
  return functionArn({ ...whole, qualifier: name })
}
