/** One row of the import table (docs/ARCHITECTURE.md): a room, and what it may import. */
export interface Room {
  /** The folder, from the repository's root; `*` is any one folder. The longest that fits owns a file. */
  readonly folder: string
  /** Names of the rooms it may import, besides itself. */
  readonly imports: readonly string[]
}

const floors = [
  'base',
  'policy',
  'model',
  'store',
  'wire',
  'wire/sigv4',
  'directory',
  'session',
  'grants',
  'authorization',
  'authorization/catalogue',
  'trail',
  'center',
  'assertions',
]
const doors = [
  'report',
  'sources',
  'image',
  'graph',
  'delivery',
  'metrics',
  'services',
  'services/doors',
  'services/*',
  'services/omen',
  'services/omen/search',
  'workload',
  'workload/functions',
  'pipeline',
  'guard/catalogue',
  'guard',
  'mirror',
  'stacks',
  'masks',
  'views',
  'gate',
  'shape',
  'intake',
  'seed',
  'testing',
]

/**
 * A floor imports the floors beneath it, never its neighbour, never one above. From outside a room only its
 * index.ts is imported. The policy package is one room, and so is the console.
 */
export const rooms: Readonly<Record<string, Room>> = {
  policy: { folder: 'packages/policy/src', imports: [] },
  /** Draws masks, in the server and in a browser. */
  masks: { folder: 'packages/server/src/masks', imports: [] },
  /** What the server's own API answers: types that server, CLI and console share. */
  views: { folder: 'packages/server/src/views', imports: [] },
  base: { folder: 'packages/server/src/base', imports: [] },
  /** Writers of the forms that CI servers and code scanning read. */
  report: { folder: 'packages/server/src/report', imports: [] },
  model: { folder: 'packages/server/src/model', imports: ['base'] },
  store: { folder: 'packages/server/src/store', imports: ['base'] },
  /** Signatures know nothing of models: a room within the wire, with a face of its own. */
  'wire/sigv4': { folder: 'packages/server/src/wire/sigv4', imports: ['base'] },
  wire: { folder: 'packages/server/src/wire', imports: ['base', 'model', 'wire/sigv4'] },
  directory: { folder: 'packages/server/src/directory', imports: ['base', 'policy', 'store'] },
  session: { folder: 'packages/server/src/session', imports: ['base', 'policy', 'directory'] },
  /** OAuth as a thing: codes, device codes, families of tokens, proofs. No HTTP, and no page. */
  grants: { folder: 'packages/server/src/grants', imports: ['base', 'store', 'directory', 'session'] },
  /** Derived data and their readers know nothing of accounts: a room within, with a face of its own. */
  'authorization/catalogue': { folder: 'packages/server/src/authorization/catalogue', imports: [] },
  authorization: {
    folder: 'packages/server/src/authorization',
    imports: ['base', 'policy', 'model', 'store', 'directory', 'session', 'authorization/catalogue'],
  },
  trail: { folder: 'packages/server/src/trail', imports: ['base', 'model', 'store'] },
  /** IAM Identity Center as a thing: who may use what, where; the roles that permission sets are. */
  center: {
    folder: 'packages/server/src/center',
    imports: [
      'base',
      'store',
      'directory',
      'session',
      'grants',
      'authorization',
      'authorization/catalogue',
      'trail',
    ],
  },
  /** Tokens of identity providers: which a server knows, and whether one is right; tokens that the server itself signs. */
  assertions: {
    folder: 'packages/server/src/assertions',
    imports: ['base', 'wire', 'directory', 'session', 'grants', 'authorization'],
  },
  /** Policies in the files where they are written: it computes, and others read the files. */
  sources: { folder: 'packages/server/src/sources', imports: ['base', 'policy'] },
  /** What an account contains, as a value: what sources say, and what the graph is asked about. */
  image: { folder: 'packages/server/src/image', imports: ['base', 'directory'] },
  /** Who can become whom: it computes, and others read the files. */
  graph: {
    folder: 'packages/server/src/graph',
    imports: ['policy', 'base', 'authorization', 'authorization/catalogue', 'image'],
  },
  /** Counts and times of a process, and their text; a store that is measured. */
  metrics: { folder: 'packages/server/src/metrics', imports: ['base', 'store'] },
  /** Which requests are for a service that no model describes; the code of these services is not needed for it. */
  'services/doors': { folder: 'packages/server/src/services/doors', imports: ['base'] },
  'services/*': { folder: 'packages/server/src/services/*', imports: [...floors, 'services/doors'] },
  /** Omen's own API: its answers are about what every service of an account has. */
  'services/omen': {
    folder: 'packages/server/src/services/omen',
    imports: [...floors, 'image', 'graph', 'services/*'],
  },
  /** What the thread runs that searches graphs: the rest of the server only sends it messages. */
  'services/omen/search': {
    folder: 'packages/server/src/services/omen/search',
    imports: [...floors, 'image', 'graph', 'services/omen'],
  },
  /** The list of services: files in services/ itself. */
  services: { folder: 'packages/server/src/services', imports: [...floors, 'services/*', 'services/omen'] },
  delivery: {
    folder: 'packages/server/src/delivery',
    imports: ['base', 'directory', 'store', 'trail', 'wire/sigv4'],
  },
  workload: {
    folder: 'packages/server/src/workload',
    imports: ['base', 'directory', 'session', 'authorization'],
  },
  /** Runs the code of functions: it starts processes, and knows of the server only what they get. */
  'workload/functions': {
    folder: 'packages/server/src/workload/functions',
    imports: ['base', 'authorization'],
  },
  /** Which call a request is and what it needs: answered from derived data, a room within. */
  'guard/catalogue': {
    folder: 'packages/server/src/guard/catalogue',
    imports: ['base', 'model', 'wire', 'wire/sigv4', 'authorization', 'authorization/catalogue'],
  },
  /** The steps that a call takes in the gate and in the guard alike. */
  pipeline: { folder: 'packages/server/src/pipeline', imports: ['base', 'wire', 'authorization'] },
  guard: {
    folder: 'packages/server/src/guard',
    imports: [
      'base',
      'model',
      'wire',
      'wire/sigv4',
      'session',
      'authorization',
      'trail',
      'pipeline',
      'guard/catalogue',
    ],
  },
  /** What sources say that accounts contain, and its comparison with the accounts of a house. */
  intake: {
    folder: 'packages/server/src/intake',
    imports: [
      'base',
      'policy',
      'store',
      'directory',
      'session',
      'authorization',
      'authorization/catalogue',
      'center',
      'services/*',
      'sources',
      'shape',
      'image',
    ],
  },
  /** Keeps the IAM of the guard's upstream like Omen's: it computes calls, and others send them. */
  mirror: {
    folder: 'packages/server/src/mirror',
    imports: ['base', 'directory', 'authorization'],
  },
  /** What stacks of the upstream's CloudFormation make of IAM, and what they need for it. */
  stacks: {
    folder: 'packages/server/src/stacks',
    imports: [
      'base',
      'policy',
      'wire',
      'directory',
      'session',
      'authorization',
      'authorization/catalogue',
      'sources',
      'intake',
      'mirror',
      'pipeline',
    ],
  },
  gate: {
    folder: 'packages/server/src/gate',
    imports: [
      ...floors,
      'image',
      'graph',
      'sources',
      'shape',
      'intake',
      'masks',
      'views',
      'delivery',
      'metrics',
      'services',
      'services/doors',
      'services/*',
      'services/omen',
      'workload',
      'workload/functions',
      'pipeline',
      'guard/catalogue',
      'guard',
      'mirror',
      'stacks',
    ],
  },
  /** What a file in JSON or YAML must be, as data. */
  shape: { folder: 'packages/server/src/shape', imports: ['base', 'policy'] },
  /** Users, roles and policies that a house begins with, as data. */
  seed: {
    folder: 'packages/server/src/seed',
    imports: [...floors, ...doors.filter((door) => !['testing', 'seed'].includes(door))],
  },
  /** What tests in process are given: identities, and questions with assertions. */
  testing: {
    folder: 'packages/server/src/testing',
    imports: [...floors, ...doors.filter((door) => door !== 'testing')],
  },
  /** The package's face: createOmen() and what else `omen-iam` exports. */
  server: { folder: 'packages/server/src', imports: [...floors, ...doors] },
  /** The form of their checks, which case files have as well: it computes nothing. */
  'learn/form': { folder: 'packages/server/src/learn/form', imports: ['policy', 'shape', 'testing'] },
  /** Lessons that one plays: what they are, their houses, and who judges them. */
  learn: { folder: 'packages/server/src/learn', imports: [...floors, ...doors, 'server', 'learn/form'] },
  /** Lessons by requests, in a thread of their own. */
  'learn/practice': {
    folder: 'packages/server/src/learn/practice',
    imports: [...floors, ...doors, 'server', 'learn', 'learn/form'],
  },
  cli: {
    folder: 'packages/server/src/cli',
    imports: [...floors, ...doors, 'server', 'learn', 'learn/form', 'learn/practice'],
  },
  console: { folder: 'packages/console/src', imports: ['policy', 'masks', 'views', 'model'] },
  test: {
    folder: 'test',
    imports: [
      ...floors,
      ...doors,
      'masks',
      'views',
      'server',
      'learn',
      'learn/form',
      'learn/practice',
      'cli',
      'console',
      'scripts',
      'tools',
      'spec',
      'corpus',
      'kit',
      'support',
    ],
  },
  /** The naive twin and its worlds: the bench sees them too. */
  spec: { folder: 'test/spec', imports: ['policy', 'directory', 'kit'] },
  /** Compares what code says with files of cases: for tests in test/ and beside sources alike. */
  corpus: { folder: 'test/corpus', imports: [] },
  /** Accounts, statements and policies that many tests need. */
  kit: { folder: 'test/kit', imports: ['base'] },
  /** What suites need beyond npm, and upstreams for the guard: the bench starts the same. */
  support: { folder: 'test/support', imports: ['scripts', 'server'] },
  tools: {
    folder: 'tools',
    imports: [...floors, ...doors, 'server', 'learn', 'learn/form', 'cli', 'spec', 'support'],
  },
  scripts: { folder: 'scripts', imports: [] },
}

