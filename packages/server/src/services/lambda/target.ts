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

/** A function as a request names it: perhaps another account's, perhaps a version or alias. */
export interface Target {
  readonly partition: string
  readonly account: AccountId
  readonly region: string
  readonly name: string
  readonly qualifier?: string
}

/** The version that can be changed. */
export const latest = '$LATEST'

/** Parses a name, a partial ARN or a complete one, each with an optional qualifier (behaviour LAM-1). */
const form =
  /^(?:arn:(aws[a-zA-Z-]*):lambda:)?(?:([a-z]{2}(?:-gov|-iso[a-z]?)?-[a-z]+-\d):)?(?:(\d{12}):)?(?:function:)?([\w.-]+)(?::(\$LATEST(?:\.PUBLISHED)?|[\w-]+))?$/

/** @throws Fault if name and Qualifier disagree */
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

/** A function with its account. */
export interface Found {
  readonly account: Account
  readonly record: LambdaFunction
}

/** Returns the function or its version, if it is in the call's region. */
export function findFunction(target: Target, call: Call): Found | undefined {
  const account = otherAccount(call, target.account)
  if (account === undefined || target.region !== call.region) return undefined
  return functionIn(account, target)
}

/** Returns an account's function or its version, in whatever region. */
export function functionIn(account: Account, target: Target): Found | undefined {
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

/** Returns the target of an alias: the alias's permissions apply, not its own. */
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

/** Returns the account of a new function. @throws Fault if there is no such account */
export function getAccount(target: Target, call: Call): Account {
  const account = otherAccount(call, target.account)
  if (account === undefined) throw notThere(target, call)
  return account
}

/** @throws Fault ResourceNotFoundException */
export function getFunction(target: Target, call: Call): Found {
  const lambdaFunction = findFunction(target, call)
  if (lambdaFunction === undefined) throw notThere(target, call)
  return lambdaFunction
}

/** Returns the function itself. @throws Fault if a version or an alias is named */
export function getLatest(target: Target, call: Call): Found {
  const lambdaFunction = getFunction(target, call)
  if (lambdaFunction.record.version !== undefined || lambdaFunction.record.alias !== undefined)
    throw invalid(
      'This operation is permitted on Lambda functions only. A version or an alias cannot be changed by it.',
    )
  return lambdaFunction
}

function notThere(target: Target, call: Call): Fault {
  return target.region === call.region
    ? notFound(`Function not found: ${functionArn(target)}`)
    : notFound(`Functions from '${target.region}' are not reachable in this region ('${call.region}')`)
}

/**
 * Returns the question of an operation on a function; its tags and its policy are part of the decision (behaviours
 * LAM-10 and LAM-11).
 */
export function functionRequest(
  action: string,
  target: Target,
  call: Call,
  context: ContextKeys = {},
): AccessRequest {
  const lambdaFunction = findFunction(target, call)
  const { qualifier: _, ...whole } = target
  const tags = Object.entries(findFunction(whole, call)?.record.tags ?? {})
  const keys = Object.fromEntries(tags.map(([key, value]) => [`aws:ResourceTag/${key}`, value]))
  return {
    action: `lambda:${action}`,
    resource: functionArn(target),
    resourceAccount: target.account,
    context: { ...keys, ...context },
    resourcePolicy: {
      document: lambdaFunction && policyDocument(lambdaFunction.record),
      grant: 'either',
      missing: lambdaFunction === undefined,
    },
  }
}

const functionForm = /^arn:aws[a-z-]*:lambda:([a-z0-9-]+):\d{12}:function:[\w-]+(?::[\w$-]+)?$/

/**
 * Returns what a call about the function of an ARN would ask, with its tags and its policy; undefined if the ARN is
 * not a function's. Its account must be loaded.
 */
export function askedOfFunction(action: string, arn: string, call: Call): AccessRequest | undefined {
  const [service, name] = action.split(':')
  const region = functionForm.exec(arn)?.[1]
  if (service?.toLowerCase() !== 'lambda' || name === undefined || region === undefined) return undefined
  const there = { ...call, region }
  return functionRequest(name, targetOf({ FunctionName: arn }, there), there)
}

/** The common part of operations on one function: its account, and the question. */
export function onFunction<I extends Naming>(context?: (input: I, call: Call) => ContextKeys) {
  return {
    accounts: (input: I, call: Call) => [targetOf(input, call).account],
    requests: (input: I, call: Call): readonly AccessRequest[] => [
      functionRequest(call.operation.name, targetOf(input, call), call, context?.(input, call)),
    ],
  }
}
