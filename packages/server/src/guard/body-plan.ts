import type { IdentifiedCall } from './catalogue/index.ts'
import { guardLimits } from './limits.ts'

/** The plan for a call's body. */
export type BodyPlan =
  /** Read whole before anything is decided: its signature covers it, or authorization reads it. */
  | { readonly kind: 'whole'; readonly bytes: number }
  /** Admitted by its head; then read whole, because authorization reads it. */
  | { readonly kind: 'document'; readonly bytes: number }
  /** Decided by its head, and never held. */
  | { readonly kind: 'passing' }

/** S3's bodies that are the content of objects. */
const objectBodies: ReadonlySet<string> = new Set(['PutObject', 'UploadPart', 'WriteGetObjectResponse'])

/**
 * APIs whose signatures cover the caller's statements about the body, and so can be checked before the body arrives.
 */
const signsHash: ReadonlySet<string> = new Set(['s3', 's3express', 's3-object-lambda', 's3-outposts'])

/** Which of the three a call's is (behaviour GRD-63). */
export function bodyPlan({ service, operation, protocol }: IdentifiedCall): BodyPlan {
  if (protocol !== 'restXml' || !signsHash.has(service.signs))
    return { kind: 'whole', bytes: guardLimits.wholeBody }
  if (operation === 'PostObject') return { kind: 'document', bytes: guardLimits.wholeBody }
  return service.id === 's3' && objectBodies.has(operation)
    ? { kind: 'passing' }
    : { kind: 'document', bytes: guardLimits.s3Document }
}
