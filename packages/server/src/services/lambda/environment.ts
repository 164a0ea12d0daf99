import type { Call, Dependencies } from '../../authorization/index.ts'
import { assert } from '../../base/index.ts'
import type { Lambda } from '../../model/index.ts'
import { invalid } from './faults.ts'
import { limits } from './limits.ts'
import type { LambdaFunction } from './records.ts'

type Variables = Readonly<Record<string, string>>

const purpose = 'lambda-environment'

/** Names that Lambda sets itself (behaviour LAM-16). */
const reserved = new Set([
  '_HANDLER',
  '_X_AMZN_TRACE_ID',
  'AWS_DEFAULT_REGION',
  'AWS_REGION',
  'AWS_EXECUTION_ENV',
  'AWS_LAMBDA_FUNCTION_NAME',
  'AWS_LAMBDA_FUNCTION_MEMORY_SIZE',
  'AWS_LAMBDA_FUNCTION_VERSION',
  'AWS_LAMBDA_INITIALIZATION_TYPE',
  'AWS_LAMBDA_LOG_GROUP_NAME',
  'AWS_LAMBDA_LOG_STREAM_NAME',
  'AWS_ACCESS_KEY',
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_LAMBDA_RUNTIME_API',
  'LAMBDA_TASK_ROOT',
  'LAMBDA_RUNTIME_DIR',
])

const sorry = 'Lambda was unable to configure your environment variables because the environment variables'

/** Returns the variables in stored form. @throws Fault for reserved names and for too much */
export function sealEnvironment(
  given: Lambda.Environment,
  call: Call,
): Pick<LambdaFunction, 'sealedEnvironment'> {
  const { Variables: variables = {} } = given
  const names = Object.keys(variables)
  const reservedNames = names.filter((name) => reserved.has(name))
  if (reservedNames.length > 0) {
    throw invalid(
      `${sorry} you have provided contains reserved keys that are currently not supported for modification. Reserved keys used in this request: ${reservedNames.join(', ')}`,
    )
  }
  if (names.length === 0) return {}
  const json = JSON.stringify(variables)
  if (Buffer.byteLength(json) > limits.environmentBytes)
    throw invalid(`${sorry} you have provided exceeded the 4KB limit. String measured: ${json}`)
  return { sealedEnvironment: call.deps.vault.sealText(purpose, json) }
}

/** The variables again. */
export function openEnvironment({ sealedEnvironment }: LambdaFunction, deps: Dependencies): Variables {
  if (sealedEnvironment === undefined) return {}
  const json = deps.vault.openText(purpose, sealedEnvironment)
  assert(json !== undefined, 'an environment of ours does not open')
  return JSON.parse(json) as Variables // what sealEnvironment wrote
}
