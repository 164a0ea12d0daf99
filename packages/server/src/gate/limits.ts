/** What the front door takes; everything above is refused before it is understood. */
export const limits = {
  /** Bytes of a body of anybody. */
  smallBody: 1024 * 1024,
  /** Bytes of a body of a caller whose key is known, for any operation. */
  mediumBody: 4 * 1024 * 1024,
  /** Bytes of all bodies in memory together. */
  bodiesInMemory: 256 * 1024 * 1024,
  /** Bytes of a body. The largest operation here is lambda:CreateFunction with a zip inside. */
  bodyBytes: 70 * 1024 * 1024,
  /** Bytes of a request's line and headers together. */
  headerBytes: 64 * 1024,
  /** Bytes that are read on after a refusal, so that the caller comes to read it. */
  drainedBytes: 8 * 1024 * 1024,
  /** Bytes of a header that policies compare with patterns: User-Agent and Referer. */
  comparedHeaderBytes: 8 * 1024,
  headers: 200,
  /** Milliseconds until a request must have come in whole. */
  requestTimeout: 60_000,
  headersTimeout: 15_000,
  keepAliveTimeout: 75_000,
  connections: 10_000,
  /** When the door closes, it is looked so often, so many milliseconds apart, whether the last answers were read. */
  closingLooks: 300,
  closingLook: 10,
} as const
