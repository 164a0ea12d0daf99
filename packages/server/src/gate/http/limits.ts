/** The server's limits for requests; anything larger is refused before it is parsed. */
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
  /** Bytes that are still read after a refusal, so that the caller reads the answer. */
  drainedBytes: 8 * 1024 * 1024,
  /** Bytes of a header that policies compare with patterns: User-Agent and Referer. */
  comparedHeaderBytes: 8 * 1024,
  headers: 200,
  /** Milliseconds until a request must have come in whole. */
  requestTimeout: 60_000,
  headersTimeout: 15_000,
  keepAliveTimeout: 75_000,
  connections: 10_000,
  /** On shutdown, milliseconds that calls in flight may take. */
  finishing: 8_000,
  /** On shutdown, milliseconds that the last delivery of trails may take. Whatever is left is delivered at the next start. */
  lastDelivery: 5_000,
  /** On shutdown, how often and at which interval, in milliseconds, unread answers are checked for. */
  closingLooks: 300,
  closingLook: 10,
} as const
