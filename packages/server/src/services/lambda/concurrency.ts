import { type Call, family } from '../../authorization/index.ts'
import { fault } from '../../base/index.ts'
import type { Lambda } from '../../model/index.ts'
import { invalid } from './faults.ts'
import { limits } from './limits.ts'
import { functions, type LambdaFunction, type Provisioned } from './records.ts'
import { type Found, functionArn, getFunction, getLatest, latest, onFunction, targetOf } from './target.ts'

/** Reserved and provisioned concurrency, which are kept; only none at all has an effect (behaviour LAM-61). */
export const concurrency = family<Lambda.Operations>()({
  GetFunctionConcurrency: {
    ...onFunction<Lambda.GetFunctionConcurrencyRequest>(),
    run(input, call) {
      return reservedOut(getFunction(targetOf(input, call), call).record)
    },
  },
  PutFunctionConcurrency: {
    ...onFunction<Lambda.PutFunctionConcurrencyRequest>(),
    run(input, call) {
      const { account, record } = getLatest(targetOf(input, call), call)
      const { ReservedConcurrentExecutions: reserved } = input
      const others = [...account.table(functions).values()].filter(
        ({ region, key }) => region === record.region && key !== record.key,
      )
      const reservedTotal = others.reduce((sum, each) => sum + (each.reserved ?? 0), reserved)
      if (reservedTotal > limits.concurrency.all - limits.concurrency.unreserved)
        throw invalid(
          `Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [${limits.concurrency.unreserved}].`,
        )
      const changed = { ...record, reserved }
      account.table(functions).put(changed)
      return reservedOut(changed)
    },
  },
  DeleteFunctionConcurrency: {
    ...onFunction<Lambda.DeleteFunctionConcurrencyRequest>(),
    run(input, call) {
      const { account, record } = getLatest(targetOf(input, call), call)
      const { reserved: _, ...changed } = record
      account.table(functions).put(changed)
      return undefined
    },
  },
  GetProvisionedConcurrencyConfig: {
    ...onFunction<Lambda.GetProvisionedConcurrencyConfigRequest>(),
    run(input, call) {
      const { whole, qualifier } = qualified(input, call)
      const provisioned = whole.record.provisioned?.[qualifier]
      if (provisioned === undefined) throw noneProvisioned()
      return provisionedOut(provisioned)
    },
  },
  PutProvisionedConcurrencyConfig: {
    ...onFunction<Lambda.PutProvisionedConcurrencyConfigRequest>(),
    run(input, call) {
      const { whole, qualifier } = qualified(input, call)
      const provisioned = { requested: input.ProvisionedConcurrentExecutions, at: call.now }
      keep(whole, { ...whole.record.provisioned, [qualifier]: provisioned })
      // as any first answer has it; the next one says that it is ready
      return {
        ...provisionedOut(provisioned),
        Status: 'IN_PROGRESS',
        AllocatedProvisionedConcurrentExecutions: 0,
        AvailableProvisionedConcurrentExecutions: 0,
      }
    },
  },
  DeleteProvisionedConcurrencyConfig: {
    ...onFunction<Lambda.DeleteProvisionedConcurrencyConfigRequest>(),
    run(input, call) {
      const { whole, qualifier } = qualified(input, call)
      forgetProvisioned(whole, qualifier)
      return undefined
    },
  },
  ListProvisionedConcurrencyConfigs: {
    ...onFunction<Lambda.ListProvisionedConcurrencyConfigsRequest>(),
    run(input, call) {
      const { qualifier: _, ...target } = targetOf(input, call)
      const { record } = getFunction(target, call)
      const all = Object.entries(record.provisioned ?? {}).sort(([a], [b]) => (a < b ? -1 : 1))
      const left = all.filter(([qualifier]) => qualifier > (input.Marker ?? ''))
      const most = Math.min(input.MaxItems ?? limits.pageSize, limits.pageSize)
      const page = left.slice(0, most)
      return {
        ProvisionedConcurrencyConfigs: page.map(([qualifier, provisioned]) => ({
          FunctionArn: functionArn({ ...target, qualifier }),
          ...provisionedOut(provisioned),
        })),
        ...(left.length > most ? { NextMarker: page.at(-1)?.[0] ?? '' } : {}),
      }
    },
  },
})

/** Takes the provisioned concurrency of a version or an alias away, if it has some. */
export function forgetProvisioned(whole: Found, qualifier: string): void {
  const { [qualifier]: gone, ...rest } = whole.record.provisioned ?? {}
  if (gone !== undefined) keep(whole, rest)
}

/** @throws Fault if a function has no concurrency at all (behaviour LAM-61) */
export function refuseThrottled({ reserved }: LambdaFunction): void {
  if (reserved === 0)
    throw fault('TooManyRequestsException', 'Rate Exceeded.', 429, {
      Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded',
    })
}

/** The function with its account, and the version or alias of it that the request names. @throws Fault if it names none */
function qualified(
  input: Lambda.GetProvisionedConcurrencyConfigRequest,
  call: Call,
): { readonly whole: Found; readonly qualifier: string } {
  const { qualifier = latest, ...target } = targetOf(input, call)
  const whole = getFunction(target, call)
  getFunction({ ...target, qualifier }, call)
  if (qualifier === latest)
    throw invalid('Provisioned Concurrency Configs cannot be applied to unpublished function versions.')
  return { whole, qualifier }
}

function keep({ account, record }: Found, provisioned: Readonly<Record<string, Provisioned>>): void {
  const { provisioned: _, ...rest } = record
  const isEmpty = Object.keys(provisioned).length === 0
  account.table(functions).put(isEmpty ? rest : { ...rest, provisioned })
}

function reservedOut({ reserved }: LambdaFunction): Lambda.Concurrency {
  return reserved === undefined ? {} : { ReservedConcurrentExecutions: reserved }
}

function provisionedOut({ requested, at }: Provisioned) {
  return {
    RequestedProvisionedConcurrentExecutions: requested,
    AvailableProvisionedConcurrentExecutions: requested,
    AllocatedProvisionedConcurrentExecutions: requested,
    Status: 'READY' as const,
    LastModified: new Date(at).toISOString().replace('Z', '+0000'),
  }
}

function noneProvisioned() {
  return fault(
    'ProvisionedConcurrencyConfigNotFoundException',
    'No Provisioned Concurrency Config found for this function',
    404,
  )
}