/** Rooms whose own folder counts as one of their folders: it imports the others, and none of them imports it. */
export const countsItself: readonly string[] = ['console']

/** Files outside every room's sources that anyone in these rooms may import, with the reason. */
export const otherFiles: Readonly<Record<string, string>> = {
  'packages/server/package.json': 'the version that the banner and the user agent state',
}

/** The workspaces by the name under which they import each other: always their face. */
export const packageNames: Readonly<Record<string, string>> = {
  '@omen-iam/policy': 'policy',
  'omen-iam': 'server',
  'omen-iam/testing': 'server',
  'omen-iam/masks': 'masks',
  'omen-iam/views': 'views',
  'omen-iam/graph-api': 'model',
}

/** Modules that only these rooms may import. `node:` modules that are not named here are free, but to policy. */
export const reserved: Readonly<Record<string, readonly string[]>> = {
  'node:sqlite': ['store'],
  pg: ['store'],
  '@opentelemetry/api': ['gate', 'test'],
  'node:worker_threads': [
    'store',
    'directory',
    'services/omen',
    'services/omen/search',
    'stacks',
    'learn/practice',
    'cli',
  ],
  'node:async_hooks': ['directory'],
  'node:http': ['gate', 'guard', 'workload'],
  'node:https': ['gate', 'guard', 'workload'],
  'node:http2': ['gate', 'guard', 'workload'],
  'node:net': ['gate', 'guard', 'workload', 'workload/functions'],
  'node:tls': ['gate', 'guard', 'workload'],
  'node:dgram': ['gate', 'guard', 'workload'],
  'node:dns': ['gate', 'guard', 'workload'],
  'node:child_process': ['cli', 'workload/functions'],
  'node:cluster': ['cli'],
  // heap.ts: only a new context has V8's function that collects; nothing else is run in one
  'node:vm': ['base'],
}

