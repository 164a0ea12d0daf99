import { type Account, defineTable } from '../../directory/index.ts'
import type { Lambda } from '../../model/index.ts'

/** One statement of a function's resource policy. */
export interface PermissionStatement {
  readonly sid: string
  /** As given to AddPermission: lambda:Principal when it is removed. */
  readonly principal: string
  readonly urlAuthType?: string
  /** JSON. */
  readonly text: string
}

/** A function. Parts of its configuration without meaning here are stored as given. */
export interface LambdaFunction {
  /** Region and name; for a version, its number too. */
  readonly key: string
  /** The number of a published version; `$LATEST` has none. */
  readonly version?: string
  /** The alias by which it was found, whose permissions apply; not stored. */
  readonly alias?: FunctionAlias
  /** The number of the last published version, deleted or not. */
  readonly published?: number
  readonly region: string
  readonly name: string
  readonly roleArn: string
  readonly runtime: string
  readonly handler: string
  readonly description: string
  readonly timeoutSeconds: number
  readonly memoryMegabytes: number
  readonly storageMegabytes: number
  readonly architectures: readonly Lambda.Architecture[]
  /** JSON of the variables, sealed with the vault's key for the purpose `lambda-environment`. */
  readonly sealedEnvironment?: string
  readonly codeSha256: string
  readonly codeSize: number
  readonly modifiedAt: number
  readonly revisionId: string
  readonly tags: Readonly<Record<string, string>>
  readonly permissions: readonly PermissionStatement[]
  readonly permissionsRevisionId?: string
  /** Reserved concurrency; of the function alone, not of its versions. */
  readonly reserved?: number
  /** Provisioned concurrency by version or alias; of the function alone. */
  readonly provisioned?: Readonly<Record<string, Provisioned>>
  readonly kept: KeptConfiguration
}

/** The provisioned concurrency of a version or an alias. */
export interface Provisioned {
  readonly requested: number
  readonly at: number
}

/** Parts of a configuration that are returned as given. */
export interface KeptConfiguration {
  readonly VpcConfig?: Lambda.VpcConfig
  readonly DeadLetterConfig?: Lambda.DeadLetterConfig
  readonly KMSKeyArn?: string
  readonly TracingConfig?: Lambda.TracingConfig
  readonly SnapStart?: Lambda.SnapStart
  readonly LoggingConfig?: Lambda.LoggingConfig
}

/** A name for a version of a function. */
export interface FunctionAlias {
  /** The function's key, and the name. */
  readonly key: string
  readonly name: string
  readonly version: string
  readonly description: string
  readonly revisionId: string
  readonly permissions: readonly PermissionStatement[]
  readonly permissionsRevisionId?: string
}

/** A function's deployment package is the blob that its record names. */
const packaged = { key: (r: LambdaFunction) => r.key, blob: (r: LambdaFunction) => r.codeSha256 }

export const functions = defineTable<LambdaFunction>({ kind: 'lambda/function', ...packaged })
/** Published versions: functions as of their publication. */
export const functionVersions = defineTable<LambdaFunction>({ kind: 'lambda/version', ...packaged })
export const functionAliases = defineTable<FunctionAlias>({ kind: 'lambda/alias', key: (r) => r.key })

/** The key of a function's record. */
export function functionKey(region: string, name: string): string {
  return `${region}\n${name}`
}

/**
 * Returns a number of fixed width, so that versions sort by number; a text that is not a number is no version's key.
 */
export function versionKey(functionKey: string, version: string): string {
  if (!/^[1-9]\d*$/.test(version)) return ''
  return `${functionKey}\n${version.padStart(12, '0')}`
}

export function aliasKey(functionKey: string, name: string): string {
  return `${functionKey}\n${name}`
}

type Permissions = Pick<LambdaFunction, 'permissions' | 'permissionsRevisionId'>

/** The resource policy of a function, a version of it or an alias of it. */
export function keepPermissions(record: LambdaFunction, changed: Permissions, account: Account): void {
  if (record.alias !== undefined) account.table(functionAliases).put({ ...record.alias, ...changed })
  else
    account.table(record.version === undefined ? functions : functionVersions).put({ ...record, ...changed })
}

/** Returns a function's versions, the oldest first. */
export function versionsOf({ key }: LambdaFunction, account: Account): readonly LambdaFunction[] {
  return ofFunction(key, account.table(functionVersions).values())
}

/** Returns a function's aliases by name. */
export function aliasesOf({ key }: LambdaFunction, account: Account): readonly FunctionAlias[] {
  return ofFunction(key, account.table(functionAliases).values())
}

function ofFunction<T extends { readonly key: string }>(functionKey: string, all: Iterable<T>): readonly T[] {
  return [...all]
    .filter(({ key }) => key.startsWith(`${functionKey}\n`))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
}
