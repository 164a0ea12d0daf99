import { createHash } from 'node:crypto'
import type { Call, Dependencies } from '../../authorization/index.ts'
import { fault } from '../../base/index.ts'
import type { Account } from '../../directory/index.ts'
import { invalid } from './faults.ts'
import { limits } from './limits.ts'
import { functions, functionVersions, type LambdaFunction } from './records.ts'

/** The places of the code in a request. */
interface Source {
  readonly ZipFile?: Uint8Array | undefined
  readonly S3Bucket?: string | undefined
  readonly S3Key?: string | undefined
  readonly ImageUri?: string | undefined
}

/** Returns what is wrong with the package of a request, or undefined if nothing is, or it has none. */
export function checkZip({ ZipFile: zip }: Source, call: Call): Promise<string | undefined> {
  if (zip === undefined || zip.length === 0 || zip.length > limits.packageBytes)
    return Promise.resolve(undefined)
  return call.deps.functions.check(zip)
}

/** Returns the package of a request. @throws Fault if it has none that can be stored */
export function zipIn(source: Source, problem: unknown): Uint8Array {
  const { ZipFile: zip } = source
  if (source.ImageUri !== undefined) throw invalid('Omen runs no container images: give the code as ZipFile.')
  if (source.S3Bucket !== undefined || source.S3Key !== undefined)
    throw invalid('Omen has no S3 to fetch code from: give it as ZipFile.')
  if (zip === undefined) throw invalid('Please provide a source for function code.')
  if (zip.length === 0) throw invalid('Uploaded file must be a non-empty zip')
  if (zip.length > limits.packageBytes)
    throw fault('RequestEntityTooLargeException', `A package may have ${limits.packageBytes} bytes.`, 413)
  if (typeof problem === 'string') throw invalid(problem)
  return zip
}

/**
 * Stores a function's package. The record that is put under the key must contain its `codeFacts`. @throws Fault
 * CodeStorageExceededException
 */
export function keepCode(key: string, zip: Uint8Array, account: Account): void {
  checkCodeStorage(key, zip.length, account)
  account.keepBlob(codeFacts(zip).codeSha256, zip)
}

/**
 * Every function and version counts with its whole package (behaviour LAM-75), though the store keeps equal ones once.
 * @throws Fault CodeStorageExceededException
 */
export function checkCodeStorage(key: string, bytes: number, account: Account): void {
  let size = bytes
  for (const table of [functions, functionVersions])
    for (const each of account.table(table).values()) if (each.key !== key) size += each.codeSize
  if (size > limits.codeBytes)
    throw fault(
      'CodeStorageExceededException',
      `Code storage limit exceeded: ${limits.codeBytes} bytes.`,
      400,
    )
}

/**
 * Returns a function's package. It is the one of the record if the caller has not waited since it read the record.
 * @throws Fault ServiceException if the store lacks it
 */
export async function readCode({ codeSha256 }: LambdaFunction, deps: Dependencies): Promise<Uint8Array> {
  const zip = await deps.directory.store.readBlob(codeSha256)
  if (zip === undefined) throw fault('ServiceException', 'The function has no code.', 500)
  return zip
}

/** Returns a configuration's members about a package. */
export function codeFacts(zip: Uint8Array): Pick<LambdaFunction, 'codeSha256' | 'codeSize'> {
  return { codeSha256: createHash('sha256').update(zip).digest('base64'), codeSize: zip.length }
}
