/** A file on its way: where S3 would keep it, and what it would keep with it. */
export interface DeliveredObject {
  readonly bucket: string
  readonly key: string
  readonly bytes: Uint8Array
  /** S3's user metadata, names without `x-amz-meta-`. */
  readonly metadata: Readonly<Record<string, string>>
}

/** Where trails deliver their files: the buckets that they name. */
export interface TrailTarget {
  /** For the banner. */
  readonly description: string
  /** Keeps the file, durably. @throws DeliveryFailure */
  put(object: DeliveredObject): Promise<void>
}

/** A file could not be delivered; `code` is what S3 would have said, or said. */
export class DeliveryFailure extends Error {
  override readonly name = 'DeliveryFailure'
  readonly code: string
  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}
