/** Lambda's quotas, and limits of our own where Lambda counts what does not exist here. */
export const limits = {
  nameLength: 64,
  functionsPerRegion: 1_000,
  /** Bytes of a package in a request: Lambda's own limit. */
  packageBytes: 50 * 1_048_576,
  /** Bytes of an unpacked package: Lambda's own limit (behaviour LAM-41). */
  unzippedBytes: 262_144_000,
  /** Bytes of all packages of an account (behaviour LAM-75); Lambda has 75 GB. */
  codeBytes: 256 * 1_048_576,
  timeoutSeconds: 900,
  memoryMegabytes: { least: 128, most: 10_240 },
  storageMegabytes: { least: 512, most: 10_240 },
  /** Bytes of an environment's names and values together. */
  environmentBytes: 4_096,
  descriptionLength: 256,
  tags: 50,
  tagKey: 128,
  tagValue: 256,
  /** Bytes of a resource policy. */
  policyBytes: 20_480,
  /** Bytes of an event with a waiting caller, and without one. */
  eventBytes: { RequestResponse: 6_291_456, Event: 1_048_576 },
  /** Executions at a time in a region, and how many of them no function may reserve. */
  concurrency: { all: 1_000, unreserved: 100 },
  pageSize: 50,
} as const
