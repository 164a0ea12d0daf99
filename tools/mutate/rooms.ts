/** A room whose code is mutated. */
export interface MutatedRoom {
  /** The folder of its sources, from the repository's root. */
  readonly sources: string
  /** Its tests: beginnings of the paths of test files. Those that do not run a changed line are left out. */
  readonly tests: readonly string[]
  /** The share of its mutants, without the equivalent ones, that must be killed. */
  readonly least?: number
  /**
   * Those of its tests that run in one process, with all mutants compiled in: they start nothing and need only `describe` and
   * `test`. They run first, and the others by themselves for what survives.
   */
  readonly together?: readonly string[]
}

/** Begins with the rooms where a wrong answer lets somebody in. */
export const mutatedRooms: Readonly<Record<string, MutatedRoom>> = {
  policy: {
    sources: 'packages/policy/src',
    tests: ['packages/policy/src/', 'test/spec/', 'test/fuzz/'],
    together: ['packages/policy/src/', 'test/spec/', 'test/fuzz/'],
    least: 0.97,
  },
  sigv4: {
    sources: 'packages/server/src/wire/sigv4',
    tests: [
      'packages/server/src/wire/sigv4/',
      'test/wire/sigv4',
      'test/guard/version2',
      'test/guard/transport',
    ],
    least: 0.97,
  },
  session: {
    sources: 'packages/server/src/session',
    tests: [
      'packages/server/src/session/',
      'test/session/',
      'test/wire/sts-s',
      'test/wire/sts-assume',
      'test/wire/sts-web-identity.',
      'test/wire/signin',
      'test/wire/iam-credentials/',
      'test/trail/identity',
    ],
    least: 0.97,
  },
  authorization: {
    sources: 'packages/server/src/authorization',
    together: ['packages/server/src/authorization/', 'test/data/', 'test/authorization/'],
    tests: [
      'test/authorization/',
      'packages/server/src/authorization/',
      'test/session/',
      'test/data/',
      'test/testing/',
      'test/gate/pipeline',
      'test/trail/identity',
      'test/trail/event-context',
      'test/console/hypothetical',
      'test/wire/condition-context',
      'test/wire/decision-',
      'test/wire/denial-sentences',
      'test/wire/changed-meanwhile',
      'test/wire/ec2-authorization',
      'test/wire/ec2-messages',
      'test/wire/ec2-pass-role',
      'test/wire/iam/trust-across',
      'test/wire/iam/roles',
      'test/wire/iam-toolbox',
      'test/wire/house-permissions',
      'test/wire/iam-questions/',
      'test/wire/modes',
      'test/wire/organizations-authorization',
      'test/wire/organizations.',
      'test/wire/organizations-rcp',
      'test/wire/organizations-scp',
      'test/wire/partitions',
      'test/wire/pass-role',
      'test/wire/sts-',
      'test/wire/workload.',
      'test/guard/decisions',
      'test/guard/dependents',
      'test/guard/missing-keys',
      'test/guard/resource-policies',
    ],
    least: 0.97,
  },
  pipeline: {
    sources: 'packages/server/src/pipeline',
    tests: ['test/gate/', 'test/wire/modes', 'test/guard/decisions', 'test/guard/changed-meanwhile'],
  },
  gate: {
    sources: 'packages/server/src/gate',
    together: [''],
    tests: [
      'packages/server/src/gate/',
      'test/gate/',
      'test/console/console-api',
      'test/console/hypothetical',
      'test/console/masks',
      'test/console/switching',
      'test/console/wearers',
      'test/testing/',
      'test/trail/data-events',
      'test/trail/event',
      'test/trail/identity',
      'test/trail/questions-cut',
      'test/trail/recorder',
      'test/wire/iam-questions/',
      'test/wire/iam/bearers',
      'test/wire/organizations-rcp',
      'test/wire/signin.',
      'test/wire/protocol-faults',
      'test/wire/protocol-forms',
      'test/wire/protocol-json',
      'test/wire/sts-sessions',
      'test/wire/sts-web-identity.',
      'test/guard/version2',
      'test/wire/decision-',
      'test/wire/house-',
      'test/wire/modes',
      'test/wire/state-of-calls',
      'test/wire/workload.',
      'test/guard/events',
      'test/guard/bucket-owners',
      'test/guard/foreign-pages',
    ],
  },
  guard: {
    sources: 'packages/server/src/guard',
    together: [''],
    // those that start other programs, or go through every operation, take minutes
    tests: [
      'packages/server/src/guard/',
      'test/guard/a',
      'test/guard/b',
      'test/guard/catalogue-',
      'test/guard/changed-meanwhile',
      'test/guard/de',
      'test/guard/events',
      'test/guard/fo',
      'test/guard/keys-by-hand',
      'test/guard/launch-templates',
      'test/guard/m',
      'test/guard/names',
      'test/guard/partitions',
      'test/guard/recognised',
      'test/guard/reference',
      'test/guard/resource-policies',
      'test/guard/second-readings',
      'test/guard/smuggling',
      'test/guard/stacks',
      'test/guard/streaming',
      'test/guard/tags',
      'test/guard/transport',
      'test/guard/unrecorded',
      'test/guard/version2',
      'test/recordings/guard-',
    ],
  },
  intake: {
    sources: 'packages/server/src/intake',
    tests: ['packages/server/src/intake/', 'test/intake/', 'test/cli/plan'],
    together: [''],
  },
  store: {
    sources: 'packages/server/src/store',
    together: [''],
    tests: ['packages/server/src/store/', 'test/store/'],
  },
  image: {
    sources: 'packages/server/src/image',
    tests: ['test/intake/', 'test/graph/', 'test/cli/plan'],
  },
  directory: {
    sources: 'packages/server/src/directory',
    tests: [
      'packages/server/src/directory/',
      'test/directory/',
      'test/wire/iam/',
      'test/wire/iam-credentials/',
    ],
  },
  wire: {
    sources: 'packages/server/src/wire',
    tests: ['packages/server/src/wire/', 'test/wire/protocol-', 'test/wire/bad-input', 'test/wire/sigv4'],
  },
  grants: {
    sources: 'packages/server/src/grants',
    tests: ['test/wire/identity-center', 'test/wire/signin', 'test/wire/aws-login'],
  },
  assertions: {
    sources: 'packages/server/src/assertions',
    tests: ['test/wire/sts-web', 'test/wire/cognito-identity', 'test/wire/pod-identity'],
  },
  center: {
    sources: 'packages/server/src/center',
    tests: ['test/wire/identity-center'],
  },
  trail: {
    sources: 'packages/server/src/trail',
    tests: ['test/trail/'],
  },
  delivery: {
    sources: 'packages/server/src/delivery',
    tests: ['packages/server/src/delivery/', 'test/trail/deliver'],
  },
  services: {
    sources: 'packages/server/src/services',
    tests: ['packages/server/src/services/', 'test/wire/'],
  },
  workload: {
    sources: 'packages/server/src/workload',
    tests: ['packages/server/src/workload/', 'test/wire/workload', 'test/wire/lambda/'],
  },
  mirror: {
    sources: 'packages/server/src/mirror',
    tests: ['test/guard/'],
  },
  stacks: {
    sources: 'packages/server/src/stacks',
    tests: ['test/guard/stack'],
  },
  graph: {
    sources: 'packages/server/src/graph',
    tests: ['packages/server/src/graph/', 'test/graph/'],
  },
  sources: {
    sources: 'packages/server/src/sources',
    tests: ['packages/server/src/sources/', 'test/intake/', 'test/cli/plan', 'test/cli/policy-lint'],
  },
  shape: {
    sources: 'packages/server/src/shape',
    tests: ['test/seed/', 'test/house/schemas'],
  },
  seed: {
    sources: 'packages/server/src/seed',
    tests: ['test/seed/', 'test/cli/seed'],
  },
  report: {
    sources: 'packages/server/src/report',
    tests: ['test/report/', 'test/cli/policy-lint'],
  },
  metrics: {
    sources: 'packages/server/src/metrics',
    tests: ['test/gate/'],
  },
  learn: {
    sources: 'packages/server/src/learn',
    tests: ['test/learn/', 'test/cli/learn'],
  },
  testing: {
    sources: 'packages/server/src/testing',
    tests: ['test/testing/'],
  },
  base: {
    sources: 'packages/server/src/base',
    tests: ['packages/server/src/base/', 'test/wire/identifiers', 'test/session/'],
  },
  model: {
    sources: 'packages/server/src/model',
    tests: ['test/data/', 'test/wire/protocol-'],
  },
  masks: {
    sources: 'packages/server/src/masks',
    tests: ['test/console/masks'],
  },
  views: {
    sources: 'packages/server/src/views',
    tests: ['test/gate/', 'test/console/', 'test/cli/'],
  },
  cli: {
    sources: 'packages/server/src/cli',
    together: [''],
    tests: ['packages/server/src/cli/', 'test/cli/'],
  },
}
