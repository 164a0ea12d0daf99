import type { Call } from '../../authorization/index.ts'
import { uuid } from '../../base/index.ts'
import type { Account } from '../../directory/index.ts'
import { checkCodeStorage } from './code.ts'
import { functions, functionVersions, type LambdaFunction, versionKey, versionsOf } from './records.ts'

/**
 * Publishes a version of the function's current state, or returns the last one if nothing has changed since (behaviour
 * LAM-65). Versions begin with an empty policy of their own, and have no tags.
 */
export function publish(
  record: LambdaFunction,
  account: Account,
  call: Call,
  description: string = record.description,
): LambdaFunction {
  const last = versionsOf(record, account).at(-1)
  if (last !== undefined && sameAs(last, record)) return last
  const published = (record.published ?? 0) + 1
  const version = String(published)
  const { published: _, permissionsRevisionId: __, ...now } = record
  const newVersion: LambdaFunction = {
    ...now,
    key: versionKey(record.key, version),
    version,
    description,
    revisionId: uuid(call.deps.random),
    tags: {},
    permissions: [],
  }
  // the bytes are the function's own: the store has them, or this call contains them
  checkCodeStorage(newVersion.key, newVersion.codeSize, account)
  account.table(functionVersions).put(newVersion)
  account.table(functions).put({ ...record, published })
  return newVersion
}

/** Returns whether code and configuration equal a version's; its description was given at publication. */
function sameAs(version: LambdaFunction, record: LambdaFunction): boolean {
  const published = (of: LambdaFunction) => JSON.stringify(publishedMembers.map((member) => of[member]))
  return published(version) === published(record)
}

const publishedMembers = [
  'codeSha256',
  'sealedEnvironment',
  'runtime',
  'handler',
  'roleArn',
  'kept',
  'timeoutSeconds',
  'memoryMegabytes',
  'storageMegabytes',
  'architectures',
] as const satisfies readonly (keyof LambdaFunction)[]
