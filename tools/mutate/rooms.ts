/** A room whose code is mutated. */
export interface MutatedRoom {
  /** The folder of its sources, from the repository's root. */
  readonly sources: string
  /** Its tests: beginnings of the paths of test files. Those that do not run a changed line are left out. */
  readonly tests: readonly string[]
  /** The share of its mutants, without the equivalent ones, that must be killed. */
  readonly least?: number
  /** Whether its tests run in one process, with all mutants compiled in: its tests start nothing and need only `describe` and `test`. */
  readonly together?: boolean
}

/** Begins with the rooms where a wrong answer lets somebody in. */
export const mutatedRooms: Readonly<Record<string, MutatedRoom>> = {
  policy: {
    sources: 'packages/policy/src',
    tests: ['packages/policy/src/', 'test/spec/', 'test/fuzz/'],
    together: true,
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
    tests: [
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
    tests: [
      'packages/server/src/gate/',
      'test/gate/',
      'test/console/',
      'test/testing/',
      'test/trail/',
      'test/cli/why',
      'test/cli/pass',
      'test/cli/events',
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
    tests: ['packages/server/src/guard/', 'test/guard/'],
  },
}
