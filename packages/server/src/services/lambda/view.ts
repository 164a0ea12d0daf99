import { createHash } from 'node:crypto'
import type { Call } from '../../authorization/index.ts'
import type { AccountId } from '../../base/index.ts'
import type { Account } from '../../directory/index.ts'
import type { Lambda } from '../../model/index.ts'
import { openEnvironment } from './environment.ts'
import type { LambdaFunction } from './records.ts'
import { functionArn, latest } from './target.ts'

/** The state of a function, which only the answer that begins it shows (behaviour LAM-5). */
export const states = {
  active: { State: 'Active', LastUpdateStatus: 'Successful' },
  creating: {
    State: 'Pending',
    StateReason: 'The function is being created.',
    StateReasonCode: 'Creating',
  },
  updating: {
    State: 'Active',
    LastUpdateStatus: 'InProgress',
    LastUpdateStatusReason: 'The function is being created.',
    LastUpdateStatusReasonCode: 'Creating',
  },
  /** Lists omit them. */
  omitted: {},
} as const satisfies Readonly<Record<string, Partial<Lambda.FunctionConfiguration>>>

/** Returns a function's configuration as answers have it. */
export function configurationOut(
  record: LambdaFunction,
  account: AccountId,
  call: Call,
  state: keyof typeof states = 'active',
  qualifier?: string,
): Lambda.FunctionConfiguration {
  const { kept } = record
  const variables = openEnvironment(record, call.deps)
  return {
    FunctionName: record.name,
    FunctionArn: functionArn({
      partition: call.account.partition,
      account,
      region: record.region,
      name: record.name,
      ...(qualifier === undefined ? {} : { qualifier }),
    }),
    Runtime: record.runtime,
    Role: record.roleArn,
    Handler: record.handler,
    CodeSize: record.codeSize,
    Description: record.description,
    Timeout: record.timeoutSeconds,
    MemorySize: record.memoryMegabytes,
    LastModified: new Date(record.modifiedAt).toISOString().replace('Z', '+0000'),
    CodeSha256: record.codeSha256,
    Version: record.version ?? latest,
    ...(kept.VpcConfig === undefined ? {} : { VpcConfig: { ...kept.VpcConfig, VpcId: '' } }),
    DeadLetterConfig: kept.DeadLetterConfig,
    ...(record.sealedEnvironment === undefined ? {} : { Environment: { Variables: variables } }),
    KMSKeyArn: kept.KMSKeyArn,
    TracingConfig: { Mode: kept.TracingConfig?.Mode ?? 'PassThrough' },
    RevisionId: record.revisionId,
    ...states[state],
    PackageType: 'Zip',
    Architectures: record.architectures,
    EphemeralStorage: { Size: record.storageMegabytes },
    SnapStart: { ApplyOn: kept.SnapStart?.ApplyOn ?? 'None', OptimizationStatus: 'Off' },
    RuntimeVersionConfig: { RuntimeVersionArn: runtimeVersionArn(record, call.account) },
    LoggingConfig: { LogFormat: 'Text', LogGroup: `/aws/lambda/${record.name}`, ...kept.LoggingConfig },
  }
}

/**
 * The version of the runtime: one for each runtime and architecture, because none is ever updated here (behaviour
 * LAM-8).
 */
function runtimeVersionArn(
  { region, runtime, architectures }: LambdaFunction,
  { partition }: Account,
): string {
  const id = createHash('sha256').update(`${runtime} ${architectures.join()}`).digest('hex')
  return `arn:${partition}:lambda:${region}::runtime:${id}`
}
