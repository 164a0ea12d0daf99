import type { Fault } from '../base/index.ts'
import type { IdentifiedCall } from './catalogue/index.ts'
import type { Deletion } from './deletion.ts'
import { guardLimits } from './limits.ts'
import type { WholeAnswer } from './relay.ts'

/** How a call goes on. */
export interface Onward {
  /** Without a signature, as it came. */
  readonly unsigned?: boolean | undefined
  /** Whether the caller may have to be told nothing of what is missing. */
  readonly conceals?: boolean
  readonly deletion?: Deletion | undefined
}

/** Whether who may not list the bucket is not told that an object is missing (behaviour GRD-109). */
export function concealed({ service, operation, request }: IdentifiedCall): boolean {
  return (
    service.id === 's3' &&
    /^(?:(?:Get|Head)Object|GetObjectAttributes)$/.test(operation) &&
    !/(?:^|&)versionId=/.test(request.rawQuery)
  )
}

/**
 * What the caller gets instead of the upstream's answer, once that is whole.
 * @param ofMissing what it gets instead of the word that an object is missing
 */
export function wholeAnswer(
  { conceals, deletion }: Onward,
  ofMissing: () => Promise<Fault | undefined>,
): WholeAnswer | undefined {
  const bytes = guardLimits.s3Document
  if (deletion !== undefined) {
    const make = async (body?: Buffer) => Buffer.from(deletion.answer(body?.toString('utf8') ?? ''))
    return { status: 200, bytes, make }
  }
  if (conceals !== true) return undefined
  const isKey = (code: string | undefined) => code === 'NoSuchKey' || code === '404'
  return { status: 404, bytes, make: async (_, code) => (isKey(code) ? ofMissing() : undefined) }
}
