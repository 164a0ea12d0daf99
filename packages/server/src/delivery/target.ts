/** A file to deliver: its key and metadata in S3. */
export interface DeliveredObject {
  readonly bucket: string
  readonly key: string
  readonly bytes: Uint8Array
  /** S3's user metadata; names without `x-amz-meta-`. */
  readonly metadata: Readonly<Record<string, string>>
  /** The key of AWS KMS that S3 encrypts it with, and the trail, which is the encryption context. */
  readonly encryption?: { readonly key: string; readonly trailArn: string }
}

/** Where trails deliver files: the buckets that they name. */
export interface TrailTarget {
  /** For the banner. */
  readonly description: string
  /** Whether it encrypts with keys of AWS KMS. */
  readonly encrypts?: boolean
  /** Keeps the file durably. @throws DeliveryFailure */
  put(object: DeliveredObject): Promise<void>
}

/** A file that could not be delivered. `code` is the error code that S3 returned or would return. */
export class DeliveryFailure extends Error {
  override readonly name = 'DeliveryFailure'
  readonly code: string
  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}
