import { type AccessRequest, type Call, type ContextKeys, otherAccount } from '../../authorization/index.ts'
import { type AccountId, type Fault, parseAccountId } from '../../base/index.ts'
import type { Account } from '../../directory/index.ts'
import { invalid, notFound } from './faults.ts'
import { policyDocument } from './permission.ts'
import {
  aliasKey,
  type FunctionAlias,
  functionAliases,
  functionKey,
  functions,
  functionVersions,
  type LambdaFunction,
  versionKey,
} from './records.ts'

/** How a request names a function. */
export interface Naming {
  readonly FunctionName: string
  readonly Qualifier?: string | undefined
}

/** The function that a request names: perhaps another account's, perhaps a version or alias. */
export interface Target {
  readonly partition: string
  readonly account: AccountId
  readonly region: string
  readonly name: string
  readonly qualifier?: string
}

/** The version that can be changed. */
export const latest = '$LATEST'

/** A name, a partial ARN or a whole one, each with a qualifier perhaps (behaviour LAM-1). */
const form =
  /^(?:arn:(aws[a-zA-Z-]*):lambda:)?(?:([a-z]{2}(?:-gov|-iso[a-z]?)?-[a-z]+-\d):)?(?:(\d{12}):)?(?:function:)?([\w.-]+)(?::(\$LATEST(?:\.PUBLISHED)?|[\w-]+))?$/

/** @throws Fault where name and Qualifier do not agree */
export function targetOf({ FunctionName: text, Qualifier: given }: Naming, call: Call): Target {
  const [, partition, region, account, name = text, inName] = form.exec(text) ?? []
  if (given !== undefined && inName !== undefined && given !== inName)
    throw invalid('The derived qualifier from the function name does not match the specified qualifier.')
  const qualifier = given ?? inName
  return {
    partition: partition ?? call.account.partition,
    account: (account && parseAccountId(account)) || call.account.id,
    region: region ?? call.region,
    name,
    ...(qualifier === undefined ? {} : { qualifier }),
  }
}

export function functionArn({ partition, region, account, name, qualifier }: Target): string {
  const arn = `arn:${partition}:lambda:${region}:${account}:function:${name}`
  return qualifier === undefined ? arn : `${arn}:${qualifier}`
}

/** A function with the account that it is in. */
export interface Found {
  readonly account: Account
  readonly record: LambdaFunction
}

/** The function or the version of it, where it can be reached from the call's region. */
export function findFunction(target: Target, call: Call): Found | undefined {
  const account = otherAccount(call, target.account)
  if (account === undefined || target.region !== call.region) return undefined
  if (target.partition !== account.partition) return undefined
  const { qualifier = latest } = target
  const key = functionKey(target.region, target.name)
  const alias = account.table(functionAliases).find(aliasKey(key, qualifier))
  const version = alias?.version ?? qualifier
  const record =
    version === latest
      ? account.table(functions).find(key)
      : account.table(functionVersions).find(versionKey(key, version))
  return record && { account, record: alias === undefined ? record : behind(alias, record) }
}

/** What an alias leads to: it is used by the alias's permissions, not its own. */
function behind(alias: FunctionAlias, record: LambdaFunction): LambdaFunction {
  const { permissionsRevisionId: _, ...version } = record
  const { permissions, permissionsRevisionId: revision } = alias
  return {
    ...version,
    alias,
    permissions,
    ...(revision !== undefined && { permissionsRevisionId: revision }),
  }
}

/** The account that a new function would be in. @throws Fault where there is none of that number */
export function getAccount(target: Target, call: Call): Account {
  const account = otherAccount(call, target.account)
  if (account === undefined) throw notThere(target, call)
  return account
}

/** @throws Fault ResourceNotFoundException */
export function getFunction(target: Target, call: Call): Found {
  const found = findFunction(target, call)
  if (found === undefined) throw notThere(target, call)
  return found
}

/** The function itself. @throws Fault where a version or an alias of it is named */
export function getLatest(target: Target, call: Call): Found {
  const found = getFunction(target, call)
  if (found.record.version !== undefined || found.record.alias !== undefined)
    throw invalid(
      'This operation is permitted on Lambda functions only. A version or an alias cannot be changed by it.',
    )
  return found
}

function notThere(target: Target, call: Call): Fault {
  return target.region === call.region
    ? notFound(`Function not found: ${functionArn(target)}`)
    : notFound(`Functions from '${target.region}' are not reachable in this region ('${call.region}')`)
}

/** The question that an operation on a function raises: its tags and its policy have a say (behaviours LAM-10 and LAM-11). */
export function functionRequest(
  action: string,
  target: Target,
  call: Call,
  context: ContextKeys = {},
): AccessRequest {
  const found = findFunction(target, call)
  const { qualifier: _, ...whole } = target
  const tags = Object.entries(findFunction(whole, call)?.record.tags ?? {})
  const keys = Object.fromEntries(tags.map(([key, value]) => [`aws:ResourceTag/${key}`, value]))
  return {
    action: `lambda:${action}`,
    resource: functionArn(target),
    resourceAccount: target.account,
    context: { ...keys, ...context },
    resourcePolicy: {
      document: found && policyDocument(found.record),
      grant: 'either',
      missing: found === undefined,
    },
  }
}

const functionForm = /^arn:aws[a-z-]*:lambda:([a-z0-9-]+):\d{12}:function:[\w-]+(?::[\w$-]+)?$/

/**
 * What a call about the function of an ARN would ask, its tags and its policy along with it; undefined where the ARN is of
 * none. Its account must be loaded.
 */
export function askedOfFunction(action: string, arn: string, call: Call): AccessRequest | undefined {
  const [service, name] = action.split(':')
  const region = functionForm.exec(arn)?.[1]
  if (service?.toLowerCase() !== 'lambda' || name === undefined || region === undefined) return undefined
  const there = { ...call, region }
  return functionRequest(name, targetOf({ FunctionName: arn }, there), there)
}

/** What operations on one function have in common: whose it is, and what is asked. */
export function onFunction<I extends Naming>(context?: (input: I, call: Call) => ContextKeys) {
  return {
    accounts: (input: I, call: Call) => [targetOf(input, call).account],
    requests: (input: I, call: Call): readonly AccessRequest[] => [
      functionRequest(call.operation.name, targetOf(input, call), call, context?.(input, call)),
    ],
  }
}
