import { type Call, callerArn, type FunctionEnd, family, type Invocation } from '../../authorization/index.ts'
import { assert, fault } from '../../base/index.ts'
import type { Lambda } from '../../model/index.ts'
import { refuseThrottled } from './concurrency.ts'
import { invalid } from './faults.ts'
import { refuseOtherRuntimes, runOf } from './invocation.ts'
import { limits } from './limits.ts'
import { findFunction, functionArn, functionRequest, getFunction, latest, targetOf } from './target.ts'

/** Invoke: the handler runs with the function's role. */
export const invoke = family<Lambda.Operations>()({
  Invoke: {
    accounts: (input, call) => [targetOf(input, call).account],
    // the action's name differs from the operation's
    requests: (input, call) => [functionRequest('InvokeFunction', targetOf(input, call), call)],
    async act(input, call) {
      const end = await invoked(input, call)
      switch (input.InvocationType) {
        case 'DryRun':
          return { StatusCode: 204 }
        case 'Event':
          return { StatusCode: 202 }
        default: {
          assert(end !== undefined, 'the caller waits for the end')
          return {
            StatusCode: 200,
            ExecutedVersion: versionOf(input, call),
            Payload: Buffer.from(end.payload),
            ...(end.failed ? { FunctionError: 'Unhandled' } : {}),
            ...(input.LogType === 'Tail' ? { LogResult: Buffer.from(end.log).toString('base64') } : {}),
          }
        }
      }
    },
    event(input, _output, call) {
      const { qualifier: _, ...target } = targetOf(input, call)
      const ARN = functionArn(target)
      return {
        resources: [{ accountId: target.account, type: 'AWS::Lambda::Function', ARN }],
        additionalEventData: { functionVersion: `${ARN}:${versionOf(input, call)}` },
        // the payload is not recorded
        responseElements: null,
        alsoIn: [target.account],
      }
    },
  },
})

/** Returns the version, following an alias. */
function versionOf(input: Lambda.InvocationRequest, call: Call): string {
  return findFunction(targetOf(input, call), call)?.record.version ?? latest
}

/** Checks an invocation and starts it; waits for its end if the caller does. */
async function invoked(input: Lambda.InvocationRequest, call: Call): Promise<FunctionEnd | undefined> {
  const { deps } = call
  const target = targetOf(input, call)
  const lambdaFunction = getFunction(target, call)
  if (input.TenantId !== undefined) throw invalid('Omen isolates no tenants.')
  if (input.DurableExecutionName !== undefined) throw invalid('Omen runs no durable functions.')
  const type = input.InvocationType ?? 'RequestResponse'
  if (type === 'DryRun') return undefined
  const { qualifier: _, ...whole } = target
  refuseThrottled(getFunction(whole, call).record)
  const event = eventIn(input.Payload, limits.eventBytes[type])
  const clientContext = clientContextIn(input.ClientContext)
  const { name, ...rest } = target
  const invocation: Invocation = {
    id: call.id,
    by: callerArn(call)?.replace(/(:assumed-role\/[^/]+)\/.*/, '$1') ?? call.caller.kind,
    name,
    ...rest,
    event,
    ...(clientContext === undefined ? {} : { clientContext }),
    at: call.now,
  }
  refuseOtherRuntimes(lambdaFunction.record)
  if (type === 'RequestResponse') return deps.functions.run(await runOf(invocation, lambdaFunction, deps))
  await deps.functions.assertRuns()
  await deps.invocations.add(invocation)
  return undefined
}

/** Returns the event as JSON text. @throws Fault for invalid or too long JSON (behaviours LAM-37 and LAM-38) */
function eventIn(payload: Uint8Array | undefined, most: number): string {
  if (payload === undefined || payload.length === 0) return '{}'
  if (payload.length > most) {
    throw fault(
      'RequestTooLargeException',
      `Request must be smaller than ${most} bytes for the InvokeFunction operation`,
      413,
    )
  }
  const text = Buffer.from(payload).toString('utf8')
  try {
    JSON.parse(text)
  } catch (error) {
    const why = error instanceof Error ? error.message : ''
    throw fault('InvalidRequestContentException', `Could not parse request body into json: ${why}`, 400)
  }
  return text
}

/** Base64 of a JSON object. @throws Fault */
function clientContextIn(header: string | undefined): string | undefined {
  if (header === undefined) return undefined
  const text = Buffer.from(header, 'base64').toString('utf8')
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null) return text
  } catch {
    // refused below
  }
  throw fault(
    'InvalidRequestContentException',
    'Client context must be a valid Base64-encoded JSON object.',
    400,
  )
}
