import { type Call, type FunctionEnd, type FunctionRun, family } from '../../authorization/index.ts'
import { assert, fault } from '../../base/index.ts'
import { findRole } from '../../directory/index.ts'
import type { Lambda } from '../../model/index.ts'
import type { MintedCredentials } from '../../session/index.ts'
import { readCode } from './code.ts'
import { openEnvironment } from './environment.ts'
import { invalid } from './faults.ts'
import { limits } from './limits.ts'
import type { LambdaFunction } from './records.ts'
import { cannotBeAssumed, lambdaPrincipal } from './role.ts'
import {
  type Found,
  findFunction,
  functionArn,
  functionRequest,
  getFunction,
  latest,
  targetOf,
} from './target.ts'

/** The lifetime of the role's credentials in a function's environment (behaviour LAM-52). */
const lifetimeSeconds = 12 * 3_600

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
  const target = targetOf(input, call)
  const found = getFunction(target, call)
  if (input.TenantId !== undefined) throw invalid('Omen isolates no tenants.')
  if (input.DurableExecutionName !== undefined) throw invalid('Omen runs no durable functions.')
  const type = input.InvocationType ?? 'RequestResponse'
  if (type === 'DryRun') return undefined
  const event = eventIn(input.Payload, limits.eventBytes[type])
  const clientContext = clientContextIn(input.ClientContext)
  refuseOtherRuntimes(found.record)
  const code = readCode(found.record, call)
  const [zip] = await Promise.all([code, call.house.functions.assertRuns()])
  const { qualifier: _, ...unqualified } = target
  const credentials = await putOn(found, functionArn(unqualified), call)
  const run: FunctionRun = {
    requestId: call.id,
    name: found.record.name,
    arn: functionArn(target),
    version: found.record.version ?? latest,
    zip,
    handler: found.record.handler,
    timeoutSeconds: found.record.timeoutSeconds,
    memoryMegabytes: found.record.memoryMegabytes,
    storageMegabytes: found.record.storageMegabytes,
    environment: {
      ...openEnvironment(found.record, call),
      ...environmentOf(found.record, credentials, call),
    },
    event,
    ...(clientContext === undefined ? {} : { clientContext }),
  }
  if (type === 'RequestResponse') return call.house.functions.run(run)
  call.house.functions.start(run)
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

/** Only Node's handlers run here, all on the server's own Node (behaviour LAM-30). */
function refuseOtherRuntimes({ runtime }: LambdaFunction): void {
  if (runtime.startsWith('nodejs')) return
  throw fault(
    'InvalidRuntimeException',
    `Omen runs handlers of Node.js only: this function is kept, but its runtime, ${runtime}, is not run here.`,
    502,
  )
}

/** Returns the role's credentials. @throws Fault if Lambda can no longer assume it */
async function putOn({ account, record }: Found, arn: string, call: Call): Promise<MintedCredentials> {
  const role = findRole(account, record.roleArn)
  const credentials =
    role &&
    (await call.house.assumeForService({
      account,
      role,
      service: lambdaPrincipal,
      sessionName: record.name,
      lifetimeSeconds,
      serviceKeys: { 'lambda:SourceFunctionArn': arn }, // behaviour LAM-56
    }))
  if (credentials === undefined) throw fault('AccessDeniedException', cannotBeAssumed, 403)
  return credentials
}

/** Lambda's variables in the environment (behaviour LAM-51). */
function environmentOf(record: LambdaFunction, credentials: MintedCredentials, call: Call) {
  const { version = latest } = record
  const stream = `${new Date(call.now).toISOString().slice(0, 10).replaceAll('-', '/')}/[${version}]${call.id.replaceAll('-', '')}`
  return {
    _HANDLER: record.handler,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: credentials.sessionToken,
    AWS_REGION: record.region,
    AWS_DEFAULT_REGION: record.region,
    AWS_EXECUTION_ENV: `AWS_Lambda_${record.runtime}`,
    AWS_LAMBDA_FUNCTION_NAME: record.name,
    AWS_LAMBDA_FUNCTION_VERSION: version,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(record.memoryMegabytes),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${record.name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: stream,
  }
}
