import type { Command } from 'commander'

type Add = (policy: Command) => void

/** The commands of `omen policy`, and their modules. */
const commands: Readonly<Record<string, () => Promise<Add>>> = {
  lint: async () => (await import('./policy-lint.ts')).addPolicyLint,
  explain: async () => (await import('./policy-explain.ts')).addPolicyExplain,
  fmt: async () => (await import('./policy-fmt.ts')).addPolicyFmt,
  diff: async () => (await import('./policy-diff.ts')).addPolicyDiff,
  generate: async () => (await import('./policy-generate.ts')).addPolicyGenerate,
  minimize: async () => (await import('./policy-minimize.ts')).addPolicyMinimize,
}

/** `omen policy`: policies as files. Only the command `inner` is loaded, or all of them if it is none of these. */
export async function addPolicy(program: Command, inner?: string): Promise<void> {
  const policy = program.command('policy').description('check, explain, format, compare and write policies')
  const one = Object.hasOwn(commands, inner ?? '') ? commands[inner ?? ''] : undefined
  const loaders = one === undefined ? Object.values(commands) : [one]
  for (const add of await Promise.all(loaders.map((load) => load()))) add(policy)
  for (const command of policy.commands) command.exitOverride()
}
