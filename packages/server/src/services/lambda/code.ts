import { createHash } from 'node:crypto'
import type { Call } from '../../authorization/index.ts'
import { fault } from '../../base/index.ts'
import type { Account } from '../../directory/index.ts'
import { invalid } from './faults.ts'
import { limits } from './limits.ts'
import { type FunctionCode, functionCodes, type LambdaFunction } from './records.ts'

/** Where a request may say that the code is. */
interface Source {
  readonly ZipFile?: Uint8Array | undefined
  readonly S3Bucket?: string | undefined
  readonly S3Key?: string | undefined
  readonly ImageUri?: string | undefined
}

/** What is wrong with the package in a request; undefined where nothing is, or none is in it. */
export function checkZip({ ZipFile: zip }: Source, call: Call): Promise<string | undefined> {
  if (zip === undefined || zip.length === 0 || zip.length > limits.packageBytes)
    return Promise.resolve(undefined)
  return call.house.functions.check(zip)
}

/** The package in a request. @throws Fault where there is none that can be kept */
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

/** Keeps a function's package. @throws Fault CodeStorageExceededException */
export function keepCode(key: string, zip: Uint8Array, account: Account): void {
  const table = account.table(functionCodes)
  let size = zip.length
  for (const code of table.values()) if (code.key !== key) size += code.size
  if (size > limits.codeBytes)
    throw fault(
      'CodeStorageExceededException',
      `Code storage limit exceeded: ${limits.codeBytes} bytes.`,
      400,
    )
  table.put({ key, size: zip.length, zip: Buffer.from(zip).toString('base64') } satisfies FunctionCode)
}

/** What a configuration says of a package. */
export function codeFacts(zip: Uint8Array): Pick<LambdaFunction, 'codeSha256' | 'codeSize'> {
  return { codeSha256: createHash('sha256').update(zip).digest('base64'), codeSize: zip.length }
}
