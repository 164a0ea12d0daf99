import { type Served, serveApi } from '../../authorization/index.ts'
import type { Lambda } from '../../model/index.ts'
import { accountSettings } from './account-settings.ts'
import { aliases } from './aliases.ts'
import { concurrency } from './concurrency.ts'
import { createFunction } from './create-function.ts'
import { invoke } from './invoke.ts'
import { permissions } from './permissions.ts'
import { readFunctions } from './read-functions.ts'
import { functions, functionVersions } from './records.ts'
import { tags } from './tags.ts'
import { askedOfFunction } from './target.ts'
import { updateFunction } from './update-function.ts'
import { versions } from './versions.ts'

const operations = {
  ...accountSettings,
  ...aliases,
  ...concurrency,
  ...createFunction,
  ...invoke,
  ...permissions,
  ...readFunctions,
  ...tags,
  ...updateFunction,
  ...versions,
} satisfies Served<Lambda.Operations>

export const lambda = serveApi('lambda', operations)
export { runInvocation } from './invocation.ts'
export { policyDocument } from './permission.ts'
export { functionKey, functions } from './records.ts'
export { askedOfFunction }

/** Kinds of records that name a blob. */
export const blobTables = [functions, functionVersions]
