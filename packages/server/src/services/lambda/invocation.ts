import type { Dependencies, FunctionEnd, FunctionRun, Invocation } from '../../authorization/index.ts'
import { fault } from '../../base/index.ts'
import { findRole, newestAccount } from '../../directory/index.ts'
import type { MintedCredentials } from '../../session/index.ts'
import { readCode } from './code.ts'
import { openEnvironment } from './environment.ts'
import type { LambdaFunction } from './records.ts'
import { cannotBeAssumed, lambdaPrincipal } from './role.ts'
import { type Found, functionArn, functionIn, latest } from './target.ts'

/** The lifetime of the role's credentials in a function's environment (behaviour LAM-52). */
const lifetimeSeconds = 12 * 3_600

/**
 * Runs an invocation that no caller waits for, on the function as it is now. Returns undefined if the function is gone.
 * @throws Fault if it cannot be run
 */
export async function runInvocation(
  invocation: Invocation,
  deps: Dependencies,
): Promise<FunctionEnd | undefined> {
  const account = await newestAccount(deps.directory, invocation.account)
  const lambdaFunction = account && functionIn(account, invocation)
  if (lambdaFunction === undefined) return undefined
  refuseOtherRuntimes(lambdaFunction.record)
  return deps.functions.run(await runOf(invocation, lambdaFunction, deps))
}

/** Returns what the process of an invocation receives. @throws Fault if it cannot be run */
export async function runOf(invocation: Invocation, found: Found, deps: Dependencies): Promise<FunctionRun> {
  const { record } = found
  const { id, event, clientContext, qualifier: _, ...unqualified } = invocation
  const [zip] = await Promise.all([readCode(record, deps), deps.functions.assertRuns()])
  const credentials = await putOn(found, functionArn(unqualified), deps)
  return {
    requestId: id,
    name: record.name,
    arn: functionArn(invocation),
    holder: { function: functionArn(unqualified), caller: invocation.by ?? '' },
    version: record.version ?? latest,
    zip,
    handler: record.handler,
    timeoutSeconds: record.timeoutSeconds,
    memoryMegabytes: record.memoryMegabytes,
    storageMegabytes: record.storageMegabytes,
    environment: {
      ...openEnvironment(record, deps),
      ...environmentOf(record, credentials, invocation),
    },
    event,
    ...(clientContext === undefined ? {} : { clientContext }),
  }
}

/** Only Node's handlers run here, all on the server's own Node (behaviour LAM-30). */
export function refuseOtherRuntimes({ runtime }: LambdaFunction): void {
  if (runtime.startsWith('nodejs')) return
  throw fault(
    'InvalidRuntimeException',
    `Omen runs handlers of Node.js only: this function is kept, but its runtime, ${runtime}, is not run here.`,
    502,
  )
}

/** Returns the role's credentials. @throws Fault if Lambda can no longer assume it */
async function putOn(
  { account, record }: Found,
  arn: string,
  deps: Dependencies,
): Promise<MintedCredentials> {
  const role = findRole(account, record.roleArn)
  const credentials =
    role &&
    (await deps.assumeForService({
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
function environmentOf(record: LambdaFunction, credentials: MintedCredentials, { id, at }: Invocation) {
  const { version = latest } = record
  const stream = `${new Date(at).toISOString().slice(0, 10).replaceAll('-', '/')}/[${version}]${id.replaceAll('-', '')}`
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
