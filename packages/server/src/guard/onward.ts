import type { Call } from '../authorization/index.ts'
import { type Fault, fault } from '../base/index.ts'
import type { StackPlan } from '../pipeline/index.ts'
import type { IdentifiedCall } from './catalogue/index.ts'
import type { Remainder } from './deletion.ts'
import { guardLimits } from './limits.ts'
import type { StackKeeper } from './parts.ts'
import type { WholeAnswer } from './relay.ts'
import { membersOf, objectIn } from './resource/answers.ts'
import { uploadIdIn } from './resource/uploads.ts'

/** The terms on which a call is forwarded. */
export interface Onward {
  /** Without a signature, as it came. */
  readonly unsigned?: boolean | undefined
  /** Whether the caller may have to be kept from learning that an object is missing. */
  readonly conceals?: boolean
  readonly remainder?: Remainder | undefined
  readonly stack?: StackPlan | undefined
  /** Makes the caller's answer of the upstream's. */
  readonly shown?: ((answer: string) => Promise<string | undefined>) | undefined
}

/** The view of an answer to a call that reads a stack's template; what was made is noted of other answers. */
export function shownBy(
  { service, operation }: IdentifiedCall,
  call: Call,
  stacks: StackKeeper,
): Onward['shown'] {
  if (service.id === 'kms' && operation === 'CreateKey') return async (answer) => noteKey(answer, call)
  if (service.id === 's3' && operation === 'CreateMultipartUpload')
    return async (answer) => noteUpload(answer, call)
  const reads = service.id === 'cloudformation' && operation === 'GetTemplate'
  return reads ? (answer) => stacks.shown(answer, call) : undefined
}

/** The answer itself stays as it is (behaviour TRL-112). */
function noteKey(answer: string, { marks }: Call): undefined {
  const { Arn } = membersOf(membersOf(objectIn(answer)).KeyMetadata)
  if (typeof Arn === 'string' && marks !== undefined) marks.made = Arn
}

/** As before (behaviour GRD-583). */
function noteUpload(answer: string, { marks }: Call): undefined {
  const id = uploadIdIn(answer)
  if (id !== undefined && marks !== undefined) marks.upload = id
}

/**
 * Returns whether a caller without permission to list the bucket is kept from learning that an object is missing
 * (behaviour GRD-109).
 */
export function concealed({ service, operation, request }: IdentifiedCall): boolean {
  return (
    service.id === 's3' &&
    /^(?:(?:Get|Head)Object|GetObjectAttributes)$/.test(operation) &&
    !/(?:^|&)versionId=/.test(request.rawQuery)
  )
}

/**
 * Returns what the caller gets instead of the upstream's complete answer. @param ofMissing the answer that replaces
 * the one that an object is missing
 */
export function wholeAnswer(
  { conceals, remainder, stack, shown }: Onward,
  ofMissing: () => Promise<Fault | undefined>,
): WholeAnswer | undefined {
  const bytes = guardLimits.s3Document
  if (remainder !== undefined) {
    const make = async (body?: Buffer) => Buffer.from(remainder.answer(body?.toString('utf8') ?? ''))
    return { statuses: [200], bytes, make }
  }
  if (stack !== undefined) {
    // the caller may use what the stack creates as soon as it has the answer
    const make: WholeAnswer['make'] = async (_, code) => {
      const instead = code === undefined ? undefined : await stack.again?.(code)
      if (code === undefined || instead !== undefined) {
        const missed = await stack.after(true)
        if (missed !== undefined) return fault('ValidationError', missed, 400)
      }
      return instead === undefined ? undefined : { status: 200, body: Buffer.from(instead) }
    }
    return { statuses: [200, 400, 404], bytes, make }
  }
  if (shown !== undefined) {
    const make: WholeAnswer['make'] = async (body) => {
      const instead = await shown(body?.toString('utf8') ?? '')
      return instead === undefined ? undefined : Buffer.from(instead)
    }
    return { statuses: [200], bytes: guardLimits.templateAnswer, make }
  }
  if (conceals !== true) return undefined
  const isKey = (code: string | undefined) => code === 'NoSuchKey' || code === '404'
  return { statuses: [404], bytes, make: async (_, code) => (isKey(code) ? ofMissing() : undefined) }
}
