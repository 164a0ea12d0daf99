import type { Command } from 'commander'

type Add = (program: Command, inner?: string) => void | Promise<void>

/** A command's module. */
type Load = () => Promise<Add>

/** Every command and its module, by the heading under which the help lists it. */
const groups: Readonly<Record<string, Readonly<Record<string, Load>>>> = {
  'Try it:': {
    demo: async () => (await import('./commands/demo.ts')).addDemo,
    tour: async () => (await import('./commands/tour.ts')).addTour,
    learn: async () => (await import('./commands/learn.ts')).addLearn,
  },
  'Run a server:': {
    start: async () => (await import('./commands/start.ts')).addStart,
    guard: async () => (await import('./commands/guard.ts')).addGuard,
    env: async () => (await import('./commands/env.ts')).addEnv,
    status: async () => (await import('./commands/status.ts')).addStatus,
    stop: async () => (await import('./commands/stop.ts')).addStop,
    approve: async () => (await import('./commands/approve.ts')).addApprove,
    console: async () => (await import('./commands/console.ts')).addConsole,
    logs: async () => (await import('./commands/logs.ts')).addLogs,
    doctor: async () => (await import('./commands/doctor.ts')).addDoctor,
    reset: async () => (await import('./commands/reset.ts')).addReset,
    snapshot: async () => (await import('./commands/snapshot.ts')).addSnapshot,
    export: async () => (await import('./commands/export.ts')).addExport,
    import: async () => (await import('./commands/import.ts')).addImport,
    store: async () => (await import('./commands/store.ts')).addStore,
    clock: async () => (await import('./commands/clock.ts')).addClock,
    keys: async () => (await import('./commands/keys.ts')).addKeys,
  },
  'Use roles:': {
    assume: async () => (await import('./commands/assume.ts')).addAssume,
    exec: async () => (await import('./commands/exec.ts')).addExec,
    'credential-process': async () => (await import('./commands/assume.ts')).addCredentialProcess,
    sso: async () => (await import('./commands/sso.ts')).addSso,
    configure: async () => (await import('./commands/configure.ts')).addConfigure,
    whoami: async () => (await import('./commands/whoami.ts')).addWhoami,
    sessions: async () => (await import('./commands/sessions.ts')).addSessions,
    oidc: async () => (await import('./commands/oidc.ts')).addOidc,
  },
  'Ask about permissions:': {
    can: async () => (await import('./commands/can.ts')).addCan,
    why: async () => (await import('./commands/why.ts')).addWhy,
    pass: async () => (await import('./commands/pass.ts')).addPass,
    events: async () => (await import('./commands/events.ts')).addEvents,
    actions: async () => (await import('./commands/actions.ts')).addActions,
  },
  'Find who can become whom:': {
    paths: async () => (await import('./commands/paths.ts')).addPaths,
    'who-can': async () => (await import('./commands/who-can.ts')).addWhoCan,
    'what-can': async () => (await import('./commands/what-can.ts')).addWhatCan,
    graph: async () => (await import('./commands/graph.ts')).addGraph,
    break: async () => (await import('./commands/break.ts')).addBreak,
  },
  'Check policies and templates:': {
    policy: async () => (await import('./commands/policy.ts')).addPolicy,
    test: async () => (await import('./commands/test.ts')).addTest,
    plan: async () => (await import('./commands/plan.ts')).addPlan,
    inventory: async () => (await import('./commands/inventory.ts')).addInventory,
  },
  'Other commands:': {
    completion: async () => (await import('./commands/completion.ts')).addCompletion,
    version: async () => (await import('./commands/version.ts')).addVersion,
  },
}

/** The heading of a command. */
const headings: ReadonlyMap<string, string> = new Map(
  Object.entries(groups).flatMap(([heading, commands]) =>
    Object.keys(commands).map((name) => [name, heading]),
  ),
)

const commands: Readonly<Record<string, Load>> = Object.assign({}, ...Object.values(groups))

/** Options that are answered without a command. */
const needNone = new Set(['--version', '-V'])

/**
 * Adds the requested command, or all of them if it is none of these, for help and suggestions. Only the requested
 * command is loaded: `omen start` loads no other, and `omen policy lint` no other command of `omen policy`.
 *
 * @param words what follows `omen`
 */
export async function addCommands(program: Command, words: readonly string[]): Promise<void> {
  const [asked = '', inner] = words
  if (needNone.has(asked)) return
  const names = namesFor(words) ?? Object.keys(commands)
  const adds = await Promise.all(names.map((name) => commands[name]!())) // each is a name of one
  for (const add of adds) await add(program, names.length === 1 ? inner : undefined)
  for (const command of program.commands) command.exitOverride().helpGroup(headings.get(command.name()) ?? '')
  program.commandsGroup('Other commands:') // of the command help
}

/** The commands that the words need; undefined if they speak of all, or of one that does not exist. */
function namesFor([asked = '', ...others]: readonly string[]): readonly string[] | undefined {
  if (asked !== 'completion') return Object.hasOwn(commands, asked) ? [asked] : undefined
  // a shell asks at each key: the first of its words is the command that is typed
  const [what, ...typed] = others.filter((word) => !word.startsWith('-'))
  const about = typed[0] ?? ''
  return what === 'words' && Object.hasOwn(commands, about) ? [...new Set(['completion', about])] : undefined
}
