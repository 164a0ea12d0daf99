/** The most that functions may use of the machine. */
export const limits = {
  /** Processes at once. */
  running: 16,
  /** Processes of one function at once: the others must not wait for it. */
  runningOfOne: 8,
  /** Processes that one caller has started, of whatever functions. */
  runningOfCaller: 12,
  /** Invocations that may wait for another to end. */
  waiting: 100,
  /** Invocations of one function that may wait. */
  waitingOfOne: 50,
  /** Invocations of one caller that may wait. */
  waitingOfCaller: 75,
  /** Files and folders of a package. */
  entries: 20_000,
  /** Characters of a file's path; Linux permits at most 4,096 bytes. */
  nameLength: 4_000,
  /** Bytes of an unpacked package: Lambda's own limit (behaviour LAM-41). */
  unpackedBytes: 262_144_000,
  /** Bytes of an answer: Lambda's own limit (behaviour LAM-36). */
  payloadBytes: 6_291_556,
  /** Bytes of the log in an answer (behaviour LAM-34). */
  logBytes: 4_096,
  /** Milliseconds between two checks of the process's memory. */
  memoryInterval: 50,
  openFiles: 1_024,
  /** Bytes of storage that each file counts for: empty files use memory too. */
  bytesPerFile: 4_096,
  /** Processes and threads of an invocation. */
  processes: 128,
  /** Concurrent connections of an invocation to the server. */
  connections: 64,
  /** Bytes beyond a function's memory and storage that its control group may use: launchers, page tables, code. */
  groupBytes: 134_217_728,
  /** The first user id for functions if the server runs as root: one for each of `running`. */
  firstUser: 60_700,
  /** Milliseconds for the check whether the fence holds. */
  probe: 10_000,
} as const
