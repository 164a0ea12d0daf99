/** What functions may take of the machine that they run on. */
export const limits = {
  /** Processes at once. */
  running: 16,
  /** Invocations that wait for one to end. */
  waiting: 100,
  /** Files of a package, and its folders. */
  entries: 20_000,
  /** Letters of a file's name with its folders; no path of Linux is longer than 4,096 bytes. */
  nameLength: 4_000,
  /** Bytes of a package unpacked: Lambda's own limit (behaviour LAM-41). */
  unpackedBytes: 262_144_000,
  /** Bytes of an answer: Lambda's own limit (behaviour LAM-36). */
  payloadBytes: 6_291_556,
  /** Bytes of the log that an answer carries (behaviour LAM-34). */
  logBytes: 4_096,
  /** Milliseconds between two looks at the process's memory. */
  memoryInterval: 50,
  openFiles: 1_024,
  /** Bytes of storage for each file of it: empty files take memory of the machine, too. */
  bytesPerFile: 4_096,
  /** Processes and threads of one invocation. */
  processes: 128,
  /** Connections of one invocation to the house at once. */
  connections: 64,
  /** Bytes beyond a function's memory and storage that its control group may hold: launchers, page tables, code. */
  groupBytes: 134_217_728,
  /** The first of the users that run functions where the house is root: one for each of `running`. */
  firstUser: 60_700,
  /** Milliseconds for the look whether the fence holds. */
  probe: 10_000,
} as const
