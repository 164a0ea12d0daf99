import type { Lambda } from '../../model/index.ts'
import { constraint, invalid } from './faults.ts'
import { limits } from './limits.ts'
import type { KeptConfiguration, LambdaFunction } from './records.ts'
import { checkRuntime } from './runtime.ts'

/** The common input of CreateFunction and UpdateFunctionConfiguration. */
type Given = Omit<Lambda.UpdateFunctionConfigurationRequest, 'FunctionName'>

/**
 * Parts of a configuration that affect execution in ways that Omen does not support. They are refused and never
 * ignored.
 */
const notHere: Readonly<Record<string, string>> = {
  Layers: 'Omen keeps no layers: put what the function needs into its package.',
  FileSystemConfigs: 'Omen mounts no file systems.',
  ImageConfig: 'Omen runs no container images.',
  CapacityProviderConfig: 'Omen has no capacity providers.',
  DurableConfig: 'Omen runs no durable functions.',
  TenancyConfig: 'Omen isolates no tenants.',
  CodeSigningConfigArn: 'Omen keeps no code signing configurations.',
  PublishTo: 'Omen publishes numbered versions only.',
}

/** @throws Fault if a request asks for what Omen does not support (behaviour LAM-3) */
export function refuseWhatIsNotHere(input: object): void {
  for (const [member, value] of Object.entries(input)) {
    const why = Object.hasOwn(notHere, member) ? notHere[member] : undefined
    if (why === undefined || value === undefined || (Array.isArray(value) && value.length === 0)) continue
    throw invalid(why)
  }
  if ('PackageType' in input && input.PackageType === 'Image') throw invalid('Omen runs no container images.')
}

/** @throws Fault for values that Lambda refuses */
export function checkConfiguration(given: Given): void {
  checkRuntime(given.Runtime)
  const { timeoutSeconds, memoryMegabytes, storageMegabytes } = limits
  atMost('timeout', given.Timeout, timeoutSeconds)
  atMost('memorySize', given.MemorySize, memoryMegabytes.most)
  const storage = given.EphemeralStorage?.Size
  atMost('ephemeralStorage.size', storage, storageMegabytes.most)
  if (storage !== undefined && storage < storageMegabytes.least)
    throw constraint(
      'ephemeralStorage.size',
      storage,
      `value greater than or equal to ${storageMegabytes.least}`,
    )
}

function atMost(member: string, value: number | undefined, most: number): void {
  if (value !== undefined && value > most)
    throw constraint(member, value, `value less than or equal to ${most}`)
}

type Settings = Pick<
  LambdaFunction,
  | 'runtime'
  | 'handler'
  | 'description'
  | 'timeoutSeconds'
  | 'memoryMegabytes'
  | 'storageMegabytes'
  | 'architectures'
  | 'kept'
>

/** The defaults of a new function (behaviour LAM-4). */
export const defaults = {
  description: '',
  timeoutSeconds: 3,
  memoryMegabytes: 128,
  storageMegabytes: 512,
  architectures: ['x86_64'],
  kept: {},
} as const satisfies Partial<Settings>

/** Merges a request's settings over settings. */
export function settingsFrom(given: Given, before: Settings): Settings {
  return {
    runtime: given.Runtime ?? before.runtime,
    handler: given.Handler ?? before.handler,
    description: given.Description ?? before.description,
    timeoutSeconds: given.Timeout ?? before.timeoutSeconds,
    memoryMegabytes: given.MemorySize ?? before.memoryMegabytes,
    storageMegabytes: given.EphemeralStorage?.Size ?? before.storageMegabytes,
    architectures: before.architectures,
    kept: { ...before.kept, ...keptFrom(given) },
  }
}

const keptMembers = [
  'VpcConfig',
  'DeadLetterConfig',
  'KMSKeyArn',
  'TracingConfig',
  'SnapStart',
  'LoggingConfig',
] as const

function keptFrom(given: Given): KeptConfiguration {
  const entries = keptMembers.map((name) => [name, given[name]] as const)
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined))
}