const pure = ['node:buffer', 'node:crypto', 'node:util', 'node:zlib']
/** For the derived catalogues in data/, read once. */
const data = ['node:fs', 'node:url', 'node:path']

/** Rooms that import only these `node:` modules: they compute, and others read and write for them. */
export const onlyBuiltins: Readonly<Record<string, readonly string[]>> = {
  policy: [],
  console: [],
  masks: [],
  // heap.ts: how the heap of the process grows and shrinks; thread-environment.ts: where compiled code is kept
  base: [...pure, 'node:module', 'node:path', 'node:perf_hooks', 'node:v8', 'node:vm'],
  wire: pure,
  'wire/sigv4': pure,
  session: pure,
  trail: pure,
  sources: [],
  graph: [],
  directory: [...pure, ...data, 'node:worker_threads', 'node:async_hooks'],
  authorization: [...pure, ...data],
  'authorization/catalogue': [...pure, ...data],
}

/** Rooms outside the packages: they may use the root's development dependencies and any builtin. */
export const workshop: readonly string[] = ['test', 'spec', 'corpus', 'kit', 'support', 'tools', 'scripts']

/** What a test beside its source may import besides its room's row: each is the index.ts of its folder. */
export const sharedByTests: readonly string[] = ['corpus', 'kit', 'support']
