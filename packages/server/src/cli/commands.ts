import type { Command } from 'commander'

type Add = (program: Command) => void

/** Every command and its module. Only the requested command is loaded: `omen start` loads no other. */
const commands: Readonly<Record<string, () => Promise<Add>>> = {
  start: async () => (await import('./commands/start.ts')).addStart,
  guard: async () => (await import('./commands/guard.ts')).addGuard,
  env: async () => (await import('./commands/env.ts')).addEnv,
  stop: async () => (await import('./commands/stop.ts')).addStop,
  store: async () => (await import('./commands/store.ts')).addStore,
  status: async () => (await import('./commands/status.ts')).addStatus,
  reset: async () => (await import('./commands/reset.ts')).addReset,
  snapshot: async () => (await import('./commands/snapshot.ts')).addSnapshot,
  export: async () => (await import('./commands/export.ts')).addExport,
  import: async () => (await import('./commands/import.ts')).addImport,
  console: async () => (await import('./commands/console.ts')).addConsole,
  tour: async () => (await import('./commands/tour.ts')).addTour,
  assume: async () => (await import('./commands/assume.ts')).addAssume,
  exec: async () => (await import('./commands/exec.ts')).addExec,
  'credential-process': async () => (await import('./commands/assume.ts')).addCredentialProcess,
  configure: async () => (await import('./commands/configure.ts')).addConfigure,
  whoami: async () => (await import('./commands/whoami.ts')).addWhoami,
  can: async () => (await import('./commands/can.ts')).addCan,
  why: async () => (await import('./commands/why.ts')).addWhy,
  pass: async () => (await import('./commands/pass.ts')).addPass,
  actions: async () => (await import('./commands/actions.ts')).addActions,
  sessions: async () => (await import('./commands/sessions.ts')).addSessions,
  events: async () => (await import('./commands/events.ts')).addEvents,
  paths: async () => (await import('./commands/paths.ts')).addPaths,
  'who-can': async () => (await import('./commands/who-can.ts')).addWhoCan,
  'what-can': async () => (await import('./commands/what-can.ts')).addWhatCan,
  graph: async () => (await import('./commands/graph.ts')).addGraph,
  break: async () => (await import('./commands/break.ts')).addBreak,
  logs: async () => (await import('./commands/logs.ts')).addLogs,
  test: async () => (await import('./commands/test.ts')).addTest,
  inventory: async () => (await import('./commands/inventory.ts')).addInventory,
  plan: async () => (await import('./commands/plan.ts')).addPlan,
  policy: async () => (await import('./commands/policy.ts')).addPolicy,
  oidc: async () => (await import('./commands/oidc.ts')).addOidc,
  keys: async () => (await import('./commands/keys.ts')).addKeys,
  doctor: async () => (await import('./commands/doctor.ts')).addDoctor,
  completion: async () => (await import('./commands/completion.ts')).addCompletion,
  version: async () => (await import('./commands/version.ts')).addVersion,
}

/** Commands that speak of all the others. */
const needAll = new Set(['completion', 'help'])

/** Options that are answered without a command. */
const needNone = new Set(['--version', '-V'])

/** Adds the requested command, or all of them if it is none of these, for help and suggestions. */
export async function addCommands(program: Command, asked: string | undefined): Promise<void> {
  if (needNone.has(asked ?? '')) return
  const one = asked === undefined || needAll.has(asked) ? undefined : commands[asked]
  const loaders = one === undefined ? Object.values(commands) : [one]
  for (const add of await Promise.all(loaders.map((load) => load()))) add(program)
  for (const command of program.commands) command.exitOverride()
}
