import type { AccessRequest } from '../../authorization/index.ts'
import { putNewest } from '../../base/index.ts'
import { headersWith, type IdentifiedCall } from '../catalogue/index.ts'
import { elementsIn } from './answers.ts'

/** The encryption of an upload: a key, and the encryption context. */
interface EncryptedParts {
  readonly keys: readonly string[]
  readonly facts: Readonly<Record<string, string>>
}

/** The beginning of an upload in parts. */
export interface Upload {
  /** The key of AWS KMS that its parts are encrypted under, if there is one. */
  readonly thing?: EncryptedParts
  /** Whether it has a checksum of its own. */
  readonly isChecked: boolean
}

/** Uploads that are kept, and the longest id. */
const limits = { uploads: 5_000, id: 1_024, key: 2_048 } as const

/**
 * Uploads in parts that began through this guard: most upstreams say how one is encrypted when it begins, and not later
 * (behaviour GRD-583). The oldest is dropped first.
 */
export class Uploads {
  readonly #known = new Map<string, Upload>()

  find(id: string): Upload | undefined {
    return this.#known.get(id)
  }

  /** Notes an upload that began. @param asked what was asked for it: the question about its key among it */
  note(id: string, { request }: IdentifiedCall, asked: readonly AccessRequest[]): void {
    const isChecked = headersWith(request)['x-amz-checksum-algorithm'] !== undefined
    const question = asked.find(({ action }) => action === 'kms:GenerateDataKey')
    if (id.length > limits.id || (question?.resource.length ?? 0) > limits.key) return
    const thing = question && thingOf(question)
    if (thing === undefined && !isChecked) return
    putNewest(this.#known, limits.uploads, id, { isChecked, ...(thing !== undefined && { thing }) })
  }
}

function thingOf({ resource, context, deniesOnly }: AccessRequest): EncryptedParts {
  const arn = context?.['kms:EncryptionContext:aws:s3:arn']
  const key = deniesOnly === true ? 'alias/aws/s3' : resource
  return { keys: [key], facts: typeof arn === 'string' ? { arn } : {} }
}

/** The id of an upload in the answer with which it begins. */
export function uploadIdIn(answer: string): string | undefined {
  const found = [...elementsIn(answer)].find(({ name }) => name === 'UploadId')?.text.trim()
  return found === '' ? undefined : found
}
