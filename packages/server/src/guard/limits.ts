/** The guard's limits of memory for one request, and of time for the upstream. */
export const guardLimits = {
  /** Bytes of a body that a signature covers or authorization reads: Lambda's zips are the largest. */
  wholeBody: 70 * 1024 * 1024,
  /** Bytes of the body of S3 operations other than object transfers: a thousand keys to delete. */
  s3Document: 8 * 1024 * 1024,
  /** Bytes that are still read after a refusal, so that the caller reads the answer. */
  drained: 8 * 1024 * 1024,
  /** Milliseconds without a byte from the upstream, once it has the whole request. */
  upstreamSilence: 120_000,
  /** Milliseconds until the upstream takes a connection. */
  upstreamConnect: 5_000,
  /** Milliseconds without a byte from the caller while its body passes. */
  callerSilence: 60_000,
  /** Connections to the upstream; further requests wait for one. */
  connections: 1_024,
  /** Bytes of the headers of an upstream's answer. */
  answerHeaders: 64 * 1024,
  /** Bytes of an answer that wait for a caller that reads slowly, before the upstream waits, too. */
  heldAnswer: 1024 * 1024,
  /** Bytes of an upstream's answer to the guard's own questions. */
  ownAnswer: 1024 * 1024,
  /** Milliseconds until the answer must begin. */
  ownAnswerTime: 10_000,
  /** The same of CloudFormation: emulators load every service before they answer for it the first time. */
  slowAnswerTime: 60_000,
  /** Bytes of an answer with a template, which may have 1 MB before it is escaped. */
  templateAnswer: 6 * 1024 * 1024,
  /** Resource policies, access blocks and owners that are remembered. */
  remembered: 10_000,
  /** Bytes of the tags and settings that are remembered of resources. */
  rememberedTags: 16 * 1024 * 1024,
  /** Milliseconds in which what a policy asks of a resource must be read. */
  readingTime: 5_000,
  /** Milliseconds until remembered answers are read again. */
  rememberedFor: 60_000,
  /** Milliseconds after which a remembered answer is read again before it refuses a call. */
  freshFor: 1_000,
} as const
